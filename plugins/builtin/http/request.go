package http

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

var methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}

// credentials are headers that the host would refuse to every plugin; here the person who wrote one is told.
var credentials = []string{"authorization", "cookie", "proxy-authorization", "x-api-key", "api-key", "x-litellm-api-key"}

// request builds the request from the command line.
func (c *requestCmd) request(ctx context.Context, inv *sdk.Invocation) (sdk.Request, error) {
	r := sdk.Request{Method: strings.ToUpper(c.Method)}
	if !slices.Contains(methods, r.Method) {
		return r, problem.New(problem.Usage, "cannot send a request: the method %q is none of %s", c.Method, strings.Join(methods, ", "))
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

// target splits the path from its query.
func (c *requestCmd) target(r *sdk.Request) error {
	if strings.Contains(c.Path, "://") || strings.HasPrefix(c.Path, "//") {
		return problem.New(problem.Usage, "cannot send a request to %q: give the path alone, from the gateway's root", c.Path).
			WithHint("--base-url names another gateway")
	}
	path, query, _ := strings.Cut(c.Path, "?")
	if strings.Contains(path, "#") || strings.Contains(query, "#") {
		return problem.New(problem.Usage, "cannot send a request to %q: a # in it must be written %%23", c.Path)
	}
	r.Path, r.Query = "/"+strings.TrimPrefix(path, "/"), query
	return nil
}

func (c *requestCmd) headers(r *sdk.Request) error {
	for _, h := range c.Header {
		name, value, ok := strings.Cut(h, ":")
		name = strings.TrimSpace(name)
		if !ok || name == "" {
			return problem.New(problem.Usage, "cannot use --header: it must be NAME:VALUE")
		}
		if slices.Contains(credentials, strings.ToLower(name)) {
			return problem.New(problem.Usage, "cannot use --header %s: credentials are sent by the program itself", name).
				WithHint("--api-key or LITELLM_PROXY_API_KEY gives another key")
		}
		r.Headers = append(r.Headers, sdk.Header{Name: name, Value: strings.TrimSpace(value)})
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
		query, err := url.ParseQuery(r.Query)
		if err != nil {
			return false, problem.New(problem.Usage, "cannot read the query of the path: %v", err)
		}
		for name, value := range fields {
			query.Set(name, parameter(value))
		}
		r.Query = query.Encode()
		return false, nil
	}
	r.Body, err = json.Marshal(fields)
	return true, err
}

// parameter is a value as a query has it: text as it is, anything else as JSON.
func parameter(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(raw)
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
