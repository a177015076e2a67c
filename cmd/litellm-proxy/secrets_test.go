//go:build linux

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// echo answers with everything it was sent, in the form that the path names, and with the status that the query names.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	said := []string{r.URL.RawQuery, string(body)}
	for name, values := range r.Header {
		said = append(said, name+": "+strings.Join(values, ", "))
		if name != "Content-Length" && name != "Content-Type" && name != "Accept-Encoding" {
			w.Header().Set("X-Echo-"+name, strings.Join(values, ", "))
		}
	}
	text := strings.Join(said, "\n")
	in64 := base64.StdEncoding.EncodeToString([]byte("user:" + strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")))
	record, _ := json.Marshal(map[string]any{"said": text, "escaped": url.QueryEscape(text), "basic": in64, "error": nil, "data": []string{text}})
	types := map[string]string{"/json": "application/json", "/sse": "text/event-stream", "/html": "text/html", "/text": "text/plain"}
	w.Header().Set("Content-Type", types[r.URL.Path])
	switch {
	case r.URL.Query().Get("status") != "":
		status := 0
		_, _ = fmt.Sscan(r.URL.Query().Get("status"), &status)
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"message": text + " " + in64, "type": "x", "code": fmt.Sprint(status)}})
	case r.URL.Path == "/sse":
		// A secret is cut in two by the network.
		for _, line := range append(said, string(record)) {
			half := len(line) / 2
			fmt.Fprintf(w, "data: %s", line[:half])
			w.(http.Flusher).Flush()
			fmt.Fprintf(w, "%s\n\n", line[half:])
		}
	case r.URL.Path == "/json":
		_, _ = w.Write(record)
	default:
		_, _ = io.WriteString(w, "<!doctype html>"+text+" "+in64)
	}
}

// TestSecretsDoNotComeBack sends secrets in every way there is to a server that gives everything back, and looks for them,
// plain, as in a URL, in JSON and in base64, in all that the program prints and writes.
func TestSecretsDoNotComeBack(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(echo))
	defer server.Close()
	const canary = "cana/ry+of=a\"secret\"-0123456789"
	lines := [][]string{
		{"models", "add", "x", "-p", "api_key=" + canary},
		{"--dry-run", "models", "add", "x", "-p", "api_key=" + canary, "-o", "csv"},
		{"--dry-run", "models", "add", "x", "-p", "api_key=" + canary, "-o", "yaml"},
		{"--dry-run", "models", "add", "x", "-p", "extra_headers.x-my-auth=" + canary},
		{"models", "add", "x", "-p", "api_key=" + canary, "-p", "max_retries=" + canary},
		{"--api-key", "-" + canary, "models", "list"},
		{"--api-key", canary, "--no-such-flag", "models", "list"},
		{"--base-url", "http://127.0.0.1:1/?token=" + canary, "models", "list"},
		{"http", "request", "GET", "http://other.example/x?token=" + url.QueryEscape(canary)},
	}
	for _, path := range []string{"/json", "/sse", "/html", "/text", "/json?status=400", "/json?status=500", "/json?status=401"} {
		for _, more := range [][]string{
			{"-j", `{"litellm_params":{"api_key":` + string(quoted(canary)) + `}}`},
			{"-d", "a=1&password=" + url.QueryEscape(canary)},
			{"-d", "{'api_key': '" + canary + "'}"},
			{"-H", "X-My-Auth: " + canary},
			{"-H", "X-Vault-Token:" + canary},
			{"-f", "client_secret=" + canary},
			{"-i"}, {"-i", "--debug"},
		} {
			lines = append(lines, append([]string{"http", "request", "POST", path}, more...), append([]string{"http", "request", "POST", path, "--debug"}, more...))
			if strings.HasPrefix(path, "/json") && len(more) > 1 {
				lines = append(lines, append([]string{"--dry-run", "http", "request", "POST", path + "?x=1&token=" + url.QueryEscape(canary), "-o", "csv"}, more...))
			}
		}
	}
	for _, format := range []string{"json", "jsonl", "yaml", "csv", "tsv", "table", "wide"} {
		lines = append(lines, []string{"http", "request", "GET", "/json", "-o", format})
	}
	h := newHome(t, server.URL)
	for _, line := range lines {
		var out bytes.Buffer
		cmd := h.command(t.Context(), line...)
		cmd.Dir, cmd.Stdout, cmd.Stderr = h.dir, &out, &out
		_ = cmd.Run()
		for _, secret := range []string{canary, processKey} {
			if form := holds(out.String(), secret); form != "" {
				t.Errorf("litellm-proxy %s\nprints %q:\n%s", strings.Join(line, " "), form, out.String())
			}
		}
	}
	_ = filepath.WalkDir(h.dir, func(path string, entry fs.DirEntry, _ error) error {
		if content, err := os.ReadFile(path); err == nil && !entry.IsDir() {
			for _, secret := range []string{canary, processKey} {
				if form := holds(string(content), secret); form != "" {
					t.Errorf("%s holds %q", path, form)
				}
			}
		}
		return nil
	})
}

func quoted(s string) []byte {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return raw
}

// holds returns a form of the secret that stands in text; "" if none does.
func holds(text, secret string) string {
	inJSON := string(quoted(secret))
	forms := []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), inJSON[1 : len(inJSON)-1], strings.ReplaceAll(secret, `"`, `""`),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte("user:" + secret)),
	}
	for _, form := range forms {
		if strings.Contains(text, form) {
			return form
		}
	}
	// The tail that is shown on purpose has four characters.
	if tail := secret[len(secret)-10:]; strings.Contains(text, tail) {
		return tail
	}
	return ""
}
