package auth

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"strings"
)

// token answers the token endpoint.
func (g *fake) token(w http.ResponseWriter, form url.Values) {
	refuse := func(kind, text string) { reply(w, 400, obj{"error": kind, "error_description": text}) }
	if g.failures > 0 {
		g.failures--
		reply(w, 503, obj{"error": "temporarily_unavailable", "error_description": "the authorization state could not be read"})
		return
	}
	if form.Get("resource") != g.URL {
		refuse("invalid_target", "resource does not match the proxy API this grant was issued for")
		return
	}
	switch form.Get("grant_type") {
	case "authorization_code":
		asked := g.codes[form.Get("code")]
		sum := sha256.Sum256([]byte(form.Get("code_verifier")))
		switch {
		case asked == nil:
			refuse("invalid_grant", "the authorization code is invalid")
		case g.codeUsed:
			refuse("invalid_grant", "the authorization code was already used")
		case asked.Get("client_id") != form.Get("client_id") || asked.Get("redirect_uri") != form.Get("redirect_uri"):
			refuse("invalid_grant", "the authorization code was issued to a different client")
		case asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]):
			refuse("invalid_grant", "PKCE verification failed")
		default:
			g.codes[form.Get("code")] = nil
			g.give(w)
		}
	case "refresh_token":
		old := form.Get("refresh_token")
		state, ok := g.refresh[old]
		switch {
		case g.gone != "":
			refuse("invalid_grant", g.gone)
		case !ok || !strings.HasPrefix(form.Get("client_id"), "llm_dcrc_"):
			refuse("invalid_grant", "the refresh token is invalid for this client")
		case state == "used":
			refuse("invalid_grant", "the refresh token was already used")
		case state == "revoked":
			refuse("invalid_grant", "the refresh token was revoked")
		default:
			g.refresh[old] = "used"
			g.give(w)
		}
	default:
		refuse("unsupported_grant_type", "no such grant")
	}
}

func (g *fake) give(w http.ResponseWriter) {
	refresh := g.fresh("llm_srefresh_")
	g.refresh[refresh] = ""
	var team any
	if g.grantTeam != "" {
		team = g.grantTeam
	}
	reply(w, 200, obj{"access_token": g.fresh("litellm_login_"), "token_type": "Bearer", "expires_in": 86400, "refresh_token": refresh, "user_id": g.user, "team_id": team})
}

// revoked counts the refresh tokens that were revoked, of how many.
func (g *fake) revoked() (n, of int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for v := range maps.Values(g.refresh) {
		if v == "revoked" {
			n++
		}
	}
	return n, len(g.refresh)
}
