package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

const (
	// soonExpired is what a certificate should have left: they are renewed before.
	soonExpired = 14 * 24 * time.Hour
	// clockDoubt and clockBad are differences of clocks: sign-ins and the ends of keys depend on them.
	clockDoubt, clockBad = 30 * time.Second, 5 * time.Minute
	// clockBlur is the difference that cannot be told from none: the header Date has whole seconds, and is some seconds old
	// when the gateway is busy (observed on LiteLLM 1.106.2: 4 s while another client had its OpenAPI document made).
	clockBlur = 10 * time.Second
	// schemaLimit is for the OpenAPI document, which has 2 MB and takes 3 s to make (observed on LiteLLM 1.106.2).
	schemaLimit = 4 * time.Second
)

// readiness is what GET /health/readiness says (observed on LiteLLM 1.106.2 and 1.83.14).
type readiness struct {
	version   string // 1.83.14 alone says it here
	down      string // what is wrong with the database; empty: nothing
	connected bool   // the database is
}

func readState(r *transport.Response) (state readiness, known bool) {
	var doc struct {
		Status  string          `json:"status"`
		DB      *string         `json:"db"`
		Version string          `json:"litellm_version"`
		Detail  json.RawMessage `json:"detail"`
	}
	if json.Unmarshal(r.Body, &doc) != nil {
		return state, false
	}
	state.version = doc.Version
	switch {
	case r.Status == http.StatusServiceUnavailable:
		// 1.106.2 says {"db":"disconnected"} while its database is down, older ones {"detail":"Service Unhealthy (…)"}.
		state.down = "it is not ready (503)"
		var text string
		if doc.DB != nil {
			text = *doc.DB
		}
		_ = json.Unmarshal(doc.Detail, &text)
		if text != "" {
			state.down = oneLine(text)
		}
		return state, true
	case r.Status != http.StatusOK || doc.DB == nil && doc.Status == "":
		return state, false
	case doc.DB != nil && !strings.EqualFold(*doc.DB, "connected"):
		state.down = oneLine(*doc.DB)
	}
	state.connected = doc.DB != nil && state.down == ""
	return state, true
}

// manner is how the gateway answers: how fast, with which certificate, and what its clock says.
func (g *Gateway) manner(first, again *transport.Response, began time.Time, took time.Duration) []Finding {
	parts := []string{fmt.Sprintf("answers in %d ms", max(1, took.Milliseconds()))}
	var other []Finding
	for _, f := range []*Finding{g.validity(first), g.clock(again, began, took)} {
		switch {
		case f == nil:
		case f.Level == OK:
			parts = append(parts, f.Text)
		default:
			other = append(other, *f)
		}
	}
	return append([]Finding{good(gatewayArea, "%s", strings.Join(parts, ", "))}, other...)
}

// validity says until when the gateway's certificate is good; nil without one.
func (g *Gateway) validity(r *transport.Response) *Finding {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return nil
	}
	end := r.TLS.PeerCertificates[0].NotAfter
	f := good(gatewayArea, "TLS until %s", end.Local().Format(time.DateOnly))
	if left := end.Sub(g.Now()); left < soonExpired {
		f = doubtful(gatewayArea, "its operator should renew it", "its TLS certificate ends %s, in %s", end.Local().Format("2006-01-02 15:04"), span(left))
	}
	return &f
}

// clock compares the clocks; nil if the gateway does not tell the time. The answer was dated at some moment between the
// question and its own arrival.
func (g *Gateway) clock(r *transport.Response, asked time.Time, took time.Duration) *Finding {
	theirs, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil {
		return nil
	}
	ahead := theirs.Add(500 * time.Millisecond).Sub(asked.Add(took / 2))
	off := span(ahead) + map[bool]string{true: " ahead of this machine's", false: " behind this machine's"}[ahead > 0]
	const hint = "set the clocks: sign-ins and the ends of keys depend on them"
	var f Finding
	switch abs := ahead.Abs(); {
	case abs >= clockBad:
		f = bad(gatewayArea, problem.Failed, hint, "its clock is %s", off)
	case abs >= clockDoubt:
		f = doubtful(gatewayArea, hint, "its clock is %s", off)
	case abs > clockBlur+took/2:
		f = good(gatewayArea, "its clock %s", off)
	default:
		f = good(gatewayArea, "clocks agree")
	}
	return &f
}

// about says which LiteLLM it is, whether it has its database, and under which licence.
func (g *Gateway) about(ctx context.Context, state readiness) []Finding {
	version, licence := state.version, ""
	var beside sync.WaitGroup
	beside.Go(func() { licence = g.licence(ctx) })
	if version == "" {
		version = g.version(ctx)
	}
	beside.Wait()
	text := "LiteLLM " + oneLine(version)
	if version == "" {
		text = "LiteLLM, of a version that it does not tell"
	}
	if state.connected {
		text += ", database connected"
	}
	return []Finding{good(gatewayArea, "%s%s", text, licence)}
}

// version is told by newer versions to admins alone, and in their OpenAPI document to everybody, slowly (observed on
// LiteLLM 1.106.2); empty if it is not told.
func (g *Gateway) version(ctx context.Context) string {
	var doc struct {
		Version string `json:"litellm_version"`
		Info    struct {
			Version string `json:"version"`
		} `json:"info"`
	}
	if g.json(ctx, readinessPath+"/details", &doc) && doc.Version != "" {
		return doc.Version
	}
	ctx, stop := context.WithTimeout(ctx, schemaLimit)
	defer stop()
	if g.json(ctx, "/openapi.json", &doc) {
		return doc.Info.Version
	}
	return ""
}

// licence says which one the gateway has; empty if it does not tell, as to all but admins (observed on
// LiteLLM 1.106.2; 1.83.14 tells admins too).
func (g *Gateway) licence(ctx context.Context) string {
	var doc struct {
		Type    string  `json:"license_type"`
		Has     bool    `json:"has_license"`
		Expires *string `json:"expiration_date"`
	}
	switch {
	case !g.json(ctx, "/health/license", &doc) || doc.Type == "":
		return ""
	case !doc.Has:
		return ", " + oneLine(doc.Type) + " (no: tags, rotation by the server, its audit log, single sign-on for more than 5 users)"
	case doc.Expires != nil:
		return ", licence " + oneLine(doc.Type) + " until " + oneLine(*doc.Expires)
	}
	return ", licence " + oneLine(doc.Type)
}

// status is one of HTTP, for people.
func status(code int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, http.StatusText(code)))
}
