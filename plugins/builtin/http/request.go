package http

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/grant"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

var methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}

// request builds the request from the command line.
func (c *requestCmd) request(ctx context.Context, inv *sdk.Invocation) (sdk.Request, error) {
	r := sdk.Request{Method: strings.ToUpper(c.Method)}
	if !slices.Contains(methods, r.Method) {
		what := "the method"
		if !strings.ContainsFunc(c.Method, func(r rune) bool { return !unicode.IsLetter(r) }) { // else it may be an address
			what += fmt.Sprintf(" %q", c.Method)
		}
		return r, problem.New(problem.Usage, "cannot send a request: %s is none of %s", what, strings.Join(methods, ", "))
	}
	if err := c.target(&r); err != nil {
		return r, err
	}
	if err := c.headers(&r); err != nil {
		return r, err
	}
	isJSON, err := c.body(ctx, inv, &r)
	if err != nil {
		return r, err
	}
	if isJSON && !hasHeader(r, "Content-Type") {
		r.Headers = append(r.Headers, sdk.Header{Name: "Content-Type", Value: "application/json"})
	}
	return r, nil
}

// target splits the path from its query and refuses what the host would never send. No message repeats the query, which
// may hold a secret.
func (c *requestCmd) target(r *sdk.Request) error {
	path, query, _ := strings.Cut(c.Path, "?")
	if scheme, _, ok := strings.Cut(path, "://"); ok && !strings.Contains(scheme, "/") || strings.HasPrefix(path, "//") {
		return problem.New(problem.Usage, "cannot send a request to an address: give the path alone, from the gateway's root").
			WithHint("--base-url names another gateway")
	}
	if strings.Contains(c.Path, "#") {
		return problem.New(problem.Usage, "cannot send a request: a # in the path or its query must be written %%23")
	}
	r.Path, r.Query = "/"+strings.TrimPrefix(path, "/"), query
	if err := grant.Valid(r.Method, r.Path); err != nil {
		return problem.New(problem.Usage, "cannot send a request: %v", err).WithHint(encoding)
	}
	return checkQuery(r.Query)
}

const encoding = "write what has a meaning of its own percent-encoded: a space is %%20, a percent sign %%25, a backslash %%5C"

// checkQuery refuses a query that the host would not send, or that cannot be read where it must be.
func checkQuery(query string) error {
	if err := grant.Query(query); err != nil {
		return problem.New(problem.Usage, "cannot send a request: %v", err).WithHint(encoding)
	}
	return nil
}

// parseQuery reads the query of the path, to add to it.
func parseQuery(query string) (url.Values, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, problem.New(problem.Usage, "cannot read the query of the path: it is not encoded").WithHint(encoding + ", a semicolon %%3B")
	}
	return values, nil
}

func (c *requestCmd) headers(r *sdk.Request) error {
	for _, h := range c.Header {
		name, value, ok := strings.Cut(h, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !ok || name == "" {
			return problem.New(problem.Usage, "cannot use --header: it must be NAME:VALUE")
		}
		if err := grant.Header(name, value); err != nil {
			hint := "credentials are sent by the program itself: --api-key or LITELLM_PROXY_API_KEY gives another key"
			if grant.Header("any-"+name, value) != nil { // wrong whatever it is called
				hint = "a name has letters, digits and -, and a value is one line of text"
			}
			return problem.New(problem.Usage, "cannot use --header: %v", err).WithHint("%s", hint)
		}
		r.Headers = append(r.Headers, sdk.Header{Name: name, Value: value})
	}
	return nil
}

// body reads the body and reports whether it is JSON.
func (c *requestCmd) body(ctx context.Context, inv *sdk.Invocation, r *sdk.Request) (isJSON bool, err error) {
	switch {
	case c.JSON != "":
		r.Body, err = content(ctx, inv, "json", string(c.JSON))
		if err == nil && !json.Valid(r.Body) {
			err = problem.New(problem.Usage, "cannot use --json: the file is not valid JSON")
		}
		return true, err
	case inv.Given("data"):
		r.Body, err = content(ctx, inv, "data", c.Data)
		return json.Valid(r.Body), err
	case c.Input != "":
		r.Body, err = inv.Input(ctx, "input", 0)
		return json.Valid(r.Body), err
	case len(c.Field) > 0:
		return c.fields(ctx, inv, r)
	}
	return false, nil
}

// fields makes a JSON body of the assignments, or a query where a body has no meaning.
func (c *requestCmd) fields(ctx context.Context, inv *sdk.Invocation, r *sdk.Request) (isJSON bool, err error) {
	fields := map[string]any{}
	schema := body.Operation(r.Method, r.Path)
	for i, f := range c.Field {
		read := func() ([]byte, error) { return inv.Input(ctx, "field", i) }
		if err := body.Assign(fields, schema, string(f), read); err != nil {
			return false, &problem.Error{Code: problem.Usage, Message: fmt.Sprintf("cannot use --field %v", err), Field: body.Name(string(f))}
		}
	}
	if r.Method == "GET" || r.Method == "HEAD" {
		return false, addToQuery(r, fields)
	}
	r.Body, err = json.Marshal(fields)
	return true, err
}

// addToQuery puts fields in the place of the query's parameters of their names: a list as one parameter for each of its
// elements, null as none.
func addToQuery(r *sdk.Request, fields map[string]any) error {
	query, err := parseQuery(r.Query)
	if err != nil {
		return err
	}
	for name, value := range fields {
		query.Del(name)
		elements, ok := value.([]any)
		if !ok {
			elements = []any{value}
		}
		for _, element := range elements {
			switch element := element.(type) {
			case nil:
			case string:
				query.Add(name, element)
			case bool, json.Number:
				query.Add(name, fmt.Sprint(element))
			default:
				return &problem.Error{
					Code: problem.Usage, Message: fmt.Sprintf("cannot use --field %s: an object or a list of lists has no place in a query", name), Field: name,
					Hint: "a dot that is part of a name is written \\.",
				}
			}
		}
	}
	r.Query = query.Encode()
	return nil
}

// content is the text itself, or what the file behind @FILE or @- holds.
func content(ctx context.Context, inv *sdk.Invocation, flag, text string) ([]byte, error) {
	if strings.HasPrefix(text, "@") {
		return inv.Input(ctx, flag, 0)
	}
	return []byte(text), nil
}

func hasHeader(r sdk.Request, name string) bool {
	return slices.ContainsFunc(r.Headers, func(h sdk.Header) bool { return strings.EqualFold(h.Name, name) })
}
