package transport

import (
	"net/http"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/core/redact"
)

func TestLearn(t *testing.T) {
	form := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	yaml := http.Header{"Content-Type": {"application/yaml"}}
	for name, r := range map[string]Request{
		"query":  {Query: "size=1&api_key=opaque-0001"},
		"header": {Header: http.Header{"X-Any": {"opaque-0001"}, "Accept": {"text/event-stream"}}},
		"json":   {Body: []byte(`{"api_key":"opaque-0001"}`)},
		"form":   {Header: form, Body: []byte("a=1&password=opaque-0001")},
		"text":   {Header: yaml, Body: []byte("a: 1\npassword: opaque-0001\n")},
		"python": {Body: []byte(`{'api_key': 'opaque-0001'}`)},
	} {
		var secrets redact.Redactor
		Learn(&secrets, r)
		if got := secrets.String("opaque-0001 text/event-stream"); got != "[hidden] text/event-stream" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Whatever a header says, its secrets are not in the trace, nor the queries of its addresses.
func TestTraceOfHeaders(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
		for name, value := range map[string]string{
			"Location": "https://ada:CANARY@idp.example/login?state=CANARY#CANARY", "Link": `<https://h/next?cursor=CANARY>; rel="next"`,
			"X-Next": "/page?token=CANARY", "X-Session-Token": "CANARY", "X-Some-Key": "CANARY", "X-Cookie": "CANARY", "X-Amz-Authorization": "CANARY",
			"Set-Cookie": "session=CANARY", "Refresh": "0; url=https://h/?CANARY", "Content-Location": "next?CANARY", "X-Plain": "is it? yes",
		} {
			w.Header().Set(name, value)
		}
		w.WriteHeader(302)
	})
	c, trace, _ := client(t, g.URL, nil)
	e := fails(t, c, get)
	if strings.Contains(trace.String()+e.Message, "CANARY") {
		t.Error(trace.String(), e.Message)
	}
	has(t, "trace", trace.String(), "< Location: https://idp.example/login?[hidden]\n", `< Link: <https://h/next?[hidden]>; rel="next"`, "< X-Session-Token: [hidden]\n", "< X-Plain: is it? yes\n")
}
