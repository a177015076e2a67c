package chat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// call is one question to a model.
type call struct {
	model   string
	request map[string]any // the body
	// show gets the text of the first answer as it comes; nil for nobody. It is not called for an answer in one piece.
	show func(text string) error
}

// longestPage is how much is read of what should be an event stream and is none, in bytes.
const longestPage = 16 << 20

// ask asks. With an error the reply holds what had come before it, and is nil where nothing could.
func (c *call) ask(ctx context.Context, inv *sdk.Invocation) (*reply, error) {
	ctx = sdk.Attempting(ctx, "ask %s", c.model)
	streams, _ := c.request["stream"].(bool)
	if streams && c.request["stream_options"] == nil {
		c.request["stream_options"] = map[string]any{"include_usage": true}
	}
	raw, err := json.Marshal(c.request)
	if err != nil {
		return nil, fmt.Errorf("encode the question to %s: %w", c.model, err)
	}
	request := sdk.Request{Method: "POST", Path: path, Body: raw, Headers: []sdk.Header{{Name: "Content-Type", Value: "application/json"}}}
	if !streams {
		response, err := inv.Do(ctx, request)
		if err != nil {
			return nil, err
		}
		return c.whole(response, response.Body)
	}
	response, stream, err := inv.Stream(ctx, request)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	if kind, _, _ := mime.ParseMediaType(header(response, "Content-Type")); kind != "text/event-stream" {
		page, err := io.ReadAll(io.LimitReader(stream, longestPage))
		if err != nil {
			return nil, err
		}
		return c.whole(response, page)
	}
	r := &reply{attempt: "ask " + c.model, cost: header(response, costHeader), show: c.show}
	if err := r.read(stream); err != nil {
		return r, c.broken(ctx, err)
	}
	drain(stream)
	return r, nil
}

// costHeader tells what an answer in one piece has cost, in dollars; streams have none (observed on LiteLLM 1.106.2 and
// 1.83.14).
const costHeader = "X-Litellm-Response-Cost"

func header(r *sdk.Response, name string) string {
	for _, h := range r.Headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// broken is the error of a stream that ended before its end.
func (c *call) broken(ctx context.Context, err error) error {
	var known *problem.Error
	switch {
	case errors.As(err, &known):
		return known
	case ctx.Err() != nil:
		return problem.New(problem.Interrupted, "cannot ask %s: interrupted", c.model)
	}
	return problem.New(problem.Unreachable, "cannot ask %s: %v", c.model, err)
}

// drain reads what follows the end of the events: nothing, for which the gateway gets a moment. A request that is
// cancelled before the gateway has ended its answer looks to it like a caller who has gone.
func drain(stream io.ReadCloser) {
	late := time.AfterFunc(time.Second, func() { _ = stream.Close() })
	defer late.Stop()
	_, _ = io.Copy(io.Discard, stream)
}

// whole reads an answer in one piece, which an event stream that was asked for may turn out to be.
func (c *call) whole(response *sdk.Response, raw []byte) (*reply, error) {
	attempt := "ask " + c.model
	top, ok := object(raw)
	switch {
	case ok && top["error"] != nil:
		return nil, refused(attempt, top["error"])
	case ok && isList(top["choices"]):
		return &reply{attempt: attempt, raw: raw, top: top, cost: header(response, costHeader)}, nil
	}
	why := "the answer is neither an event stream nor a completion"
	if text := strings.ToLower(strings.TrimSpace(string(raw[:min(len(raw), 200)]))); strings.HasPrefix(text, "<!doctype html") || strings.HasPrefix(text, "<html") {
		why = "the address answered with a web page"
	}
	return nil, problem.New(problem.Unreachable, "cannot %s: %s", attempt, why).WithHint("is this the LiteLLM gateway's own address?")
}

func isList(v any) bool {
	_, ok := v.([]any)
	return ok
}
