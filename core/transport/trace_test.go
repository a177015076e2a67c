package transport

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func TestTrace(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
		w.Header()["Date"] = nil
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Set-Cookie", "session=abcdef")
		fmt.Fprint(w, `{ "key": "sk-made-by-the-server-1234", "token": "`+hash+`", "key_name": "sk-...1234", "litellm_params": {"api_key": "hunter-two", "model": "m"},
			"credential_values": {"x": "hunter-three", "deep": [{"y": "hunter-four"}]}, "max_tokens": 5, "text": "a\u001b[31mb\u202ec" }`)
	})
	c, trace, _ := client(t, g.URL, nil)
	_, err := c.Do(t.Context(), Request{Method: "POST", Path: "/model/new", Query: "api_key=in-query&size=1", Header: http.Header{"X-Secret-Key": {"in-header"}}, Body: []byte(`{
		"model_name": "m",
		"litellm_params": {"api_key": "upstream-secret"}
	}`)})
	if err != nil {
		t.Fatal(err)
	}
	got := trace.String()
	has(t, "trace", got,
		"> POST /model/new?api_key=[hidden]&size=1\n", "> Authorization: [hidden]\n", "> X-Secret-Key: [hidden]\n", "> Content-Type: application/json\n",
		`> {"model_name":"m","litellm_params":{"api_key":"[hidden]"}}`+"\n",
		"< 200 OK ", " ms\n", "< Set-Cookie: [hidden]\n", `"token":"`+hash+`"`, `"key_name":"sk-...1234"`, `"api_key":"[hidden]","model":"m"`, `{"x":"[hidden]","deep":[{"y":"[hidden]"}]},"max_tokens":5`)
	for _, secret := range []string{canary, "upstream-secret", "in-query", "in-header", "hunter", "made-by-the-server", "session=", "\x1b", "\u202e"} {
		if strings.Contains(got, secret) {
			t.Errorf("%q is in the trace:\n%s", secret, got)
		}
	}
}

func TestTraceOfOddBodies(t *testing.T) {
	big := `["` + strings.Repeat("x", 3*maxTraced) + `"]`
	bodies := []string{"", "plain\ntext", "\x00\x01binary", big, `{"cut`, strings.Repeat("y", 3*maxTraced), "grant=x&client_secret=hunter-two"}
	g := serve(t, func(w http.ResponseWriter, r *http.Request, n int) { fmt.Fprint(w, bodies[(n-1)%len(bodies)]) })
	c, trace, _ := client(t, g.URL, nil)
	for i, b := range bodies {
		trace.Reset()
		r := write
		r.Body = []byte(b)
		if i == len(bodies)-1 {
			r.Header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
		}
		_, _ = c.Do(t.Context(), r)
		if trace.Len() > 3*maxTraced {
			t.Errorf("%d bytes of trace for %.20q", trace.Len(), b)
		}
		for line := range strings.Lines(trace.String()) {
			if line[0] != '<' && line[0] != '>' {
				t.Errorf("%.20q: %q", b, line)
			}
		}
		if strings.Contains(trace.String(), "hunter") {
			t.Error(trace.String())
		}
	}
}

// A key must not be seen in any form in anything that a person or a log sees, whatever the gateway answers.
func TestCanary(t *testing.T) {
	forms := []string{
		canary, url.QueryEscape(canary), url.PathEscape(canary), strings.ReplaceAll(canary, "/", `\/`), base64.StdEncoding.EncodeToString([]byte(canary)), base64.RawURLEncoding.EncodeToString([]byte(canary)),
		base64.StdEncoding.EncodeToString([]byte("user:" + canary)), "canaryInBody",
	}
	all := strings.Join(forms, " ")
	inner := base64.StdEncoding.EncodeToString([]byte("user:" + canary))[8:]
	forms = append(forms, inner[:len(inner)-4])
	for _, status := range []int{200, 302, 400, 401, 403, 404, 422, 429, 500, 503} {
		for _, body := range []string{
			`{"error":{"message":"` + all + `","type":"` + all + `","param":"` + all + `"}}`, `{"detail":[{"loc":["body","` + all + `"],"msg":"` + all + `"}]}`, `{"detail":"` + all + `"}`, all,
			`{"error":{"message":"{'error': '` + all + `'}"}}`, "",
		} {
			g := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
				w.Header().Set("X-Echo", all)
				if status == 302 {
					w.Header().Set("Location", "/login/"+url.PathEscape(canary))
				}
				w.WriteHeader(status)
				fmt.Fprint(w, body)
			})
			c, trace, _ := client(t, g.URL, nil)
			for _, r := range []Request{
				{Method: "GET", Path: "/key/info", Query: "key=" + url.QueryEscape(canary), Attempt: "read key " + canary},
				{Method: "POST", Path: "/model/new", Body: []byte(`{"key":"` + canary + `","litellm_params":{"api_key":"canaryInBody"}}`)},
				{Method: "GET", Path: "/bad path/" + canary},
			} {
				_, err := c.Do(t.Context(), r)
				out := trace.String()
				if err != nil {
					out += fmt.Sprintf("%+v %v", err, *problem.As(err))
				}
				for _, f := range forms {
					if strings.Contains(out, f) && f != "canaryInBody" {
						t.Fatalf("%d %.40s: %q is in\n%s", status, body, f, out)
					}
				}
				// A body's secret is none before it has been sent.
				if r.Method == "POST" && err != nil && strings.Contains(fmt.Sprintf("%v", *problem.As(err)), "canaryInBody") {
					t.Fatal(err)
				}
			}
		}
	}
}
