package chat

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

// talk holds a conversation in which the lines are typed.
func (g *gateway) talk(h sdktest.Host, args []string, lines ...string) *sdktest.Result {
	g.t.Helper()
	h.Terminal = terminal(g).Terminal
	h.Lines = lines
	return g.run(h, args...)
}

// said are the messages of the n-th question, as "user:a|assistant:b".
func (g *gateway) said(n int) string {
	g.t.Helper()
	if n >= len(g.asked) {
		g.t.Fatalf("only %d questions were asked", len(g.asked))
	}
	var out []string
	for _, m := range g.asked[n]["messages"].([]any) {
		out = append(out, m.(map[string]any)["role"].(string)+":"+m.(map[string]any)["content"].(string))
	}
	return strings.Join(out, "|")
}

// echo answers with the number of the question.
func echo(g *gateway) {
	g.answer = func(w http.ResponseWriter, r *http.Request) {
		stream(word("a"+string(rune('0'+len(g.asked)))), stop, tokens, done)(w, r)
	}
}

func TestConversation(t *testing.T) {
	g := &gateway{t: t}
	echo(g)
	r := g.talk(sdktest.Host{}, []string{"mock-gpt", "-s", "Brief", "-t", "0.5", "--max-tokens", "9"},
		"Hello, you", "", "  ", " more ", "/system Long", "//slash", "/system", "bare", "/model mock-claude", "other", "/clear", "anew", "/exit", "never")
	if r.Err != nil || r.Text != "a1\na2\na3\na4\na5\na6\n" || len(r.Records) > 0 {
		t.Fatalf("%v %q", r.Err, r.Text)
	}
	for i, want := range []string{
		"system:Brief|user:Hello, you",
		"system:Brief|user:Hello, you|assistant:a1|user:more",
		"system:Long|user:Hello, you|assistant:a1|user:more|assistant:a2|user:/slash",
		"user:Hello, you|assistant:a1|user:more|assistant:a2|user:/slash|assistant:a3|user:bare",
		"user:Hello, you|assistant:a1|user:more|assistant:a2|user:/slash|assistant:a3|user:bare|assistant:a4|user:other",
		"user:anew",
	} {
		if got := g.said(i); got != want {
			t.Errorf("question %d\n got %s\nwant %s", i+1, got, want)
		}
	}
	if g.asked[0]["temperature"] != json.Number("0.5") || g.asked[0]["max_tokens"] != json.Number("9") || g.asked[0]["stream"] != true {
		t.Errorf("%v", g.asked[0])
	}
	if g.asked[4]["model"] != "mock-claude" || r.Prompts[0] != "mock-gpt> " || r.Prompts[len(r.Prompts)-1] != "mock-claude> " {
		t.Errorf("%v %q", g.asked[4]["model"], r.Prompts)
	}
	if !noticed(r, "8 tokens in, 4 out") || !noticed(r, "you talk with mock-gpt") {
		t.Errorf("%q", r.Notices)
	}
	// Without flags nothing is sent that was not asked for.
	g = &gateway{t: t}
	echo(g)
	if r := g.talk(sdktest.Host{}, []string{"mock-gpt"}, "x"); r.Err != nil || len(g.asked[0]) != 4 {
		t.Errorf("%v %v", r.Err, g.asked)
	}
}

