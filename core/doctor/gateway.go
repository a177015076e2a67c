package doctor

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/auth"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

const (
	gatewayArea = "gateway"
	// defaultLimit is how long one question may take.
	defaultLimit = 5 * time.Second
	// readinessPath answers everybody (observed on LiteLLM 1.106.2 and 1.83.14).
	readinessPath = "/health/readiness"
)

// Gateway looks at a gateway, and at the key for it. Client must not retry.
type Gateway struct {
	Client *transport.Client
	Now    func() time.Time
	Limit  time.Duration // of each question; 0: 5 s

	Steps Steps
	// Inside says that the gateway is behind a socket of ours: there is no network to look at.
	Inside bool

	// SignIn is the one that the client's key is of; nil if it is of none.
	SignIn *auth.SignIn
	// KeyErr is why the client has no key although there should be one.
	KeyErr error
	// KeyNote is said behind where the key comes from.
	KeyNote string
}

// Look looks at the gateway, the key and the models' health checks. Whatever does not answer in time is a finding.
func (g *Gateway) Look(ctx context.Context) []Finding {
	all, state, there := g.reach(ctx)
	if !there {
		if g.KeyErr != nil {
			return append(all, g.noted(g.keyless())...)
		}
		if g.KeyNote != "" {
			all = append(all, good(keyArea, "%s", g.KeyNote))
		}
		return all
	}
	var about, key, models []Finding
	var beside sync.WaitGroup
	beside.Go(func() { about = g.about(ctx, state) })
	beside.Go(func() { key = g.key(ctx, state.down != "") })
	beside.Go(func() { models = g.models(ctx) })
	beside.Wait()
	return slices.Concat(all, about, key, models)
}

// reach asks whether the gateway is there, and in what state. Whether asking it more makes sense is the last result.
func (g *Gateway) reach(ctx context.Context) ([]Finding, readiness, bool) {
	no := func(f ...Finding) ([]Finding, readiness, bool) { return f, readiness{}, false }
	var through []Finding
	if !g.Inside {
		f, proxy := g.firstSteps(ctx)
		if proxy != "" {
			through = append(through, good(gatewayArea, "through the proxy %s, as the environment says", proxy))
		}
		if f != nil {
			return no(append(through, *f)...)
		}
	}
	first, err := g.get(ctx, readinessPath, "reach the gateway")
	if err != nil {
		return no(append(through, g.unanswered(ctx, problem.As(err)))...)
	}
	if f := inTheWay(first); f != nil {
		return no(append(through, *f)...)
	}
	// The second time nothing need be opened first, so that is how long the gateway takes.
	began := g.Now()
	again, err := g.get(ctx, readinessPath, "reach the gateway")
	if err != nil {
		return no(append(through, g.unanswered(ctx, problem.As(err)))...)
	}
	took := g.Now().Sub(began)
	all := slices.Concat(through, g.manner(first, again, began, took))
	state, known := readState(again)
	if !known {
		return append(all, bad(gatewayArea, problem.Unreachable, "is this the LiteLLM gateway's own address, with its whole path?",
			"it answers, and not as LiteLLM does: GET %s is %s", readinessPath, status(again.Status))), state, false
	}
	if state.down != "" {
		all = append(all, bad(gatewayArea, problem.Unreachable, "the gateway's operator must look after its database: keys, users and teams are in it", "its database: %s", state.down))
	}
	return all, state, true
}

// firstSteps looks at the way to the gateway, or to the proxy that is between.
func (g *Gateway) firstSteps(ctx context.Context) (f *Finding, proxy string) {
	base := g.Client.BaseURL()
	if proxy = g.Client.Proxy(); proxy != "" {
		if u, err := url.Parse(proxy); err == nil {
			f = g.Steps.reach(ctx, "the proxy "+proxy, u, "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the environment", g.limit())
		}
		return f, proxy
	}
	if u, err := url.Parse(base); err == nil {
		f = g.Steps.reach(ctx, u.Scheme+"://"+u.Host, u, "check --base-url, LITELLM_PROXY_URL or the profile", g.limit())
	}
	return f, ""
}

// unanswered is the finding for a gateway that can be connected to and does not answer.
func (g *Gateway) unanswered(ctx context.Context, e *problem.Error) Finding {
	if u, err := url.Parse(g.Client.BaseURL()); err == nil && u.Scheme == "https" && !g.Inside && g.Client.Proxy() == "" && ctx.Err() == nil {
		if f := g.Steps.certificate(ctx, u, g.Now(), g.limit()); f != nil {
			return *f
		}
	}
	if e.Code == problem.TimedOut && ctx.Err() == nil {
		return bad(gatewayArea, e.Code, "is it overloaded, or is that another server's port?", "it takes connections, and did not answer in %s", span(g.limit()))
	}
	return FromError(gatewayArea, e)
}

// inTheWay is what answers in the gateway's place; nil if nothing does.
func inTheWay(r *transport.Response) *Finding {
	const own = "give the gateway's own address, with no sign-in page in front"
	var f Finding
	page := r.ExpectNoPage("reach the gateway") != nil
	switch {
	case r.Status/100 == 3:
		f = bad(gatewayArea, problem.Unreachable, own, "it leads to %s, where no key is sent (%s)", oneLine(cmp.Or(whereTo(r.Header.Get("Location")), "nowhere")), status(r.Status))
	case r.Status == http.StatusBadRequest && strings.Contains(string(r.Body), "HTTPS"): // as Go's server and nginx say it
		f = bad(gatewayArea, problem.Unreachable, "the address probably begins with https://", "it speaks TLS, and was asked without")
	case r.Status >= 500 && (page || !json.Valid(r.Body)):
		f = bad(gatewayArea, problem.Unreachable, "its operator must look after it", "it answers with %s: it is down, or what stands before it cannot reach it", status(r.Status))
	case page:
		f = bad(gatewayArea, problem.Unreachable, own, "a web page answers in its place (%s)", status(r.Status))
	default:
		return nil
	}
	return &f
}

// whereTo is where a redirect leads, without a sign-in page's state and without anybody's password.
func whereTo(location string) string {
	u, err := url.Parse(location)
	if err != nil {
		return ""
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

func (g *Gateway) limit() time.Duration { return cmp.Or(g.Limit, defaultLimit) }

// get asks one question.
func (g *Gateway) get(ctx context.Context, path, attempt string) (*transport.Response, error) {
	ctx, stop := context.WithTimeout(ctx, g.limit())
	defer stop()
	return g.Client.Do(ctx, transport.Request{Method: http.MethodGet, Path: path, Attempt: attempt, AnyStatus: true})
}

// json asks one question whose answer may be missing.
func (g *Gateway) json(ctx context.Context, path string, to any) bool {
	r, err := g.get(ctx, path, "ask for "+path)
	return err == nil && r.Status == http.StatusOK && json.Unmarshal(r.Body, to) == nil
}
