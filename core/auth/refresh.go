package auth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

var (
	// ErrSpent is a refresh token that was used before: by another process, which has the newer pair, or by this one when
	// the answer was lost. The chain goes on: who has its newest token can still renew.
	ErrSpent = errors.New("its refresh token was used already")
	// ErrEnded is a sign-in that cannot be renewed any more: signed out elsewhere, expired, or its user has left the team or
	// the gateway. A person must sign in again.
	ErrEnded = errors.New("it has ended")
)

// RefreshLife is how long a refresh token can be used, from its own issue: who renews within it stays signed in (observed
// on LiteLLM 1.106.2).
const RefreshLife = 14 * 24 * time.Hour

const attemptRenew = "renew the sign-in"

// Refresh renews a credential with one request, and returns it with its new refresh token; s is not changed. From then on
// the old refresh token is spent: the caller must keep the new pair before using it, and must call from one process at a
// time.
//
// Every error is a *problem.Error. One that is ErrSpent or ErrEnded (errors.Is) is final for this refresh token; any other
// is temporary, and the old key is good until its own end: the gateway's database or cache failed (503), another 5xx, a
// limit, the network. A refusal for the user or the team does not spend the token (observed on LiteLLM 1.106.2).
func Refresh(ctx context.Context, client *transport.Client, s *SignIn) (*SignIn, error) {
	if !s.Renewable() {
		return nil, ended("")
	}
	began := wallClock()
	t, err := exchange(ctx, client, attemptRenew, s.TokenURL, url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {s.RefreshToken}, "client_id": {s.ClientID}, "resource": {s.Resource},
	})
	if err != nil {
		return nil, renewal(err, s)
	}
	fresh := *s
	fresh.Key, fresh.Since, fresh.Expires, fresh.TeamID = t.Access, began, t.expires(began), t.TeamID
	if t.UserID != "" {
		fresh.UserID = t.UserID
	}
	if t.Refresh != "" { // RFC 6749: without a new one the old one stays
		fresh.RefreshToken = t.Refresh
	}
	return &fresh, nil
}

// renewal sorts the refusals (observed on LiteLLM 1.106.2).
func renewal(err error, s *SignIn) error {
	var secrets redact.Redactor
	secrets.Add(s.Key, s.RefreshToken)
	var refused *tokenRefused
	if !errors.As(err, &refused) {
		return withoutSecrets(problem.As(err), &secrets)
	}
	e := refused.err
	switch {
	case refused.kind == "invalid_grant" && refused.description == "the refresh token was already used":
		e = problem.Wrap(problem.Denied, ErrSpent, "cannot %s", attemptRenew).WithHint("sign in again: litellm-proxy login")
		e.Said, e.Status = refused.err.Said, refused.err.Status
	case isFinal(refused.kind) && e.Status/100 == 4:
		e = ended(refused.err.Said)
		e.Status = refused.err.Status
	default:
		e.Retryable = e.Retryable || e.Status >= http.StatusInternalServerError || e.Status == http.StatusTooManyRequests
	}
	return withoutSecrets(e, &secrets).WithState(problem.Unchanged)
}

// isFinal says whether a refusal stays one: the token, the client or the gateway's own name is another than it was. A
// temporarily_unavailable is not, nor is a request that the gateway finds malformed.
func isFinal(kind string) bool {
	return kind == "invalid_grant" || kind == "invalid_client" || kind == "invalid_target" || kind == "unauthorized_client" || kind == "unsupported_grant_type"
}

func ended(said string) *problem.Error {
	e := problem.Wrap(problem.Denied, ErrEnded, "cannot %s", attemptRenew)
	e.Said = said
	return e.WithHint("sign in again: litellm-proxy login")
}
