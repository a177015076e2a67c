package auth

import (
	"context"
	"net/http"
	"net/url"

	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Revoke ends at the gateway what can be ended there: the refresh tokens of a PKCE sign-in, all of its chain. The key
// itself stays good until its own end, and so does the browser's session (observed on LiteLLM 1.106.2). The other flows
// have nothing to revoke: then nothing is sent, and there is no error.
//
// The error is a *problem.Error: the gateway may have recorded nothing (503), or may not have been reached.
func Revoke(ctx context.Context, client *transport.Client, s *SignIn) error {
	if !s.Renewable() {
		return nil
	}
	attempt := "end the sign-in at " + client.BaseURL()
	var secrets redact.Redactor
	secrets.Add(s.Key, s.RefreshToken)
	r, err := formRequest(client, attempt, s.RevokeURL, url.Values{
		"token": {s.RefreshToken}, "token_type_hint": {"refresh_token"}, "client_id": {s.ClientID},
	})
	if err != nil {
		return err
	}
	r.Identified = true // a token that is revoked twice is revoked
	resp, err := client.Do(ctx, *r)
	if err != nil {
		return withoutSecrets(problem.As(err), &secrets)
	}
	if resp.Status == http.StatusOK && resp.ExpectJSON(attempt) == nil {
		return nil
	}
	return withoutSecrets(refusal(attempt, *r, resp), &secrets).WithState(problem.Unchanged)
}
