package auth

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// tristate is a yes or no that a gateway may not tell.
type tristate int

const (
	unknown tristate = iota
	no
	yes
)

// known reads a JSON value; one of another type is as good as none.
func known(v any) tristate {
	b, ok := v.(bool)
	switch {
	case !ok:
		return unknown
	case b:
		return yes
	}
	return no
}

// settings are what decides among the flows (GET /.well-known/litellm-ui-config; observed on LiteLLM 1.106.2 and 1.83.14).
type settings struct {
	SSO        tristate // single sign-on is configured
	UIDisabled tristate // the pages are switched off, the sign-in pages of PKCE among them
	Self       string   // the gateway's own name for itself, PROXY_BASE_URL; may be empty
}

// checkAddress refuses addresses over which a credential would travel in the clear.
func (l *Login) checkAddress() error { return CheckAddress(l.Client) }

// CheckAddress refuses plain http, but to this machine.
func CheckAddress(client *transport.Client) error {
	u, err := url.Parse(client.BaseURL())
	switch {
	case err != nil:
		return err
	case u.Scheme == "https" || isLoopbackHost(u.Hostname()):
		return nil
	}
	return problem.New(problem.Usage, "cannot sign in to %s: the address is plain http, and a sign-in over it could be read on the way", client.BaseURL()).
		WithHint("use the gateway's https address; plain http is for this machine alone")
}

func isLoopbackHost(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// get sends a GET without a credential; a refusal says nothing of keys.
func (l *Login) get(ctx context.Context, path string) (*transport.Response, *problem.Error) {
	resp, err := l.Client.Do(ctx, transport.Request{Method: http.MethodGet, Path: path, Attempt: l.attempt()})
	if err != nil {
		return nil, unkeyed(l.attempt(), problem.As(err))
	}
	if e := resp.ExpectJSON(l.attempt()); e != nil {
		return nil, e
	}
	return resp, nil
}

func (l *Login) settings(ctx context.Context) (*settings, error) {
	resp, e := l.get(ctx, "/.well-known/litellm-ui-config")
	switch {
	case e == nil:
	case e.Status == http.StatusNotFound:
		return &settings{}, nil
	default:
		return nil, e
	}
	var doc struct {
		SSO      any `json:"sso_configured"`
		Disabled any `json:"admin_ui_disabled"`
		Self     any `json:"proxy_base_url"`
	}
	_ = decodeJSON(resp.Body, &doc) // what is no object says nothing
	self, _ := doc.Self.(string)
	return &settings{SSO: known(doc.SSO), UIDisabled: known(doc.Disabled), Self: self}, nil
}

// endpoints are where a PKCE sign-in happens, each checked to be at the gateway.
type endpoints struct {
	authorize, token, register, revoke string // addresses
	resource                           string
}

// unfit says why PKCE cannot be used, before anything was shown to the person: another flow may be tried.
type unfit struct {
	reason  string
	missing bool // the gateway does not know PKCE
	err     *problem.Error
}

func (u *unfit) Error() string { return u.err.Error() }
func (u *unfit) Unwrap() error { return u.err }

func (l *Login) unfit(format string, args ...any) *unfit {
	reason := fmt.Sprintf(format, args...)
	return &unfit{reason: reason, err: problem.New(problem.Refused, "cannot %s: %s", l.attempt(), reason)}
}

// discover asks for the endpoints of PKCE (GET /.well-known/litellm-cli-auth; observed on LiteLLM 1.106.2). The error is
// *unfit when the gateway knows no PKCE or another kind, and a *problem.Error when its answer is not about this gateway.
func (l *Login) discover(ctx context.Context) (*endpoints, error) {
	resp, e := l.get(ctx, "/.well-known/litellm-cli-auth")
	switch {
	case e == nil:
	case e.Status == http.StatusNotFound:
		u := l.unfit("the gateway offers no PKCE sign-in")
		u.missing = true
		u.err.Hint = "it is in newer versions of LiteLLM; without --pkce another way is used"
		return nil, u
	default:
		return nil, e
	}
	var doc struct {
		Version   int      `json:"contract_version"`
		Issuer    string   `json:"issuer"`
		Authorize string   `json:"authorization_endpoint"`
		Token     string   `json:"token_endpoint"`
		Register  string   `json:"registration_endpoint"`
		Revoke    string   `json:"revocation_endpoint"`
		Resource  string   `json:"resource"`
		Methods   []string `json:"code_challenge_methods_supported"`
	}
	if decodeJSON(resp.Body, &doc) != nil || doc.Version == 0 {
		return nil, l.unfit("the gateway's description of its PKCE sign-in is not understood")
	}
	if doc.Version != 1 {
		return nil, l.unfit("the gateway's PKCE sign-in has contract version %d, and this program knows 1", doc.Version)
	}
	if !slices.Contains(doc.Methods, "S256") {
		return nil, l.unfit("the gateway's PKCE sign-in does not offer S256")
	}
	if err := l.checkIssuer(doc.Issuer); err != nil {
		return nil, err
	}
	for _, address := range []string{doc.Authorize, doc.Token, doc.Register, doc.Revoke, doc.Resource + "/"} {
		if _, ok := pathAt(l.Client.BaseURL(), address); !ok {
			return nil, problem.New(problem.Failed, "cannot %s: the gateway sends a sign-in elsewhere: to %s", l.attempt(), place(address)).
				WithHint("the gateway's operator must set PROXY_BASE_URL to %s", l.Client.BaseURL())
		}
	}
	return &endpoints{authorize: doc.Authorize, token: doc.Token, register: doc.Register, revoke: doc.Revoke, resource: doc.Resource}, nil
}

// checkIssuer refuses a gateway that calls itself otherwise: its pages set cookies for that name, and sign-ins there are
// not for this address. The code flow would fail for the same reason, unseen.
func (l *Login) checkIssuer(issuer string) error {
	base := l.Client.BaseURL()
	if sameAddress(base, issuer) {
		return nil
	}
	e := problem.New(problem.Usage, "cannot %s: the gateway calls itself %s", l.attempt(), place(issuer))
	if secure, ok := strings.CutPrefix(issuer, "http://"); ok && sameAddress(base, "https://"+secure) {
		e.Code = problem.Failed
		return e.WithHint("the gateway's operator must set PROXY_BASE_URL to %s; until then --no-browser may work", base)
	}
	return e.WithHint("use --base-url %s, or have the gateway's operator set PROXY_BASE_URL to %s", place(issuer), base)
}

// sameAddress compares two addresses by origin and path; a slash at the end does not count.
func sameAddress(a, b string) bool {
	u, errA := url.Parse(a)
	v, errB := url.Parse(b)
	return errA == nil && errB == nil && config.Origin(a) == config.Origin(b) && u.User == nil && v.User == nil &&
		strings.TrimRight(u.EscapedPath(), "/") == strings.TrimRight(v.EscapedPath(), "/") && u.RawQuery == v.RawQuery && u.Fragment == v.Fragment
}

// pathAt returns the path of an address below a gateway's, as a request of its client has it; false if it is elsewhere.
func pathAt(base, address string) (string, bool) {
	u, err := url.Parse(base)
	v, err2 := url.Parse(address)
	if err != nil || err2 != nil || config.Origin(base) != config.Origin(address) || v.User != nil || v.RawQuery != "" || v.Fragment != "" {
		return "", false
	}
	rest, ok := strings.CutPrefix(v.EscapedPath(), strings.TrimRight(u.EscapedPath(), "/"))
	return rest, ok && strings.HasPrefix(rest, "/")
}
