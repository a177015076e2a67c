package auth

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// tokens are what a token endpoint gives out (observed on LiteLLM 1.106.2).
type tokens struct {
	Access  string  `json:"access_token"`
	Refresh string  `json:"refresh_token"`
	Seconds float64 `json:"expires_in"` // 0: it does not say
	UserID  string  `json:"user_id"`
	TeamID  string  `json:"team_id"` // null: no team
}

// expires returns the end of the access token, counted from before it was asked for; nil if it is not known.
func (t *tokens) expires(began time.Time) *time.Time {
	if t.Seconds <= 0 {
		return nil
	}
	end := began.Add(time.Duration(t.Seconds * float64(time.Second)))
	return &end
}

// tokenRefused is an answer of a token endpoint other than tokens. kind is RFC 6749's error; empty for any other answer.
type tokenRefused struct {
	kind, description string
	err               *problem.Error
}

func (t *tokenRefused) Error() string { return t.err.Error() }
func (t *tokenRefused) Unwrap() error { return t.err }

// exchange sends one form to a token endpoint of the client's gateway, once: a code or refresh token is spent by it. No
// redirect is followed, since a 307 would carry the form elsewhere. The error is *tokenRefused when an answer came, and a
// *problem.Error otherwise.
func exchange(ctx context.Context, client *transport.Client, attempt, endpoint string, form url.Values) (*tokens, error) {
	r, err := formRequest(client, attempt, endpoint, form)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(ctx, *r)
	if err != nil {
		return nil, err
	}
	var t tokens
	if resp.Status == http.StatusOK && decodeJSON(resp.Body, &t) == nil && t.Access != "" {
		return &t, nil
	}
	o := readOAuthError(resp.Body)
	return nil, &tokenRefused{kind: o.Kind, description: o.Description, err: refusal(attempt, *r, resp)}
}

// formRequest is a POST of a form to an address of the client's gateway.
func formRequest(client *transport.Client, attempt, endpoint string, form url.Values) (*transport.Request, error) {
	path, ok := pathAt(client.BaseURL(), endpoint)
	if !ok {
		return nil, problem.New(problem.Denied, "cannot %s: the sign-in is of %s, not of %s: it is not sent there", attempt, place(endpoint), client.BaseURL()).
			WithHint("sign in again: litellm-proxy login")
	}
	return &transport.Request{
		Method: http.MethodPost, Path: path, Body: []byte(form.Encode()), AnyStatus: true, Attempt: attempt,
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
	}, nil
}
