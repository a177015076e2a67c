package chat

import (
	"net/http"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

// What can go wrong with an answer: the code, what is said, what is true of the part that came. Nothing is asked twice, and
// no half answer is a record.
func TestFailures(t *testing.T) {
	const incomplete, nothing = "the answer is incomplete", "no part of the answer came"
	inside := func(e string) http.HandlerFunc { return stream(word("Hel"), `data: {"error":`+e+"}\n\n", done) }
	for name, c := range map[string]struct {
		answer      http.HandlerFunc
		code        problem.Code
		says, state string
	}{
		"an error in the stream":       {inside(`{"message":"litellm.APIError: gone","type":"api_error","param":null,"code":"500"}`), problem.Unreachable, "the gateway failed: litellm.APIError: gone", incomplete},
		"a rate limit in the stream":   {inside(`{"message":"slow down","type":"throttling_error","code":"429"}`), problem.Unreachable, "slow down", incomplete},
		"a budget in the stream":       {inside(`{"message":"Budget has been exceeded! Key=a","type":"budget_exceeded","code":400}`), problem.Refused, "a budget is spent: Budget has been exceeded! Key=a", incomplete},
		"a refusal in the stream":      {inside(`{"message":"not yours","type":"None","code":"403"}`), problem.Denied, "not yours", incomplete},
		"a bad request in the stream":  {inside(`{"message":"bad","type":"None","code":"400"}`), problem.Refused, "cannot ask mock-gpt: bad", incomplete},
		"no such thing in the stream":  {inside(`{"message":"none","code":"404"}`), problem.NotFound, "none", incomplete},
		"a text for an error":          {inside(`"out of order"`), problem.Unreachable, "out of order", incomplete},
		"an error without a reason":    {inside(`{}`), problem.Unreachable, "no reason", incomplete},
		"an error of another shape":    {inside(`{"detail":"d"}`), problem.Unreachable, `{"detail":"d"}`, incomplete},
		"an error first":               {stream(`data: {"error":{"message":"m","code":"500"}}` + "\n\n"), problem.Unreachable, "m", nothing},
		"no [DONE]":                    {stream(word("Hel"), stop), problem.Unreachable, "the answer was cut off", incomplete},
		"a connection that breaks":     {cutOff(word("Hel")), problem.Unreachable, "the answer was cut off", incomplete},
		"one that breaks in an event":  {cutOff(word("Hel"), word("lo")[:40]), problem.Unreachable, "the answer was cut off", incomplete},
		"one that breaks at once":      {cutOff(""), problem.Unreachable, "the answer was cut off", nothing},
		"half an event at the end":     {stream(word("Hel"), word("lo")[:40]), problem.Unreachable, "the answer was cut off", incomplete},
		"an event that is not JSON":    {stream(word("Hel"), "data: Internal Server Error\n\n"), problem.Unreachable, "the answer was cut off", incomplete},
		"an event that is no object":   {stream(word("Hel"), "data: [1]\n\n", done), problem.Unreachable, "the answer was cut off", incomplete},
		"two objects in an event":      {stream(word("Hel"), "data: {}{}\n\n", done), problem.Unreachable, "the answer was cut off", incomplete},
		"nothing but [DONE]":           {stream(done), problem.Unreachable, "the answer holds nothing", nothing},
		"nothing at all":               {stream(), problem.Unreachable, "the answer was cut off", nothing},
		"a web page":                   {answer(200, "text/html", "<!DOCTYPE html><p>Sign in</p>"), problem.Unreachable, "a web page", ""},
		"other text":                   {answer(200, "text/plain", "hello"), problem.Unreachable, "neither an event stream nor a completion", ""},
		"JSON of another kind":         {answer(200, "application/json", `{"ok":true}`), problem.Unreachable, "neither an event stream nor a completion", ""},
		"an error whose status is 200": {answer(200, "application/json", `{"error":{"message":"m","code":"401"}}`), problem.Denied, "m", ""},
		"an unknown model":             {answer(400, "application/json", `{"error":{"message":"Invalid model name"}}`), problem.Refused, "", ""},
		"a model that is not allowed":  {answer(403, "application/json", `{}`), problem.Denied, "", ""},
		"a rate limit":                 {answer(429, "application/json", `{}`), problem.Refused, "", ""},
		"a server that fails":          {answer(500, "text/plain", "x"), problem.Unreachable, "", ""},
	} {
		for mode, host := range map[string]sdktest.Host{"text": terminal(nil), "record": {Formatted: true}} {
			g := &gateway{t: t, answer: c.answer}
			r := g.once(host, "--stream")
			if r.Code() != c.code || !strings.Contains(r.Err.Error(), c.says) || !strings.HasPrefix(problem.As(r.Err).State, c.state) {
				t.Errorf("%s, %s: %d %v (%s)", name, mode, r.Code(), r.Err, problem.As(r.Err).State)
			}
			if len(r.Requests) != 1 || len(r.Records) > 0 {
				t.Errorf("%s, %s: %d requests, %s", name, mode, len(r.Requests), r.Records)
			}
			if want := "Hel\n"; mode == "text" && c.state == incomplete && r.Text != want {
				t.Errorf("%s: %q is printed, not %q", name, r.Text, want)
			}
			if mode == "record" && c.state == incomplete && !strings.Contains(problem.As(r.Err).State, "3 characters of it came, and are not printed") {
				t.Errorf("%s: %s", name, problem.As(r.Err).State)
			}
		}
	}
}

// A gateway that does not stream when asked to has answered all the same.
func TestNotStreamed(t *testing.T) {
	g := &gateway{t: t, answer: answer(200, "application/json", whole)}
	if r := g.once(terminal(g), "--stream"); r.Err != nil || r.Text != "Hello\n" {
		t.Errorf("%v %q", r.Err, r.Text)
	}
	if r := g.once(sdktest.Host{}, "--stream"); r.Err != nil || string(r.Records[0]) != whole {
		t.Errorf("%v %s", r.Err, r.Records)
	}
}

// In one piece, what is no completion is an error too.
func TestNotWhole(t *testing.T) {
	for body, code := range map[string]problem.Code{
		`{"error":{"message":"m","type":"budget_exceeded"}}`: problem.Refused, "": problem.Unreachable, "[]": problem.Unreachable, "<html>": problem.Unreachable,
		whole[:40]: problem.Unreachable, `{"choices":{}}`: problem.Unreachable,
	} {
		g := &gateway{t: t, answer: answer(200, "application/json", body)}
		if r := g.once(sdktest.Host{}); r.Code() != code || len(r.Records) > 0 {
			t.Errorf("%s: %v %s", body, r.Err, r.Records)
		}
	}
}
