//go:build linux

package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// TestProtectedAsks deletes in a protected profile at a terminal: the profile's name must be typed there, whatever else is said.
func TestProtectedAsks(t *testing.T) {
	t.Parallel()
	var deleted atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			deleted.Add(1)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"success":true}`)
	}))
	t.Cleanup(server.Close)
	h := newHome(t, server.URL)
	h.must(t, "profile", "add", "prod", server.URL, "--protected")
	for name, c := range map[string]struct {
		words []string // before the command
		typed string   // empty: nothing is asked
		code  int
		gone  int32
	}{
		"the name":               {[]string{"--profile", "prod"}, "prod\r", 0, 1},
		"the name in other case": {[]string{"--profile", "prod"}, " Prod \r", 0, 1},
		"another name":           {[]string{"--profile", "prod"}, "dev\r", 9, 0},
		"yes is not enough":      {[]string{"--profile", "prod"}, "y\r", 9, 0},
		"nothing":                {[]string{"--profile", "prod"}, "\r", 9, 0},
		"the end of the input":   {[]string{"--profile", "prod"}, ctrlD, 9, 0},
		"an interrupt":           {[]string{"--profile", "prod"}, ctrlC, 130, 0},
		"both on the line":       {[]string{"--profile", "prod", "--yes"}, "", 0, 1},
		"a dry run":              {[]string{"--profile", "prod", "--dry-run"}, "", 0, 0},
	} {
		deleted.Store(0)
		s := h.screen(t, 80, append(c.words, "http", "request", "DELETE", "/credentials/c")...)
		if c.typed != "" {
			s.await("(prod):", "DELETE /credentials/c", "Type its name to delete: ")
			s.press(c.typed)
		}
		s.ends(c.code)
		if got := deleted.Load(); got != c.gone {
			t.Errorf("%s: %d were deleted, not %d:\n%s", name, got, c.gone, s.all())
		}
	}
}