// A message that fails is not kept, and the conversation goes on; one error block tells of it.
func TestFailedMessage(t *testing.T) {
	for name, c := range map[string]struct {
		answer  http.HandlerFunc
		notices []string
	}{
		"a rate limit":   {answer(429, "application/json", "slow down"), []string{"litellm-proxy: cannot POST", "  said slow down", "the message is not kept"}},
		"a cut":          {cutOff(word("Hel")), []string{"litellm-proxy: cannot ask mock-gpt: the answer was cut off", "the answer is incomplete; the message is not kept"}},
		"no [DONE]":      {stream(word("Hel")), []string{"the answer was cut off", "the answer is incomplete; the message is not kept"}},
		"in the stream":  {stream(`data: {"error":{"message":"m","type":"budget_exceeded"}}` + "\n\n"), []string{"a budget is spent: m", "try  raise the budget", "the message is not kept"}},
		"an empty one":   {stream(stop, done), []string{"the answer is empty", "the message is not kept"}},
		"a web page":     {answer(200, "text/html", "<html>"), []string{"a web page", "the message is not kept"}},
		"a dead gateway": {cutOff(), []string{"", "the message is not kept"}},
	} {
		g := &gateway{t: t}
		g.answer = func(w http.ResponseWriter, r *http.Request) {
			if len(g.asked) == 2 {
				c.answer(w, r)
				return
			}
			stream(word("a"), stop, done)(w, r)
		}
		r := g.talk(sdktest.Host{}, []string{"mock-gpt"}, "one", "two", "three")
		if r.Err != nil || g.said(2) != "user:one|assistant:a|user:three" {
			t.Errorf("%s: %v %s", name, r.Err, g.said(2))
		}
		for _, want := range c.notices {
			if !noticed(r, want) {
				t.Errorf("%s: no %q in %q", name, want, r.Notices)
			}
		}
	}
}

// Ctrl-C ends an answer and not the conversation: the request ends, and what came is kept.
func TestInterruptedAnswer(t *testing.T) {
	ended := make(chan struct{}, 9)
	g := &gateway{t: t}
	g.answer = func(w http.ResponseWriter, r *http.Request) {
		if len(g.asked) == 2 {
			stream(word("one "), word("two "))(w, r)
			<-r.Context().Done()
			ended <- struct{}{}
			return
		}
		stream(word("a"), stop, done)(w, r)
	}
	host := sdktest.Host{DataDir: t.TempDir(), Interrupt: func(printed string) bool { return strings.HasSuffix(printed, "two ") }}
	r := g.talk(host, []string{"mock-gpt"}, "x", "y", sdktest.CtrlC, "z", "/history", "/save n")
	if r.Err != nil || r.Text != "a\none two \na\nyou: x\nmock-gpt: a\nyou: y\nmock-gpt (cut): one two \nyou: z\nmock-gpt: a\n" {
		t.Errorf("%v %q", r.Err, r.Text)
	}
	if g.said(2) != "user:x|assistant:a|user:y|assistant:one two |user:z" || !noticed(r, "interrupted: what came is kept") || !noticed(r, howToLeave) {
		t.Errorf("%s %q", g.said(2), r.Notices)
	}
	<-ended
	raw, err := os.ReadFile(filepath.Join(host.DataDir, "conversations", "n.json"))
	if err != nil || !strings.Contains(string(raw), `"cut": true`) {
		t.Errorf("%v %s", err, raw)
	}
}

func TestChoose(t *testing.T) {
	for name, c := range map[string]struct {
		lines  []string
		model  string
		notice string
	}{
		"by number":            {[]string{"2", "x"}, "mock-claude", "   2  mock-claude"},
		"by name":              {[]string{" mock-gpt ", "x"}, "mock-gpt", ""},
		"after a wrong number": {[]string{"3", "0", "", sdktest.CtrlC, "1", "x"}, "mock-gpt", "they go from 1 to 2"},
		"a name not listed":    {[]string{"openai/gpt", "x"}, "openai/gpt", "does not list"},
		"the end":              {nil, "", ""},
		"again":                {[]string{"1", "/model", "2", "x"}, "mock-claude", ""},
		"the end later":        {[]string{"1", "/model"}, "", ""},
	} {
		g := &gateway{t: t}
		echo(g)
		r := g.talk(sdktest.Host{}, nil, c.lines...)
		if r.Err != nil || !noticed(r, c.notice) {
			t.Errorf("%s: %v %q", name, r.Err, r.Notices)
		}
		if c.model == "" && len(g.asked) > 0 || c.model != "" && (len(g.asked) != 1 || g.asked[0]["model"] != c.model) {
			t.Errorf("%s: %v", name, g.asked)
		}
	}
	none := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answer(200, "application/json", `{"data":[]}`)(w, r) })
	h := terminal(nil)
	h.Gateway = none
	if r := sdktest.Run(t, Plugin(), h); r.Code() != problem.NotFound {
		t.Error(r.Err)
	}
	h.Gateway = answer(401, "application/json", `{}`)
	if r := sdktest.Run(t, Plugin(), h); r.Code() != problem.Denied {
		t.Error(r.Err)
	}
	h.Lines = []string{"/model", "/exit"}
	if r := sdktest.Run(t, Plugin(), h, "mock-gpt"); r.Err != nil || !noticed(r, "cannot GET /v1/models") {
		t.Errorf("%v %q", r.Err, r.Notices)
	}
}

