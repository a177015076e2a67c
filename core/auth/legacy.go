package auth

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// legacyPoll is short: the id is all that is needed to take the credential, so whoever began should be first.
const legacyPoll = time.Second

// legacy signs in as LiteLLM 1.83.14 does it: whoever knows the id that this program makes up can take the credential,
// and no code ties the browser to the terminal (observed).
func (l *Login) legacy(ctx context.Context, g *settings) (*SignIn, error) {
	id := "sk-" + uuid.NewString() // the gateway looks at the prefix alone
	l.Redact.Add(id)
	if err := l.checkLegacy(ctx, id); err != nil {
		return nil, err
	}
	l.Person.Say("This gateway's LiteLLM is older: its sign-in has no code, so whoever sees the address can take your sign-in. Show it to nobody.")
	if g.UIDisabled == yes {
		l.Person.Say("This gateway's pages are switched off (DISABLE_ADMIN_UI): the sign-in will probably not be possible.")
	}
	l.sayName(g)
	until := l.now().Add(sessionLife)
	if err := l.Person.Visit(ctx, l.pageFor(id), ""); err != nil {
		return nil, err
	}
	return l.await(ctx, &session{
		flow: Legacy, id: id, every: legacyPoll, until: until,
		late: func() *problem.Error {
			return l.late(minutes(sessionLife), "it was denied",
				`the page says "Failed to retrieve user information from SSO": the gateway does not know you yet. Sign in once to its pages, at `+l.Client.BaseURL()+signInPage+", then here again")
		},
	})
}

// checkLegacy tells a gateway that knows the older flow, whose poll of any sk- id is "pending", from an address where no
// sign-in is at all.
func (l *Login) checkLegacy(ctx context.Context, id string) error {
	r := transport.Request{Method: http.MethodGet, Path: "/sso/cli/poll/" + id, AnyStatus: true, Attempt: l.attempt()}
	resp, err := l.Client.Do(ctx, r)
	if err != nil {
		return err
	}
	var p polled
	if resp.Status == http.StatusOK && decodeJSON(resp.Body, &p) == nil && p.Status == "pending" {
		return nil
	}
	e := refusal(l.attempt(), r, resp)
	if resp.Status == http.StatusNotFound || resp.Status == http.StatusMethodNotAllowed {
		e.Code, e.Message = problem.Unreachable, "cannot "+l.attempt()+": this address knows none of LiteLLM's sign-ins for the command line"
		e.Hint = "is this the LiteLLM gateway's own address, with its whole path? A key can be kept with: litellm-proxy login --with-token"
	}
	return e
}
