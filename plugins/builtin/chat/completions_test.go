package chat

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

// The body has what is given and nothing else.
func TestRequest(t *testing.T) {
	for want, line := range map[string]string{
		`{"messages":[{"role":"user","content":"Hello, how are you?"}],"model":"m"}`:                                       "-m|user:Hello, how are you?",
		`{"messages":[{"role":"user","content":"a:b,c"},{"role":"assistant","content":"d"}],"model":"m"}`:                  "-m| user : a:b,c |-m|assistant:d",
		`{"messages":[{"role":"system","content":"Brief"},{"role":"user","content":"x"}],"model":"m"}`:                     "-m|user:x|-s|Brief",
		`{"messages":[{"role":"user","content":"from a file"}],"model":"m"}`:                                               "-m|user:@file",
		`{"messages":[{"role":"user","content":"x"}],"model":"m","temperature":0.70,"top_p":0.1,"user":"u-1"}`:             "-m|user:x|-t|0.70|--top-p|0.1|--user|u-1",
		`{"max_tokens":5,"messages":[{"role":"user","content":"x"}],"model":"m","n":2}`:                                    "-m|user:x|--n|2|--max-tokens|5",
		`{"frequency_penalty":-1,"messages":[{"role":"user","content":"x"}],"model":"m","presence_penalty":2}`:             "-m|user:x|--frequency-penalty=-1|--presence-penalty=2",
		`{"messages":[{"role":"user","content":"x"}],"model":"m","seed":7,"stop":["a"],"metadata":{"tags":["b"]}}`:         `-m|user:x|--set|seed=7|--set|stop:=["a"]|--set|metadata.tags:=["b"]`,
		`{"messages":[{"role":"user","content":"x"}],"model":"m","stream":true,"stream_options":{"include_usage":true}}`:   "-m|user:x|--stream",
		`{"messages":[{"role":"user","content":"x"}],"model":"m","stream":true,"stream_options":{"include_usage":false}}`:  "-m|user:x|--set|stream=true|--set|stream_options.include_usage=false",
		`{"messages":[{"role":"user","content":"x"}],"model":"m","stream":false,"temperature":1e-7}`:                       "-m|user:x|--no-stream|-t|1e-7",
		`{"messages":[{"role":"user","content":"x"}],"model":"m","response_format":{"type":"json_object"},"stream":false}`: `-m|user:x|--set|response_format.type=json_object|--no-stream`,
	} {
		g := &gateway{t: t, answer: answer(200, "application/json", whole)}
		host := sdktest.Host{Inputs: map[string][]byte{"message": []byte("from a file\r\n")}}
		r := g.run(host, append([]string{"completions", "m"}, strings.Split(line, "|")...)...)
		if r.Err != nil || len(r.Requests) != 1 {
			t.Errorf("%s: %v", line, r.Err)
			continue
		}
		var a, b any
		_ = json.Unmarshal([]byte(want), &a)
		_ = json.Unmarshal(r.Requests[0].Body, &b)
		left, _ := json.Marshal(a)
		right, _ := json.Marshal(b)
		if string(left) != string(right) {
			t.Errorf("%s\n got %s\nwant %s", line, right, left)
		}
		if strings.Contains(want, "0.70") && !strings.Contains(string(r.Requests[0].Body), "0.70") {
			t.Errorf("a number has lost its digits: %s", r.Requests[0].Body)
		}
	}
}

