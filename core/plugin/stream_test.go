//go:build unix

package plugin_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// TestStream passes an answer on as it comes: the first piece is there before the second is sent.
func TestStream(t *testing.T) {
	t.Parallel()
	goOn := make(chan struct{})
	server, _ := gateway(t, func(w http.ResponseWriter, r *http.Request) {
		for i := range 3 {
			_, _ = fmt.Fprintf(w, "piece %d\n", i)
			w.(http.Flusher).Flush()
			select {
			case <-goOn:
			case <-r.Context().Done():
				return
			}
		}
	})
	r := surroundings{server: server}.begin(t, "bad", "stream")
	for i := range 3 {
		r.says(t, fmt.Sprintf("piece %d", i))
		goOn <- struct{}{}
	}
	r.ends(t, 0)
}

// TestStreamCut breaks an answer off: what has come is passed on, and then an error.
func TestStreamCut(t *testing.T) {
	t.Parallel()
	server, asked := gateway(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = fmt.Fprintln(w, "half")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	got := surroundings{server: server}.run(t, "bad", "stream")
	if got.code != int(problem.Unreachable) || got.stdout != "half\n" || asked.Load() != 1 {
		t.Errorf("%+v, asked %d times", got, asked.Load())
	}
	wants(t, "stderr", got.stderr, "cannot pass it on")
}

// TestStreamStalls stops an answer in the middle: --timeout ends it.
func TestStreamStalls(t *testing.T) {
	t.Parallel()
	server, _ := gateway(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintln(w, "half")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	got := surroundings{server: server}.run(t, "bad", "stream", "--timeout", "500ms")
	if got.code != int(problem.TimedOut) {
		t.Errorf("%+v", got)
	}
	wants(t, "stderr", got.stderr, "cannot pass it on")
}

// TestStreamClosed closes a body in the middle: the gateway sees the request end while the command goes on.
func TestStreamClosed(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	server, _ := gateway(t, func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		_, _ = fmt.Fprintln(w, "first")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	r := surroundings{server: server}.begin(t, "bad", "stream", "--close", "1")
	r.says(t, "first")
	<-ended
	if err := r.stdin.Close(); err != nil {
		t.Fatal(err)
	}
	r.ends(t, 0)
}

// TestStreamRefused is an answer of another status: an error, and no body.
func TestStreamRefused(t *testing.T) {
	t.Parallel()
	server, _ := gateway(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, `{"detail":"No"}`, http.StatusForbidden) })
	got := surroundings{server: server}.run(t, "bad", "stream")
	if got.code != int(problem.Denied) || got.stdout != "" {
		t.Errorf("%+v", got)
	}
}
