//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// talkingGateway has two models: slow begins an answer and goes on only when the request is cancelled, of which it tells; evil
// answers with what could harm a terminal, in pieces that cut it in two.
func talkingGateway(t *testing.T) (url string, cancelled <-chan struct{}) {
	t.Helper()
	gone := make(chan struct{}, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"data":[{"id":"evil","object":"model"},{"id":"slow","object":"model"}],"object":"list"}`)
			return
		}
		var q struct{ Model string }
		_ = json.NewDecoder(r.Body).Decode(&q)
		w.Header().Set("Content-Type", "text/event-stream")
		say := func(words ...string) {
			for _, word := range words {
				raw, _ := json.Marshal(word)
				_, _ = fmt.Fprintf(w, "data: {\"model\":%q,\"choices\":[{\"index\":0,\"delta\":{\"content\":%s}}]}\n\n", q.Model, raw)
				_ = http.NewResponseController(w).Flush()
			}
		}
		if q.Model == "slow" {
			say("one ", "two")
			<-r.Context().Done()
			gone <- struct{}{}
			return
		}
		say("[b] [/INST] \x1b", "[31mred ", "\u202e", "世界")
		_, _ = io.WriteString(w, `data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}`+"\n\ndata: [DONE]\n\n")
	}))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL, gone
}

// screen is a terminal in which the program runs, and a person who waits for what it shows before typing.
type screen struct {
	t    *testing.T
	cmd  *exec.Cmd
	tty  *os.File
	more chan struct{}

	mu    sync.Mutex
	shown bytes.Buffer
	seen  int // how much of it has been waited for
}

func (h home) screen(t *testing.T, columns int, args ...string) *screen {
	t.Helper()
	cmd := h.command(t.Context(), args...)
	cmd.Env = append(cmd.Env, "TERM=xterm")
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: uint16(columns)})
	if err != nil {
		t.Skipf("there are no pseudo-terminals here: %v", err)
	}
	t.Cleanup(func() { _ = tty.Close() })
	s := &screen{t: t, cmd: cmd, tty: tty, more: make(chan struct{}, 1)}
	go s.watch()
	return s
}

func (s *screen) watch() {
	defer close(s.more)
	buffer := make([]byte, 4096)
	for {
		n, err := s.tty.Read(buffer)
		s.mu.Lock()
		s.shown.Write(buffer[:n])
		s.mu.Unlock()
		if err != nil {
			return
		}
		select {
		case s.more <- struct{}{}:
		default:
		}
	}
}

// await waits until each of the texts has been shown, one after the other.
func (s *screen) await(texts ...string) {
	s.t.Helper()
	late := time.After(patience)
	for _, text := range texts {
		for !s.find(text) {
			select {
			case _, ok := <-s.more:
				if !ok && !s.find(text) {
					s.t.Fatalf("the program ended and did not show %q:\n%s", text, s.all())
				}
			case <-late:
				s.t.Fatalf("it does not show %q:\n%s", text, s.all())
			}
		}
	}
}

func (s *screen) find(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := bytes.Index(s.shown.Bytes()[s.seen:], []byte(text))
	if i >= 0 {
		s.seen += i + len(text)
	}
	return i >= 0
}

func (s *screen) all() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown.String()
}

func (s *screen) press(keys string) {
	s.t.Helper()
	if _, err := io.WriteString(s.tty, keys); err != nil {
		s.t.Fatal(err)
	}
}

// ends waits for the program's end and its exit code.
func (s *screen) ends(code int) {
	s.t.Helper()
	err := s.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || s.cmd.ProcessState.ExitCode() != code {
		s.t.Errorf("%v, not code %d:\n%s", err, code, s.all())
	}
}

const ctrlC, ctrlD = "\x03", "\x04"

// TestConversation holds a conversation at a terminal.
func TestConversation(t *testing.T) {
	t.Parallel()
	url, cancelled := talkingGateway(t)
	for _, columns := range []int{80, 40} {
		h := newHome(t, url)
		s := h.screen(t, columns, "chat")
		s.await("1  evil", "2  slow", "number or name: ")
		s.press("2\r")
		// Ctrl-C ends an answer, the next one too however soon it comes, and the gateway hears of it.
		for range 2 {
			s.await("slow> ")
			s.press("Hello\r")
			s.await("one two")
			s.press(ctrlC)
			s.await("interrupted: what came")
			<-cancelled
		}
		// At the prompt it clears the line.
		s.await("slow> ")
		s.press("abc" + ctrlC)
		s.await("Ctrl-D or /exit", "slow> ")
		s.press("/model evil\r")
		s.await("evil> ")
		s.press("x\r")
		s.await(`[b] [/INST] \x1b[31mred \u202e`, "\n", "3 tokens in, 4 out", "evil> ")
		if shown := s.all(); strings.Contains(shown, "\x1b[31m") || strings.Contains(shown, "\u202e") {
			t.Errorf("it harms the terminal:\n%q", shown)
		}
		s.press("/save kept\r")
		s.await("saved as kept", "evil> ")
		s.press("\x1b[200~a\r/exit\rb\x1b[201~\r") // pasted in one piece
		s.await(`[b] [/INST]`, "evil> ")
		s.press("/exit\r")
		s.ends(0)
		s = h.screen(t, columns, "chat", "slow")
		s.await("slow> ")
		s.press("/load kept\r")
		s.await("loaded kept: 6 messages", "evil> ")
		s.press(ctrlD)
		s.ends(0)
		info, err := os.Stat(filepath.Join(h.dir, "state", "litellm-proxy", "plugins", "chat", "conversations", "kept.json"))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v %v", info, err)
		}
	}
}

// TestConversationEnds ends it from outside: the terminal is as it was.
func TestConversationEnds(t *testing.T) {
	t.Parallel()
	url, cancelled := talkingGateway(t)
	h := newHome(t, url)
	t.Run("asked to end at the prompt", func(t *testing.T) {
		s := h.screen(t, 80, "chat", "slow")
		s.await("slow> ")
		s.press("x\r")
		s.await("one two")
		s.press(ctrlC)
		s.await("interrupted:", "slow> ")
		<-cancelled
		terminate(t, s)
		s.await("\n", "chat was interrupted")
		s.ends(130)
	})
	t.Run("asked to end twice in an answer", func(t *testing.T) {
		s := h.screen(t, 80, "chat", "slow")
		s.await("slow> ")
		s.press("x\r")
		s.await("one two")
		terminate(t, s)
		s.await("interrupted:", "slow> ")
		<-cancelled
		terminate(t, s)
		s.ends(130)
	})
	t.Run("one question", func(t *testing.T) {
		s := h.screen(t, 80, "chat", "completions", "slow", "-m", "user:x")
		s.await("one two")
		s.press(ctrlC)
		s.await("\n", "litellm-proxy: chat completions was interrupted")
		s.ends(130)
		<-cancelled
	})
}

func terminate(t *testing.T, s *screen) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}
