package sdk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Query is the query of a request.
type Query map[string]string

// Request is one request to the gateway. The host sends it, with the key, if the plugin's grants allow it.
type Request struct {
	Method  string
	Path    string // from the gateway's root, percent-encoded; see Path
	Query   string // encoded; see Query.Encode
	Headers []Header
	Body    []byte
	// Identified says that sending it twice has one effect (it carries an id of its own): a lost answer is retried.
	Identified bool
	// AnyStatus makes an answer of any status an answer, not an error.
	AnyStatus bool

	stream bool // the body is wanted as it comes
}

// Header is one header of a request or an answer.
type Header struct{ Name, Value string }

// Response is an answer. One whose status is not 2xx is an *Error, unless the request said AnyStatus.
type Response struct {
	Status  int
	Headers []Header
	Body    []byte
}

// Deliver says how an answer goes straight to the output, without crossing the process border.
type Deliver struct {
	Items string // the member that holds the records
	Whole bool   // all of it: JSON as one record, an event stream as it comes, anything else as text
	Head  bool   // status line and headers before it
}

// Encode returns the query percent-encoded and sorted. Empty values are left out: the API reads many of them as "no
// filter". A space is %20, never a plus sign, which /v2/user/info takes literally (both observed on LiteLLM 1.106.2).
func (q Query) Encode() string {
	values := url.Values{}
	for k, v := range q {
		if v != "" {
			values.Set(k, v)
		}
	}
	return strings.ReplaceAll(values.Encode(), "+", "%20")
}

// Path fills the {name} parts of a path pattern, in their order, with escaped values.
func Path(pattern string, values ...string) string {
	var b strings.Builder
	for _, value := range values {
		before, rest, ok := strings.Cut(pattern, "{")
		if !ok {
			break
		}
		_, after, _ := strings.Cut(rest, "}")
		b.WriteString(before)
		b.WriteString(url.PathEscape(value))
		pattern = after
	}
	return b.String() + pattern
}

type attemptKey struct{}

// Attempting returns a context whose requests say in their errors what is attempted: "add model gpt-4".
func Attempting(ctx context.Context, format string, args ...any) context.Context {
	return context.WithValue(ctx, attemptKey{}, fmt.Sprintf(format, args...))
}

// Get reads JSON into out; a nil out discards it.
func (inv *Invocation) Get(ctx context.Context, path string, query Query, out any) error {
	return inv.json(ctx, Request{Method: "GET", Path: path, Query: query.Encode()}, nil, out)
}

// List reads the rows of a list, those in the member of the answer, into out, which points to a slice. An answer without
// such a list, even one with null in its place, is an error with the code Unreachable and never an empty list: it did
// not come from LiteLLM.
func (inv *Invocation) List(ctx context.Context, path string, query Query, member string, out any) error {
	r := Request{Method: "GET", Path: path, Query: query.Encode()}
	var answer json.RawMessage
	if err := inv.json(ctx, r, nil, &answer); err != nil {
		return err
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(answer, &object) != nil || !bytes.HasPrefix(bytes.TrimSpace(object[member]), []byte("[")) {
		return problem.New(problem.Unreachable, "cannot %s: the answer has no list of %q", attempt(ctx, r), member).
			WithHint(addressHint)
	}
	decoder := json.NewDecoder(bytes.NewReader(object[member]))
	decoder.UseNumber()
	if decoder.Decode(out) != nil {
		return problem.New(problem.Unreachable, "cannot %s: the list of %q in the answer has rows of another shape", attempt(ctx, r), member).
			WithHint(addressHint)
	}
	return nil
}

const addressHint = "is this the LiteLLM gateway's own address?"

// Post sends body as JSON and reads the answer into out; a nil out discards it.
func (inv *Invocation) Post(ctx context.Context, path string, body, out any) error {
	return inv.json(ctx, Request{Method: "POST", Path: path}, body, out)
}

// Patch is Post with another method.
func (inv *Invocation) Patch(ctx context.Context, path string, body, out any) error {
	return inv.json(ctx, Request{Method: "PATCH", Path: path}, body, out)
}

// Put is Post with another method.
func (inv *Invocation) Put(ctx context.Context, path string, body, out any) error {
	return inv.json(ctx, Request{Method: "PUT", Path: path}, body, out)
}

// Delete is Post with another method; body may be nil.
func (inv *Invocation) Delete(ctx context.Context, path string, body, out any) error {
	return inv.json(ctx, Request{Method: "DELETE", Path: path}, body, out)
}

// Create is Post for a body that carries an id of its own, so that a lost answer may be retried: the gateway makes it
// once.
func (inv *Invocation) Create(ctx context.Context, path string, body, out any) error {
	return inv.json(ctx, Request{Method: "POST", Path: path, Identified: true}, body, out)
}

func (inv *Invocation) json(ctx context.Context, r Request, body, out any) error {
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("encode the body of %s %s: %w", r.Method, r.Path, err)
		}
		r.Body, r.Headers = raw, append(r.Headers, Header{"Content-Type", "application/json"})
	}
	response, err := inv.Do(ctx, r)
	if err != nil || out == nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(response.Body))
	decoder.UseNumber()
	if decoder.Decode(out) != nil {
		return problem.New(problem.Unreachable, "cannot %s: the answer is not JSON of the expected shape, or was cut short", attempt(ctx, r)).
			WithHint(addressHint)
	}
	return nil
}

// attempt is what a request is for, in words.
func attempt(ctx context.Context, r Request) string {
	if text, ok := ctx.Value(attemptKey{}).(string); ok {
		return text
	}
	return r.Method + " " + r.Path
}

// Do makes one request and holds the whole answer.
func (inv *Invocation) Do(ctx context.Context, r Request) (*Response, error) {
	return inv.request(ctx, r, nil)
}

// Stream makes one request whose body is read as it comes from the gateway. A body that breaks off ends with an error that
// says so. Closing the body ends the request. Read it to its end or close it before asking the host for anything else: what
// comes stands in line.
func (inv *Invocation) Stream(ctx context.Context, r Request) (*Response, io.ReadCloser, error) {
	r.stream = true
	x, err := inv.begin(ctx, r, nil)
	if err != nil {
		return nil, nil, err
	}
	return x.response, &body{exchange: x, ctx: ctx}, nil
}

// DeliverTo makes one request whose answer goes straight to the output.
func (inv *Invocation) DeliverTo(ctx context.Context, r Request, d Deliver) (*Response, error) {
	return inv.request(ctx, r, &protocol.Deliver{Items: d.Items, Whole: d.Whole, Head: d.Head})
}

func (inv *Invocation) request(ctx context.Context, r Request, deliver *protocol.Deliver) (*Response, error) {
	x, err := inv.begin(ctx, r, deliver)
	if err != nil {
		return nil, err
	}
	defer x.done()
	for last := deliver != nil; !last; {
		var data []byte
		if data, last, err = x.chunk(ctx); err != nil {
			return nil, err
		}
		x.response.Body = append(x.response.Body, data...)
	}
	return x.response, nil
}
