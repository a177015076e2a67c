//go:build unix

package plugin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// TestRefusal has a plugin ask for what it may not: each is refused, and no server hears of it.
func TestRefusal(t *testing.T) {
	mine, asked := gateway(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+testKey {
			t.Errorf("Authorization is not the host's key")
		}
		_, _ = fmt.Fprintf(w, "saw %s %s", r.Method, r.URL.Path)
	})
	other, reached := gateway(t, func(http.ResponseWriter, *http.Request) {})
	host := strings.TrimPrefix(other.URL, "http://")

	allowed := surroundings{server: mine}.run(t, "bad", "ask", "GET", "/thing/1", "--header", "X-Mine: 1")
	if allowed.code != 0 || allowed.stdout != "saw GET /thing/1" || asked.Load() != 1 {
		t.Fatalf("what is granted is refused: %+v", allowed)
	}
	asked.Store(0)

	tests := []struct {
		name string
		args []string
	}{
		{"undeclared path", []string{"GET", "/user/list"}},
		{"undeclared method", []string{"DELETE", "/thing/1"}},
		{"encoded slash", []string{"GET", "/key%2Flist"}},
		{"encoded slash in a value", []string{"GET", "/thing/1%2F..%2F..%2Fkey%2Flist"}},
		{"encoded backslash", []string{"GET", "/thing/..%5Ckey"}},
		{"encoded twice", []string{"GET", "/thing/%252e%252e"}},
		{"dots", []string{"GET", "/thing/../user/list"}},
		{"dots at the end", []string{"GET", "/thing/.."}},
		{"encoded dots", []string{"GET", "/thing/%2e%2e"}},
		{"empty segment", []string{"GET", "/thing//1"}},
		{"host after slashes", []string{"GET", "//" + host + "/x"}},
		{"absolute address", []string{"GET", "http://" + host + "/"}},
		{"user in the path", []string{"GET", "@" + host + "/thing/1"}},
		{"query in the path", []string{"GET", "/thing/1?x=1"}},
		{"line end in the path", []string{"GET", "/thing/1\r\nX: y"}},
		{"line end in the method", []string{"GET / HTTP/1.1\r\nX: y\r\n\r\nGET", "/thing/1"}},
		{"write while reading", []string{"POST", "/thing/1"}},
		{"Authorization", []string{"GET", "/thing/1", "--header", "Authorization: Bearer mine"}},
		{"authorization", []string{"GET", "/thing/1", "--header", "authorization: Bearer mine"}},
		{"x-api-key", []string{"GET", "/thing/1", "--header", "x-api-key: mine"}},
		{"x_api_key", []string{"GET", "/thing/1", "--header", "x_api_key: mine"}},
		{"Cookie", []string{"GET", "/thing/1", "--header", "Cookie: token=mine"}},
		{"Proxy-Authorization", []string{"GET", "/thing/1", "--header", "Proxy-Authorization: Basic bWluZQ=="}},
		{"Host", []string{"GET", "/thing/1", "--header", "Host: " + host}},
		{"line end in a header", []string{"GET", "/thing/1", "--header", "X-Mine: 1\r\nAuthorization: Bearer mine"}},
		{"line end in a header's name", []string{"GET", "/thing/1", "--header", "X-Mine\r\nAuthorization: Bearer mine"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := surroundings{server: mine}.run(t, append([]string{"bad", "ask"}, test.args...)...)
			if got.code != int(problem.Plugin) {
				t.Errorf("exit %d, want %d", got.code, problem.Plugin)
			}
			wants(t, "stderr", got.stderr, "plugin bad asked for", "refused")
			if got.stdout != "" {
				t.Errorf("stdout: %q", got.stdout)
			}
		})
	}
	t.Cleanup(func() {
		if asked.Load() != 0 || reached.Load() != 0 {
			t.Errorf("%d requests reached the gateway and %d another server", asked.Load(), reached.Load())
		}
	})
}

// TestOwnStreams holds that what a plugin prints by itself is not output, and is shown to who debugs.
func TestOwnStreams(t *testing.T) {
	t.Parallel()
	got := surroundings{}.run(t, "bad", "print")
	if got.code != 0 || got.stdout != "the output\n" || got.stderr != "" {
		t.Errorf("%+v", got)
	}
	got = surroundings{}.run(t, "bad", "print", "--debug")
	if got.code != 0 || got.stdout != "the output\n" {
		t.Errorf("%+v", got)
	}
	wants(t, "stderr", got.stderr, "words for stderr", "words for stdout", "words for descriptor 2")
	got = surroundings{}.run(t, "bad", "flood", "stderr", "10", "50000", "--debug")
	if n := strings.Count(got.stderr, "x"); n < 500_000 {
		t.Errorf("%d of 500000 characters came", n)
	}
}
