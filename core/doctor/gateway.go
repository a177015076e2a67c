package doctor

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

const (
	gatewayArea = "gateway"
	// within is how long one question may take.
	within = 5 * time.Second
	// certificates are renewed before so much is left.
	soonExpired = 14 * 24 * time.Hour
	// clockDoubt and clockBad are differences of clocks: sign-ins and the ends of keys depend on them.
	clockDoubt, clockBad = 30 * time.Second, 5 * time.Minute
)

// Gateway looks at a gateway, and at the key for it. The client should not retry.
type Gateway struct {
	Client *transport.Client
	Now    func() time.Time
	// Renews says that the key is renewed by itself when its end is near.
	Renews bool
	// KeyEnds is the key's end, where it is known here; nil: it is not.
	KeyEnds *time.Time
}

// Reach asks whether the gateway is there, and in what state. Whether asking it more makes sense is the second result.
func (g *Gateway) Reach(ctx context.Context) ([]Finding, bool) {
	first, err := g.get(ctx, "/health/readiness", "reach the gateway")
	if err != nil {
		return []Finding{FromError(gatewayArea, err)}, false
	}
	began := g.Now()
	ready, err := g.get(ctx, "/health/readiness", "reach the gateway")
	if err != nil {
		return []Finding{FromError(gatewayArea, err)}, false
	}
	took := g.Now().Sub(began)
	if e := ready.ExpectNoPage("reach the gateway"); e != nil {
		return []Finding{FromError(gatewayArea, e)}, false
	}
	all := []Finding{good(gatewayArea, "answers in %d ms", max(1, took.Milliseconds()))}
	all = append(all, g.certificate(first)...)
	all = append(all, g.clock(ready, began, took)...)
	state, known := readState(ready)
	if to := ready.Header.Get("Location"); ready.Status/100 == 3 {
		to, _, _ = strings.Cut(to, "?") // a sign-in page's state
		return append(all, bad(gatewayArea, problem.Unreachable, "give the gateway's own address, with no sign-in page in front", "it leads to %s, where no key is sent", oneLine(to))), false
	}
	if !known {
		return append(all, bad(gatewayArea, problem.Unreachable, "is this the LiteLLM gateway's own address, with its whole path?",
			"it answers, and not as LiteLLM does: GET /health/readiness is a %d", ready.Status)), false
	}
	if state.down != "" {
		all = append(all, bad(gatewayArea, problem.Unreachable, "the gateway's operator must look after its database: keys, users and teams are in it", "its database: %s", state.down))
	}
	return append(all, g.version(ctx, state)...), true
}

// readiness is what GET /health/readiness says (observed on LiteLLM 1.106.2 and 1.83.14).
type readiness struct {
	version string // 1.83.14 alone says it here
	down    string // what is wrong with the database; empty: it is connected
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
		state.down = "it is not ready (503)"
		var text string
		if json.Unmarshal(doc.Detail, &text) == nil && text != "" {
			state.down = oneLine(text)
		}
		return state, true
	case r.Status != http.StatusOK || doc.DB == nil && doc.Status == "":
		return state, false
	case doc.DB != nil && !strings.EqualFold(*doc.DB, "connected"):
		state.down = oneLine(*doc.DB)
	}
	return state, true
}

// certificate says until when the gateway's is good.
func (g *Gateway) certificate(r *transport.Response) []Finding {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return nil
	}
	end := r.TLS.PeerCertificates[0].NotAfter
	if left := end.Sub(g.Now()); left < soonExpired {
		return []Finding{doubtful(gatewayArea, "its operator should renew it", "its TLS certificate ends %s", end.Local().Format("2006-01-02 15:04"))}
	}
	return []Finding{good(gatewayArea, "TLS until %s", end.Local().Format(time.DateOnly))}
}

// clock compares the clocks. The header Date has whole seconds, and was written somewhere between question and answer.
func (g *Gateway) clock(r *transport.Response, asked time.Time, took time.Duration) []Finding {
	theirs, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil {
		return nil
	}
	ahead := theirs.Add(500 * time.Millisecond).Sub(asked.Add(took / 2))
	off := ahead.Abs()
	text := "the gateway's clock is " + off.Round(time.Second).String() + map[bool]string{true: " ahead of this machine's", false: " behind this machine's"}[ahead > 0]
	const hint = "set the clocks: sign-ins and the ends of keys depend on them"
	switch {
	case off >= clockBad:
		return []Finding{bad(gatewayArea, problem.Failed, hint, "%s", text)}
	case off >= clockDoubt:
		return []Finding{doubtful(gatewayArea, hint, "%s", text)}
	case off > 2*time.Second:
		return []Finding{good(gatewayArea, "%s", text)}
	}
	return []Finding{good(gatewayArea, "clocks agree")}
}

// version says which LiteLLM it is, and under which licence. The newer versions tell it to admins alone, and, slowly, in
// their OpenAPI document (observed on LiteLLM 1.106.2).
func (g *Gateway) version(ctx context.Context, state readiness) []Finding {
	version := state.version
	var doc struct {
		Version string `json:"litellm_version"`
		Info    struct {
			Version string `json:"version"`
		} `json:"info"`
	}
	if version == "" && g.json(ctx, "/health/readiness/details", &doc) {
		version = doc.Version
	}
	if version == "" && g.json(ctx, "/openapi.json", &doc) {
		version = doc.Info.Version
	}
	text := "LiteLLM"
	if version != "" {
		text += " " + oneLine(version)
	} else {
		text += ", of a version that it does not tell"
	}
	var licence struct {
		Type    string  `json:"license_type"`
		Has     bool    `json:"has_license"`
		Expires *string `json:"expiration_date"`
	}
	switch {
	case !g.json(ctx, "/health/license", &licence) || licence.Type == "":
	case !licence.Has:
		text += ", " + oneLine(licence.Type) + " (no: tags, rotation by the server, its audit log, single sign-on for more than 5 users)"
	default:
		text += ", licence " + oneLine(licence.Type)
		if licence.Expires != nil {
			text += " until " + oneLine(*licence.Expires)
		}
	}
	return []Finding{good(gatewayArea, "%s", text)}
}

// get asks one question.
func (g *Gateway) get(ctx context.Context, path, attempt string) (*transport.Response, error) {
	ctx, stop := context.WithTimeout(ctx, within)
	defer stop()
	return g.Client.Do(ctx, transport.Request{Method: http.MethodGet, Path: path, Attempt: attempt, AnyStatus: true})
}

// json asks one question whose answer may be missing.
func (g *Gateway) json(ctx context.Context, path string, to any) bool {
	r, err := g.get(ctx, path, "ask for "+path)
	return err == nil && r.Status == http.StatusOK && json.Unmarshal(r.Body, to) == nil
}

// oneLine is a text of the gateway's in a sentence of ours.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 160 {
		return string(r[:159]) + "…"
	}
	return s
}
