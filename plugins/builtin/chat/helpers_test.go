package chat

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

// gateway is one whose model answers with an event stream, in pieces that are flushed one by one, or with what answer does.
type gateway struct {
	t      *testing.T
	answer http.HandlerFunc
	asked  []map[string]any // the bodies of all questions
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/v1/models" {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"data":[{"id":"mock-gpt"},{"id":"mock-claude"}],"object":"list"}`)
		return
	}
	raw, err := io.ReadAll(r.Body)
	body, ok := object(raw)
	if err != nil || !ok || r.Method != http.MethodPost || r.URL.Path != "/chat/completions" {
		g.t.Errorf("%s %s %s: %v", r.Method, r.URL.Path, raw, err)
	}
	g.asked = append(g.asked, body)
	g.answer(w, r)
}

// stream answers with pieces of an event stream.
func stream(pieces ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		for _, piece := range pieces {
			_, _ = io.WriteString(w, piece)
			_ = http.NewResponseController(w).Flush()
		}
	}
}

// cutOff answers with pieces and then breaks the connection off.
func cutOff(pieces ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		stream(pieces...)(w, r)
		panic(http.ErrAbortHandler)
	}
}

// answer answers with a body in one piece.
func answer(status int, kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("X-Litellm-Response-Cost", "1.35e-05")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// word is an event that adds to the first answer, as LiteLLM sends it.
func word(text string) string {
	raw, _ := json.Marshal(text)
	return `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1795487064,"model":"mock-gpt","choices":[{"index":0,"delta":{"role":"assistant","content":` +
		string(raw) + `}}]}` + "\n\n"
}

// The end of a stream: the reason, the usage, [DONE].
const (
	stop   = `data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}` + "\n\n"
	tokens = `data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{}}],"usage":{"completion_tokens":4,"prompt_tokens":8,"total_tokens":12,"cost":3.6e-6}}` + "\n\n"
	done   = "data: [DONE]\n\n"
)

// whole is a completion in one piece, its members in the gateway's order.
const whole = `{"id":"chatcmpl-1","created":1795487064,"model":"mock-gpt","object":"chat.completion","choices":[{"finish_reason":"stop","index":0,"message":{"content":"Hello","role":"assistant"}}],"usage":{"completion_tokens":20,"prompt_tokens":10,"total_tokens":30}}`

// bytesOf cuts a text into pieces of one byte.
func bytesOf(text string) (out []string) {
	for i := range len(text) {
		out = append(out, text[i:i+1])
	}
	return out
}

// terminal is a host at a terminal.
func terminal(g *gateway) sdktest.Host {
	return sdktest.Host{Gateway: g, Terminal: sdk.Terminal{Stdin: true, Stdout: true, Stderr: true, Width: 80}}
}

func (g *gateway) run(h sdktest.Host, args ...string) *sdktest.Result {
	g.t.Helper()
	h.Gateway = g
	return sdktest.Run(g.t, Plugin(), h, args...)
}

// ask asks once, and wants the code.
func (g *gateway) once(h sdktest.Host, more ...string) *sdktest.Result {
	g.t.Helper()
	return g.run(h, append([]string{"completions", "mock-gpt", "-m", "user:Hello, you"}, more...)...)
}

// noticed reports whether a notice holds text.
func noticed(r *sdktest.Result, text string) bool {
	return strings.Contains(strings.Join(r.Notices, "\n"), text)
}
