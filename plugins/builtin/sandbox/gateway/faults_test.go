package gateway

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestParseFault(t *testing.T) {
	good := map[string]Fault{
		"POST /model/new=503x2":             {method: "POST", path: "/model/new", kind: faultStatus, status: 503, count: 2},
		"/v1/*=429:retry-after=2":           {path: "/v1/*", kind: faultStatus, status: 429, retryAfter: "2"},
		"get *=latency:200ms":               {method: "GET", path: "*", kind: faultLatency, latency: 200 * time.Millisecond},
		"/a=latency:1sx3":                   {path: "/a", kind: faultLatency, latency: time.Second, count: 3},
		"/a=cut":                            {path: "/a", kind: faultCut},
		"/a=resetx1":                        {path: "/a", kind: faultReset, count: 1},
		"/a=truncate":                       {path: "/a", kind: faultTruncate},
		"/a=truncate-cleanx2":               {path: "/a", kind: faultTruncateClean, count: 2},
		"/a=html":                           {path: "/a", kind: faultHTML},
		"/a=stall":                          {path: "/a", kind: faultStall},
		"/a=redirect:https://example.com/x": {path: "/a", kind: faultRedirect, target: "https://example.com/x"},
		"/a=redirect:/bx2":                  {path: "/a", kind: faultRedirect, target: "/b", count: 2},
	}
	for spec, want := range good {
		want.spec = spec
		got, err := ParseFault(spec)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", spec, got, err)
		}
		if got.String() != spec {
			t.Errorf("%s prints as %s", spec, got)
		}
	}
	bad := []string{"", "/a", "/a=", "a=503", "=503", "/a=200", "/a=600", "/a=503x0", "/a=503:later=2", "/a=503:retry-after=soon",
		"/a=latency:", "/a=latency:-1s", "/a=latency:5", "/a=cut:2", "/a=explode", "/a=redirect:", "/a=redirect:nowhere",
		"/a=redirect:https://x/\r\ny", "G3T /a=503", "GET /a b=503", "/a=503x99999999999999999999"}
	for _, spec := range bad {
		_, err := ParseFault(spec)
		if err == nil {
			t.Errorf("%q was accepted", spec)
		} else if !strings.Contains(err.Error(), "PATH=ACTION") {
			t.Errorf("%q: the error does not say what is valid: %v", spec, err)
		}
	}
}

// faulty serves a gateway with faults over a real connection.
func faulty(t *testing.T, specs ...string) (*Gateway, *httptest.Server) {
	t.Helper()
	var faults []Fault
	for _, spec := range specs {
		f, err := ParseFault(spec)
		if err != nil {
			t.Fatal(err)
		}
		faults = append(faults, f)
	}
	g := openTest(t, Options{Faults: faults})
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return g, server
}

func ask(ctx context.Context, g *Gateway, s *httptest.Server, method, path, body string) (*http.Response, string, error) {
	req, err := http.NewRequestWithContext(ctx, method, s.URL+path, strings.NewReader(body))
	if err != nil {
		return nil, "", err
	}
	req.Header.Set("Authorization", "Bearer "+g.Key())
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.Client().Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return resp, string(data), err
}

const newOne = `{"model_name":"one","litellm_params":{"model":"openai/gpt-4o","mock_response":"x"}}`

// exists says whether newOne had its effect.
func exists(t *testing.T, g *Gateway) bool { return strings.Contains(names(t, g), "one") }

func TestFaultStatus(t *testing.T) {
	g, s := faulty(t, "POST /model/new=429:retry-after=2x1", "POST /model/*=503x2")
	for _, status := range []int{429, 503, 503} {
		resp, body, err := ask(t.Context(), g, s, "POST", "/model/new", newOne)
		if err != nil || resp.StatusCode != status {
			t.Fatalf("%v, %v, want %d", resp, err, status)
		}
		if status == 429 && (resp.Header.Get("Retry-After") != "2" || !strings.Contains(body, "throttling_error")) {
			t.Errorf("429: %v %s", resp.Header, body)
		}
	}
	if exists(t, g) {
		t.Error("a status came with its effect")
	}
	if resp, _, err := ask(t.Context(), g, s, "POST", "/model/new", newOne); err != nil || resp.StatusCode != 200 {
		t.Errorf("after the faults: %v, %v", resp, err)
	}
}

