package transport

import (
	"net/http"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// isBadKeyType says whether an error's type alone says that the key is no good, whatever the status: LiteLLM 1.83.14
// answers expired_key with 400.
func isBadKeyType(kind string) bool {
	return kind == "expired_key" || kind == "token_not_found_in_db"
}

// denied fills in an error for a key that is no good or may not do this, and returns the reason. Only the first is told
// to look at its key.
func denied(e *problem.Error, s answer, a Asked) string {
	e.Code = problem.Denied
	text := strings.ToLower(s.text)
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(text, p) {
				return true
			}
		}
		return false
	}
	switch {
	case !a.HasKey && !has("role"):
		e.Hint = "sign in: " + orDefault(a.KeyRemedy, "litellm-proxy login") + "; or set LITELLM_PROXY_API_KEY; or try the embedded gateway: --profile sandbox"
		return "no key was given"
	case s.kind == "expired_key" || has("expired key", "key expired", "key has expired"):
		e.Hint = badKeyHint(a, "an admin can make another")
		return "your key has expired"
	case has("key is blocked"):
		e.Hint = badKeyHint(a, "an admin can unblock it")
		return "your key is blocked"
	case s.kind == "token_not_found_in_db" || has("no api key passed", "virtual key expected", "invalid proxy server token", "malformed api key", "invalid api key", "invalid user key"):
		if !has("litellm.authenticationerror") {
			e.Hint = badKeyHint(a, "check it")
			return "the gateway does not know your key"
		}
	}
	switch {
	case has("litellm.authenticationerror", "litellm.permissiondeniederror"):
		e.Hint = "the gateway's credential for this model needs attention: litellm-proxy models info"
		return "your key is fine, but the provider refused the gateway's own"
	case has("litellm enterprise", "enterprise user", "premium user", "enterprise feature", "enterprise license"):
		e.Hint = "the gateway's operator can add a licence"
		return "this needs a LiteLLM Enterprise licence on the gateway"
	case strings.HasSuffix(s.kind, "_model_access_denied") || has("access model", "access to model", "not allowed to call model"):
		e.Hint = "the models you may use: litellm-proxy models list"
		e.Facts = you(s.text, a)
		return "your key is fine, but it may not use this model"
	case s.foreign():
		e.Hint = "is this the LiteLLM gateway's own address? Something in front of it may ask for another sign-in"
		return "the address refused it, and not as LiteLLM does"
	case e.Status == http.StatusForbidden || s.shape == detail || has("only proxy admin", "role=", "only admin", "not allowed", "not authorized", "do not have access", "don't have access", "permission", "can only"):
		e.Hint = "ask an admin"
		e.Facts = you(s.text, a)
		e.Said = oneLine(strings.Replace(cutRoute(e.Said), " Authentication Error, ", " ", 1), longest) // it is none
		if has("virtual key is not allowed to call this route", "key_type") {
			return "your key is fine, but it is limited to other endpoints"
		}
		return "your key is fine, but its role may not do this"
	}
	e.Hint = badKeyHint(a, "an admin can say what it may do")
	return orDefault(s.reason(), "not allowed")
}

func badKeyHint(a Asked, then string) string {
	then = orDefault(a.KeyRemedy, then)
	if a.KeyFrom == "" {
		return then
	}
	return "the key came from " + a.KeyFrom + ": " + then
}

// you says who was refused, as far as the text tells: "… Your role=internal_user. Your user_id=u-17".
func you(text string, a Asked) []problem.Fact {
	role, id := valueOf(text, "role="), valueOf(text, "user_id=")
	if strings.Contains(text, "Got user_id=") { // that is the other one
		id = valueOf(text, "Your ID=")
	}
	var who string
	switch {
	case role != "" && id != "":
		who = role + " (user_id " + id + ")"
	case role != "":
		who = role
	case id != "":
		who = "user_id " + id
	}
	if a.KeyFrom != "" {
		if who != "" {
			who += " · "
		}
		who += "key "
		if a.KeyLabel != "" {
			who += a.KeyLabel + " "
		}
		who += "from " + a.KeyFrom
	}
	if who == "" {
		return nil
	}
	return []problem.Fact{{Label: "you", Text: oneLine(who, 200)}}
}

// valueOf returns the word after name, of which the last one in the text counts.
func valueOf(text, name string) string {
	i := strings.LastIndex(text, name)
	if i < 0 {
		return ""
	}
	rest := strings.TrimLeft(text[i+len(name):], " '\"")
	if end := strings.IndexAny(rest, " ,;'\")"); end >= 0 {
		rest = rest[:end]
	}
	rest = strings.TrimRight(rest, ".")
	if rest == "None" || rest == "unknown" || strings.Trim(rest, "*") == "" {
		return ""
	}
	return rest
}

// cutRoute cuts off what only the facts repeat.
func cutRoute(s string) string {
	for _, mark := range []string{" Route=", " Your role=", " Your user role="} {
		s, _, _ = strings.Cut(s, mark)
	}
	return s
}