// Bad messages reach no gateway.
func TestBadMessages(t *testing.T) {
	for line, want := range map[string]string{
		"-m|Hello":                    "there is no colon",
		"-m|user:x|-m|bob:x":          `(value 2): "bob" is no role`,
		"-m|:x":                       `"" is no role`,
		"-m|user:":                    "nothing behind the colon",
		"-m|user:@":                   "missing after @",
		"-m|user:@file":               "empty",
		"-m|user:x|--set|temperature": "PATH",
	} {
		g := &gateway{t: t}
		r := g.run(sdktest.Host{}, append([]string{"completions", "m"}, strings.Split(line, "|")...)...)
		if r.Code() != problem.Usage || !strings.Contains(r.Err.Error(), want) || len(r.Requests) > 0 {
			t.Errorf("%s: %v, want %q", line, r.Err, want)
		}
	}
	g := &gateway{t: t}
	host := sdktest.Host{Inputs: map[string][]byte{"message": []byte("\xff")}}
	if r := g.run(host, "completions", "m", "-m", "user:@file"); r.Code() != problem.Usage {
		t.Error(r.Err)
	}
	for _, args := range [][]string{{"completions", "m"}, {"completions", "-m", "user:x"}, {"completions", "", "-m", "user:x"}} {
		if r := g.run(sdktest.Host{}, args...); r.Code() != problem.Usage {
			t.Errorf("%q: %v", args, r.Err)
		}
	}
}

// Off a terminal the record is what the gateway sent, to the letter.
func TestWhole(t *testing.T) {
	g := &gateway{t: t, answer: answer(200, "application/json", whole)}
	r := g.once(sdktest.Host{})
	if r.Err != nil || len(r.Records) != 1 || string(r.Records[0]) != whole || r.Text != "" || len(r.Notices) > 0 {
		t.Errorf("%v %s %q %q", r.Err, r.Records, r.Text, r.Notices)
	}
	// So it is on a terminal, when a format is asked for.
	host := terminal(g)
	host.Formatted = true
	if r := g.once(host); r.Err != nil || string(r.Records[0]) != whole || r.Text != "" {
		t.Errorf("%v %s %q", r.Err, r.Records, r.Text)
	}
	// On a terminal it is text.
	if r := g.once(terminal(g), "--no-stream"); r.Text != "Hello\n" || len(r.Records) > 0 || !noticed(r, "10 tokens in, 20 out · $0.0000135 · mock-gpt") {
		t.Errorf("%v %q %q", r.Err, r.Text, r.Notices)
	}
}

func TestDryRun(t *testing.T) {
	g := &gateway{t: t}
	for _, more := range []string{"--stream", "--no-stream"} {
		host := sdktest.Host{DryRun: true}
		if r := g.once(host, more); r.Err != nil || len(r.Planned) != 1 || len(r.Requests)+len(r.Records) != 0 {
			t.Errorf("%+v", r)
		}
	}
}

// On a terminal text is printed as it comes, wherever the network cuts it.
func TestStreamed(t *testing.T) {
	events := word("Héllo ") + ": a comment\n\n" + word("世界 👍🏽\n") + word("[/INST] \x1b") + word("[31m") + stop + tokens + done
	for name, pieces := range map[string][]string{"whole": {events}, "bytes": bytesOf(events), "without the last line end": {strings.TrimSpace(events)}} {
		g := &gateway{t: t, answer: stream(pieces...)}
		r := g.once(terminal(g))
		if want := "Héllo 世界 👍🏽\n[/INST] \x1b[31m\n"; r.Err != nil || r.Text != want || len(r.Records) > 0 {
			t.Errorf("%s: %v, %q", name, r.Err, r.Text)
		}
		if strings.Join(r.Notices, "|") != "8 tokens in, 4 out · $0.0000036 · mock-gpt" {
			t.Errorf("%s: %q", name, r.Notices)
		}
	}
	// Where standard error is no terminal nobody wants the tokens there.
	g := &gateway{t: t, answer: stream(events)}
	if r := g.once(sdktest.Host{Terminal: sdk.Terminal{Stdout: true}}); len(r.Notices) != 0 {
		t.Errorf("%q", r.Notices)
	}
}

