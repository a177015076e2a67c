package transport

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Request is one request to the gateway.
type Request struct {
	Method string
	Path   string // percent-encoded, from the gateway's root: /key/info
	Query  string // encoded, without the question mark
	Header http.Header
	Body   []byte

	// Key is sent in place of the client's; empty: the client's.
	Key string
	// Identified marks a write whose effect is the same when it is sent twice, because it carries an id of its own.
	Identified bool
	// Attempt completes "cannot …" in errors: `add model "gpt-4"`. Empty: method and path.
	Attempt string
	// Command and Plugin are whose request it is, for the Journal, where the client is not one command's alone.
	Command, Plugin string
	// AnyStatus makes an answer of any status an answer, not an error.
	AnyStatus bool
	// Stream hands the body out as it arrives.
	Stream bool
}

// Response is an answer. One whose status is not 2xx is an error, unless the request said AnyStatus.
type Response struct {
	Status int
	Header http.Header
	Body   []byte               // nil for a Stream
	Stream io.ReadCloser        // only for a Stream; its errors are *problem.Error
	TLS    *tls.ConnectionState // nil over plain HTTP
}

// Purpose returns what completes "cannot …".
func (r *Request) Purpose() string {
	return oneLine(orDefault(r.Attempt, r.Method+" "+r.Path), longestEcho)
}

// ExpectJSON returns an error unless the body is one whole JSON document. Who decodes the body anyway needs only
// ExpectNoPage.
func (r *Response) ExpectJSON(attempt string) *problem.Error {
	if e := r.ExpectNoPage(attempt); e != nil {
		return e
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(r.Body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if err := d.SkipValue(); err != nil {
		e := problem.New(problem.Unreachable, "cannot %s: the answer is not JSON, or only a part of it", oneLine(attempt, longestEcho))
		e.Status = r.Status
		return e.WithHint("is this the LiteLLM gateway's own address?")
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		e := problem.New(problem.Unreachable, "cannot %s: the answer is more than one JSON document", oneLine(attempt, longestEcho))
		e.Status = r.Status
		return e
	}
	return nil
}

// ExpectNoPage returns an error if the answer is a web page, as a sign-in page in front of the gateway or a wrong
// address answers. It looks at the first bytes only.
func (r *Response) ExpectNoPage(attempt string) *problem.Error {
	if !isHTML(r.Header.Get("Content-Type"), r.Body) {
		return nil
	}
	e := problem.New(problem.Unreachable, "cannot %s: the address answered with a web page, not with JSON", oneLine(attempt, longestEcho))
	e.Status = r.Status
	return e.WithHint("is this the LiteLLM gateway's own address?")
}

// isHTML says whether an answer is a page for people.
func isHTML(contentType string, body []byte) bool {
	if kind, _, _ := strings.Cut(strings.ToLower(contentType), ";"); strings.TrimSpace(kind) == "text/html" {
		return true
	}
	head := bytes.ToLower(bytes.TrimLeft(body[:min(len(body), 64)], " \t\r\n\ufeff"))
	return bytes.HasPrefix(head, []byte("<!doctype")) || bytes.HasPrefix(head, []byte("<html")) || bytes.HasPrefix(head, []byte("<head"))
}