func TestFaultConnections(t *testing.T) {
	tests := []struct {
		fault  string
		effect bool
		check  func(resp *http.Response, body string, err error) bool
	}{
		{"cut", true, func(_ *http.Response, _ string, err error) bool { return errors.Is(err, io.EOF) }},
		{"reset", false, func(_ *http.Response, _ string, err error) bool { return errors.Is(err, io.EOF) }},
		{"truncate", true, func(_ *http.Response, body string, err error) bool {
			return errors.Is(err, io.ErrUnexpectedEOF) && strings.HasPrefix(body, `{"model_id"`)
		}},
		{"truncate-clean", true, func(_ *http.Response, body string, err error) bool {
			return err == nil && strings.HasPrefix(body, `{"model_id"`) && !strings.HasSuffix(body, "}}")
		}},
		{"html", false, func(resp *http.Response, body string, err error) bool {
			return err == nil && resp.StatusCode == 200 && strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") && strings.Contains(body, "<html>")
		}},
		{"redirect:https://example.com/login", false, func(resp *http.Response, _ string, err error) bool {
			return err == nil && resp.StatusCode == 307 && resp.Header.Get("Location") == "https://example.com/login"
		}},
	}
	for _, test := range tests {
		t.Run(test.fault, func(t *testing.T) {
			g, s := faulty(t, "POST /model/new="+test.fault)
			resp, body, err := ask(t.Context(), g, s, "POST", "/model/new", newOne)
			if !test.check(resp, body, err) {
				t.Errorf("answer: %v %q, error: %v", resp, body, err)
			}
			if got := exists(t, g); got != test.effect {
				t.Errorf("effect: %v, want %v", got, test.effect)
			}
		})
	}
}

func TestFaultStall(t *testing.T) {
	g, s := faulty(t, "POST /model/new=stall")
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	resp, body, err := ask(ctx, g, s, "POST", "/model/new", newOne)
	if !errors.Is(err, context.DeadlineExceeded) || resp == nil || resp.StatusCode != 200 || body != "" {
		t.Errorf("%v %q %v", resp, body, err)
	}
	if !exists(t, g) {
		t.Error("the effect did not happen")
	}
}

func TestFaultLatency(t *testing.T) {
	g, s := faulty(t, "/models=latency:60ms", "/models=500x1")
	start := time.Now()
	resp, _, err := ask(t.Context(), g, s, "GET", "/models", "")
	if err != nil || resp.StatusCode != 500 || time.Since(start) < 60*time.Millisecond {
		t.Errorf("%v %v after %v", resp, err, time.Since(start))
	}
	if resp, _, err := ask(t.Context(), g, s, "GET", "/models", ""); err != nil || resp.StatusCode != 200 {
		t.Errorf("%v %v", resp, err)
	}
}

func TestFaultStream(t *testing.T) {
	const body = `{"model":"mock-gpt","stream":true,"messages":[]}`
	g, s := faulty(t, "/chat/completions=truncatex1", "/chat/completions=truncate-cleanx1")
	_, text, err := ask(t.Context(), g, s, "POST", "/chat/completions", body)
	if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(text, "data: ") || strings.Contains(text, "[DONE]") {
		t.Errorf("truncate: %q %v", text, err)
	}
	_, text, err = ask(t.Context(), g, s, "POST", "/chat/completions", body)
	if err != nil || !strings.HasPrefix(text, "data: ") || strings.Contains(text, "[DONE]") {
		t.Errorf("truncate-clean: %q %v", text, err)
	}
	_, text, err = ask(t.Context(), g, s, "POST", "/chat/completions", body)
	if err != nil || !strings.HasSuffix(text, "data: [DONE]\n\n") {
		t.Errorf("without fault: %q %v", text, err)
	}
}