// With a format the events become one record.
func TestAssembled(t *testing.T) {
	for name, c := range map[string]struct{ events, want string }{
		"one": {word("Hel") + word("lo") + stop + tokens + done,
			`{"id":"chatcmpl-1","object":"chat.completion","created":1795487064,"model":"mock-gpt","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"completion_tokens":4,"cost":3.6e-6,"prompt_tokens":8,"total_tokens":12}}`},
		"several": {`data: {"id":"1","choices":[{"index":1,"delta":{"content":"b","role":"assistant"}},{"index":0,"delta":{"content":"a","role":"assistant"}}]}` + "\n\n" +
			`data: {"id":"1","choices":[{"index":0,"delta":{"content":"A"}}]}` + "\n\n" + `data: {"choices":[{"index":1,"delta":{"content":"B"},"finish_reason":"length"}]}` + "\n\n" + done,
			`{"id":"1","object":"chat.completion","created":null,"model":null,"choices":[{"index":0,"message":{"role":"assistant","content":"aA"},"finish_reason":null},{"index":1,"message":{"role":"assistant","content":"bB"},"finish_reason":"length"}],"usage":null}`},
		"tools": {`data: {"id":"1","choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"c0","type":"function","function":{"name":"weather","arguments":""}}]}}]}` + "\n\n" +
			`data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"c1","type":"function","function":{"name":"time","arguments":"{}"}},{"index":0,"id":"","function":{"arguments":"{\"city\":"}}]}}]}` + "\n\n" +
			`data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"name":null,"arguments":"\"Oslo\"}"}}]},"finish_reason":"tool_calls"}]}` + "\n\n" + done,
			`{"id":"1","object":"chat.completion","created":null,"model":null,"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"function":{"arguments":"{\"city\":\"Oslo\"}","name":"weather"},"id":"c0","index":0,"type":"function"},{"function":{"arguments":"{}","name":"time"},"id":"c1","index":1,"type":"function"}]},"finish_reason":"tool_calls"}],"usage":null}`},
		"more members": {`data: {"id":"1","system_fingerprint":"f","service_tier":null,"choices":[{"index":0,"delta":{"content":"a","reasoning_content":"be"},"logprobs":{"content":[{"token":"a"}]}}]}` + "\n\n" +
			`data: {"choices":[{"index":0,"delta":{"content":"b","reasoning_content":"cause"},"logprobs":{"content":[{"token":"b"}]}}]}` + "\n\n" + done,
			`{"id":"1","object":"chat.completion","created":null,"model":null,"choices":[{"index":0,"message":{"role":"assistant","content":"ab","reasoning_content":"because"},"finish_reason":null,"logprobs":{"content":[{"token":"a"},{"token":"b"}]}}],"usage":null,"system_fingerprint":"f"}`},
	} {
		for _, pieces := range [][]string{{c.events}, bytesOf(c.events)} {
			g := &gateway{t: t, answer: stream(pieces...)}
			r := g.once(sdktest.Host{Formatted: true}, "--stream")
			if r.Err != nil || len(r.Records) != 1 || string(r.Records[0]) != c.want {
				t.Errorf("%s: %v\n got %s\nwant %s", name, r.Err, r.Records, c.want)
			}
		}
	}
}

// As text, several answers stand one after the other, and tool calls as calls.
func TestText(t *testing.T) {
	for name, c := range map[string]struct{ events, text, notices string }{
		"several": {`data: {"choices":[{"index":1,"delta":{"content":"b"}},{"index":0,"delta":{"content":"a"}}]}` + "\n\n" + done, "a\nb\n", "answer 2 of 2:"},
		"tools":   {`data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{}"}}]}}]}` + "\n\n" + done, "f({})\n", ""},
		"refusal": {`data: {"choices":[{"index":0,"delta":{"refusal":"no"}}]}` + "\n\n" + done, "no\n", ""},
		"length":  {`data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"length"}]}` + "\n\n" + done, "a\n", "the answer stops at its limit of tokens (finish_reason length)"},
		"filter":  {`data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"content_filter"}]}` + "\n\n" + done, "a\n", "a filter of the provider's has stopped the answer (finish_reason content_filter)"},
		"nothing": {`data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}` + "\n\n" + done, "", "the answer is empty"},
	} {
		g := &gateway{t: t, answer: stream(c.events)}
		r := g.once(terminal(g))
		if r.Err != nil || r.Text != c.text || strings.Join(r.Notices, "|") != c.notices {
			t.Errorf("%s: %v %q %q", name, r.Err, r.Text, r.Notices)
		}
	}
}
