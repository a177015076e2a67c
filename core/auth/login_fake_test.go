package auth

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// fake is a gateway that speaks the sign-in protocols as they were recorded on LiteLLM 1.106.2 and 1.83.14, with a knob
// for each failure. The knobs are set before the first request.
type fake struct {
	*httptest.Server
	t *testing.T

	// What the gateway is.
	old        bool   // 1.83.14: the legacy flow alone
	noPKCE     bool   // classic without PKCE
	sso        any    // sso_configured; default true
	uiDisabled bool   // admin_ui_disabled
	issuer     string // default: its own address
	self       string // proxy_base_url; default: its own address
	version    int    // contract_version; default 1
	methods    []string
	tokenAt    string // token_endpoint; default: its own
	limited    bool   // more than five users, and no licence
	html       string // paths that answer with a page, joined by spaces
	status     map[string]int
	redirect   map[string]string // path → Location of a 307
	dummy      bool              // /register answers with a dummy

	// Who signs in, and what becomes of it.
	user      string
	teams     []Team
	memberOf  []string // teams in /v2/user/info; default: teams
	pending   int      // polls that are pending before the browser's part counts
	never     bool     // the browser's part never counts
	lost      bool     // the session is lost
	leaves    bool     // the user leaves all teams but the first when asked which
	complete  string   // the origin of verification_uri_complete; empty: there is none
	badSecret bool     // the gateway has another poll secret
	grantTeam string   // the team that is chosen on the consent page
	codeUsed  bool     // somebody else has used the code
	invalid   bool     // the credential is refused
	failures  int      // token requests that answer 503 first
	gone      string   // the description of an invalid_grant at the next refresh

	mu       sync.Mutex
	n        int
	requests []string          // METHOD path, in order
	forms    map[string]string // the last form sent to each path
	codes    map[string]url.Values
	refresh  map[string]string // refresh token → "", "used", "revoked"
	session  string            // id of the classic or legacy session
	done     bool              // the browser's part is done
	secrets  []string          // all that must be in no trace
}

func newFake(t *testing.T, knobs ...func(*fake)) *fake {
	t.Helper()
	g := &fake{t: t, sso: true, version: 1, methods: []string{"S256"}, user: "carol", codes: map[string]url.Values{}, refresh: map[string]string{}, forms: map[string]string{}}
	g.Server = httptest.NewServer(http.HandlerFunc(g.serve))
	t.Cleanup(g.Close)
	for _, k := range knobs {
		k(g)
	}
	return g
}

// fresh makes up a value that must not be seen.
func (g *fake) fresh(prefix string) string {
	g.n++
	sum := sha256.Sum256(fmt.Append(nil, prefix, g.n, g.URL))
	s := prefix + base64.RawURLEncoding.EncodeToString(sum[:])
	g.secrets = append(g.secrets, s)
	return s
}

func (g *fake) seen() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.requests)
}

// asked says whether a request was made.
func (g *fake) asked(request string) bool { return slices.Contains(g.seen(), request) }

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

type obj = map[string]any

func detail(text string) obj { return obj{"detail": text} }

const limitText = "You must be a LiteLLM Enterprise user to use SSO for more than 5 users. If you have a license please set `LITELLM_LICENSE` in your env."

func (g *fake) serve(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	path := r.URL.Path
	poll, isPoll := strings.CutPrefix(path, "/sso/cli/poll/")
	if isPoll {
		path = "/sso/cli/poll"
	}
	g.requests = append(g.requests, r.Method+" "+path)
	g.forms[path] = string(body)
	if to := g.redirect[path]; to != "" {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusTemporaryRedirect)
		return
	}
	if slices.Contains(strings.Fields(g.html), path) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html><form>Sign in to the company</form></html>")
		return
	}
	if status := g.status[path]; status != 0 {
		reply(w, status, detail("made to fail"))
		return
	}
	switch {
	case path == "/.well-known/litellm-ui-config":
		self := g.self
		if self == "" {
			self = g.URL
		}
		reply(w, 200, obj{"server_root_path": "", "proxy_base_url": self, "admin_ui_disabled": g.uiDisabled, "sso_configured": g.sso, "workers": []string{}})
	case path == "/sso/key/generate" && g.limited:
		reply(w, 403, obj{"error": obj{"message": limitText, "type": "auth_error", "param": "premium_user", "code": "403"}})
	case path == "/sso/key/generate":
		w.Header().Set("Location", "http://idp.example/auth?state=s")
		w.WriteHeader(http.StatusSeeOther)
	case path == "/v2/user/info":
		g.userInfo(w, r)
	case path == "/team/info":
		g.teamInfo(w, r)
	case isPoll && g.old:
		g.legacyPoll(w, r, poll)
	case g.old:
		reply(w, 404, detail("Not Found"))
	case isPoll:
		g.classicPoll(w, r, poll)
	case path == "/sso/cli/start" && r.Method == http.MethodPost:
		g.session = "cli-0123456789abcdefghijklmnopqrstuv"
		start := obj{"login_id": g.session, "poll_secret": g.fresh("poll"), "user_code": "ABCD-2345", "expires_in": 600}
		if g.complete != "" {
			start["verification_uri_complete"] = strings.Replace(g.complete, "BASE", g.URL, 1) + "/sso/key/generate?source=litellm-cli&key=" + g.session + "&user_code=ABCD-2345"
		}
		reply(w, 200, start)
	case g.noPKCE:
		reply(w, 404, detail("Not Found"))
	default:
		g.servePKCE(w, r, string(body))
	}
}

func (g *fake) servePKCE(w http.ResponseWriter, r *http.Request, body string) {
	switch r.Method + " " + r.URL.Path {
	case "GET /.well-known/litellm-cli-auth":
		b := g.issuer
		if b == "" {
			b = g.URL
		}
		token := b + "/token"
		if g.tokenAt != "" {
			token = g.tokenAt
		}
		reply(w, 200, obj{
			"contract_version": g.version, "issuer": b, "authorization_endpoint": b + "/authorize", "token_endpoint": token, "registration_endpoint": b + "/register",
			"revocation_endpoint": b + "/revoke", "resource": b, "response_types_supported": []string{"code"}, "code_challenge_methods_supported": g.methods,
		})
	case "POST /register":
		var doc struct {
			URIs []string `json:"redirect_uris"`
		}
		_ = json.Unmarshal([]byte(body), &doc)
		if g.dummy || len(doc.URIs) == 0 {
			reply(w, 200, obj{"client_id": "dummy_client", "client_secret": "dummy", "redirect_uris": []string{g.URL + "/callback"}})
			return
		}
		reply(w, 201, obj{"client_id": "llm_dcrc_" + base64.RawURLEncoding.EncodeToString([]byte(doc.URIs[0])), "redirect_uris": doc.URIs})
	case "POST /token":
		form, _ := url.ParseQuery(body)
		g.token(w, form)
	case "POST /revoke":
		form, _ := url.ParseQuery(body)
		if !strings.HasPrefix(form.Get("client_id"), "llm_dcrc_") {
			reply(w, 401, obj{"error": "invalid_client", "error_description": "unknown or malformed client_id"})
			return
		}
		g.refresh[form.Get("token")] = "revoked"
		reply(w, 200, obj{})
	default:
		reply(w, 404, detail("Not Found"))
	}
}
