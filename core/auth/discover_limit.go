package auth

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// checkLimit asks for the page at which every single sign-on begins. A gateway without a licence that has more than five
// users answers it with 403, also without a session, where a redirect to the provider should be; its polls stay "pending"
// all the same (observed on LiteLLM 1.106.2 and 1.83.14). So it is said here, before anybody opens a browser in vain.
//
// PKCE still works in a browser that has a session of the gateway's pages: who insists on PKCE gets a warning.
func (l *Login) checkLimit(ctx context.Context, g *settings) error {
	if g.SSO == no {
		return nil
	}
	r := transport.Request{Method: http.MethodGet, Path: signInPage, AnyStatus: true, Attempt: l.attempt()}
	resp, err := l.Client.Do(ctx, r)
	if err != nil {
		return err
	}
	if resp.Status != http.StatusForbidden || !strings.Contains(string(resp.Body), "Enterprise user to use SSO") {
		return nil
	}
	const reason = "without a licence LiteLLM signs in at most 5 users by single sign-on, and this gateway has more"
	if l.ForcePKCE {
		l.Person.Say("This works only in a browser that is signed in to the gateway already: " + reason + ".")
		return nil
	}
	e := refusal(l.attempt(), r, resp)
	e.Message = "cannot " + l.attempt() + ": " + reason
	return e.WithHint("an admin can remove users or add a licence, or give you a key for login --with-token; in a browser that is signed in to the gateway's pages, --pkce still works")
}

// reasonLimit is among the reasons of a sign-in that is never finished: the limit may be reached in between.
const reasonLimit = `the page says "You must be a LiteLLM Enterprise user to use SSO for more than 5 users": the gateway has no licence and more than 5 users`

// minutes prints how long a sign-in may take.
func minutes(d time.Duration) string {
	if d < 2*time.Minute {
		return fmt.Sprintf("%.0f seconds", d.Seconds())
	}
	return fmt.Sprintf("%.3g minutes", d.Minutes())
}

// late is the error of a sign-in that nobody finished. The gateway does not tell what the browser was shown, so all that
// is likely is listed.
func (l *Login) late(within string, reasons ...string) *problem.Error {
	e := problem.New(problem.TimedOut, "cannot %s: the sign-in was not finished in the browser within %s", l.attempt(), within)
	for _, r := range append(reasons, reasonLimit, "the identity provider refused the sign-in: its page says why") {
		e.Facts = append(e.Facts, problem.Fact{Label: "perhaps", Text: r})
	}
	return e.WithHint("look at what the browser shows: the gateway does not tell it to this program; then sign in again")
}
