package auth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

const (
	// signInPage is where a browser's sign-in begins, in all versions.
	signInPage = "/sso/key/generate"
	// classicPoll is how often the gateway is asked; the limit of 30 sign-ins a minute does not count polls.
	classicPoll = 2 * time.Second
	// sessionLife is for a gateway that does not say how long a sign-in may take (observed on LiteLLM 1.106.2: 600 s).
	sessionLife = 600 * time.Second
)

func isNobody(err error) bool { return errors.Is(err, ErrNoPerson) }

// classic signs in with any browser, and a code that ties it to this terminal. An older gateway does not know it: then it
// is the older flow, which has no code.
func (l *Login) classic(ctx context.Context, g *settings) (*SignIn, error) {
	r := transport.Request{Method: http.MethodPost, Path: "/sso/cli/start", AnyStatus: true, Attempt: l.attempt()}
	resp, err := l.Client.Do(ctx, r) // it counts against a limit: it is not repeated
	if err != nil {
		return nil, err
	}
	var start struct {
		ID       string  `json:"login_id"`
		Secret   string  `json:"poll_secret"`
		Code     string  `json:"user_code"`
		Seconds  float64 `json:"expires_in"`
		Complete string  `json:"verification_uri_complete"`
	}
	switch {
	case resp.Status == http.StatusNotFound, resp.Status == http.StatusMethodNotAllowed:
		return l.legacy(ctx, g)
	case resp.Status == http.StatusTooManyRequests:
		e := refusal(l.attempt(), r, resp)
		e.Message = "cannot " + l.attempt() + ": too many sign-ins were begun from this network address in the last minute"
		return nil, e.WithHint("wait a minute, then sign in again")
	case resp.Status != http.StatusOK, decodeJSON(resp.Body, &start) != nil, start.ID == "" || start.Secret == "" || start.Code == "":
		return nil, refusal(l.attempt(), r, resp)
	}
	l.Redact.Add(start.Secret)
	life := time.Duration(start.Seconds * float64(time.Second))
	if life <= 0 {
		life = sessionLife
	}
	until := l.now().Add(life)
	l.sayName(g)
	address := l.pageFor(start.ID)
	if _, ok := pathAt(l.Client.BaseURL(), withoutQuery(start.Complete)); ok { // the operator allows the code in the address
		address = start.Complete
	}
	if err := l.Person.Visit(ctx, address, start.Code); err != nil {
		return nil, err
	}
	return l.await(ctx, &session{
		flow: Classic, id: start.ID, secret: start.Secret, every: classicPoll, until: until,
		late: func() *problem.Error {
			return l.late(minutes(life), "the code "+line(start.Code)+" was not typed on the page", "it was denied",
				`the page says "State cookie not found": the address was opened in one browser and the sign-in finished in another, or the gateway's own name is another one`)
		},
	})
}

// pageFor is the address that begins a sign-in for the terminal that knows this id.
func (l *Login) pageFor(id string) string {
	return l.Client.BaseURL() + signInPage + "?" + url.Values{"source": {"litellm-cli"}, "key": {id}}.Encode()
}

// sayName warns of a gateway that goes by another name: the browser's cookies are for one of the two, and its sign-in then
// ends on a page that this program cannot see.
func (l *Login) sayName(g *settings) {
	if g.Self != "" && !sameAddress(g.Self, l.Client.BaseURL()) {
		l.Person.Say("The gateway calls itself " + place(g.Self) + ": if the browser shows an error, sign in there instead (--base-url).")
	}
}

func withoutQuery(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.RawQuery = ""
	return u.String()
}