func TestSlash(t *testing.T) {
	g := &gateway{t: t}
	echo(g)
	r := g.talk(sdktest.Host{}, []string{"mock-gpt"}, "/help", "/modelx", "/history", "/save", "/load none", "/list", "/q")
	if r.Err != nil || len(g.asked) > 0 {
		t.Errorf("%v %v", r.Err, g.asked)
	}
	for _, want := range []string{"/load NAME", "there is no /modelx", "nothing has been said yet", "no directory for conversations"} {
		if !noticed(r, want) {
			t.Errorf("no %q in %q", want, r.Notices)
		}
	}
	// A dry run has one message, and shows its request.
	if r := g.talk(sdktest.Host{DryRun: true}, []string{"mock-gpt"}, "x", "y"); r.Err != nil || len(r.Planned) != 1 {
		t.Errorf("%v %v", r.Err, r.Planned)
	}
	// A conversation cannot be formatted.
	if r := g.talk(sdktest.Host{Formatted: true}, []string{"mock-gpt"}, "x"); r.Code() != problem.Usage || len(r.Prompts) > 0 {
		t.Errorf("%v %v", r.Err, r.Prompts)
	}
}

// Where standard input is no terminal it is one message.
func TestInput(t *testing.T) {
	g := &gateway{t: t, answer: stream(word("Hello"), stop, tokens, done)}
	input := map[string][]byte{"input": []byte("line one\nline two\n")}
	r := g.run(sdktest.Host{Inputs: input}, "mock-gpt", "-s", "Brief", "-t", "1")
	if r.Err != nil || r.Text != "Hello\n" || len(r.Records)+len(r.Prompts)+len(r.Notices) > 0 || g.said(0) != "system:Brief|user:line one\nline two" {
		t.Errorf("%v %q %s", r.Err, r.Text, g.said(0))
	}
	g.answer = answer(200, "application/json", whole)
	if r := g.run(sdktest.Host{Inputs: input, Formatted: true}, "mock-gpt"); r.Err != nil || string(r.Records[0]) != whole || r.Text != "" {
		t.Errorf("%v %s", r.Err, r.Records)
	}
	g.answer = cutOff(word("Hel"))
	if r := g.run(sdktest.Host{Inputs: input}, "mock-gpt"); r.Code() != problem.Unreachable || r.Text != "Hel\n" {
		t.Errorf("%v %q", r.Err, r.Text)
	}
	// A file is asked on a terminal too.
	host := terminal(g)
	host.Inputs = input
	g.answer = stream(word("Hello"), stop, done)
	if r := g.run(host, "mock-gpt", "--input", "question.txt"); r.Err != nil || r.Text != "Hello\n" || len(r.Prompts) > 0 {
		t.Errorf("%v %q", r.Err, r.Text)
	}
	for name, c := range map[string]struct {
		input string
		args  []string
	}{"empty": {" \n", []string{"mock-gpt"}}, "no text": {"\xff", []string{"mock-gpt"}}, "no model": {"x", nil}} {
		g := &gateway{t: t}
		if r := g.run(sdktest.Host{Inputs: map[string][]byte{"input": []byte(c.input)}}, c.args...); r.Code() != problem.Usage || len(r.Requests) > 0 {
			t.Errorf("%s: %v", name, r.Err)
		}
	}
	// An interrupt ends it, and what came stays.
	g.answer = func(w http.ResponseWriter, r *http.Request) {
		stream(word("Hel"))(w, r)
		<-r.Context().Done()
	}
	h := sdktest.Host{Inputs: input, Interrupt: func(string) bool { return true }}
	if r := g.run(h, "mock-gpt"); r.Code() != problem.Interrupted || r.Text != "Hel\n" || !strings.Contains(problem.As(r.Err).State, "incomplete") {
		t.Errorf("%v %q", r.Err, r.Text)
	}
}
