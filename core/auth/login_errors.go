package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// longestLine is how many characters of somebody else's words are repeated.
const longestLine = 300

// line is somebody else's text on one line, short, and harmless for a terminal.
func line(s string) string {
	if len(s) > 8*longestLine {
		s = strings.ToValidUTF8(s[:8*longestLine], "�")
	}
	r := []rune(term.VisibleLine(strings.Join(strings.Fields(s), " ")))
	if len(r) > longestLine {
		return string(r[:longestLine-1]) + "…"
	}
	return string(r)
}

// failure makes every error of a sign-in a *problem.Error without secrets, and says that nothing was changed: whatever
// was kept before is kept still.
func (l *Login) failure(ctx context.Context, err error) *problem.Error {
	var e *problem.Error
	if !errors.As(err, &e) {
		switch {
		case ctx.Err() != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
			e = problem.New(problem.TimedOut, "cannot %s: the time was up", l.attempt())
		case ctx.Err() != nil:
			e = problem.New(problem.Interrupted, "cannot %s: interrupted", l.attempt())
		default:
			e = problem.Wrap(problem.Failed, err, "cannot %s", l.attempt())
		}
	}
	return withoutSecrets(e, l.Redact).WithState(problem.Unchanged)
}

// withoutSecrets hides what the redactor knows in all that an error says: a gateway may repeat what it was sent.
func withoutSecrets(e *problem.Error, r *redact.Redactor) *problem.Error {
	e.Message, e.Said, e.Hint = r.String(e.Message), r.String(e.Said), r.String(e.Hint)
	for i := range e.Facts {
		e.Facts[i].Text = r.String(e.Facts[i].Text)
	}
	return e
}

// oauthError is the body of a refusal as RFC 6749 has it.
type oauthError struct {
	Kind        string `json:"error"`
	Description string `json:"error_description"`
}

// readOAuthError returns the zero value for any other body: LiteLLM's own errors have an object there.
func readOAuthError(body []byte) oauthError {
	var e oauthError
	if decodeJSON(body, &e) != nil {
		return oauthError{}
	}
	return e
}

// decodeJSON reads JSON as tolerantly as the rest of the program does; unknown members are ignored.
func decodeJSON(body []byte, into any) error {
	return json.Unmarshal(body, into, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// refusal is the error for an answer that is not the one asked for. It knows no "your key": there is none during a
// sign-in, and the transport's hints would be wrong.
func refusal(attempt string, r transport.Request, resp *transport.Response) *problem.Error {
	if resp.Status/100 == 3 {
		e := problem.New(problem.Unreachable, "cannot %s: the address answered with a redirect to %s, which is not followed", attempt, place(resp.Header.Get("Location")))
		e.Status = resp.Status
		return e.WithHint("give the gateway's own address (https, no sign-in page in front, the right path)")
	}
	if e := resp.ExpectNoPage(attempt); e != nil {
		return e
	}
	e := transport.Classify(resp.Status, resp.Header.Get("Content-Type"), resp.Body, transport.Asked{
		Attempt: attempt, Method: r.Method, Path: r.Path, HasKey: true,
	})
	if o := readOAuthError(resp.Body); o.Description != "" {
		e.Said = line(fmt.Sprintf("%d %s: %s", resp.Status, o.Kind, o.Description))
		e.Message = fmt.Sprintf("cannot %s: %s", attempt, line(o.Description))
	}
	if resp.Status/100 == 2 {
		e.Code, e.Message = problem.Unreachable, fmt.Sprintf("cannot %s: the address answered, and not as LiteLLM does", attempt)
		e.Said = "" // it may hold a part of a credential
		e.Hint = "is this the LiteLLM gateway's own address?"
	}
	return unkeyed(attempt, e)
}

// unkeyed takes out of an error what it says of a key.
func unkeyed(attempt string, e *problem.Error) *problem.Error {
	if e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden {
		e.Code, e.Facts = problem.Denied, nil
		e.Message = fmt.Sprintf("cannot %s: the gateway refused it: %s", attempt, strings.TrimPrefix(e.Said, fmt.Sprintf("%d ", e.Status)))
		e.Hint = ""
	}
	return e
}

// place is an address without what may be secret in it.
func place(address string) string {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return "nowhere"
	}
	u.User, u.RawQuery, u.Fragment, u.ForceQuery = nil, "", "", false
	return line(u.String())
}
