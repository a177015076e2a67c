package transport

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func TestPolicyPaths(t *testing.T) {
	p := Policy{Plugin: "acme", Effect: Destroy, Grants: []*protocol.Grant{
		{Methods: []string{"GET"}, Path: "/key/list"}, {Methods: []string{"GET", "PATCH"}, Path: "/team/{id}"}, {Methods: []string{"*"}, Path: "/openai/{rest…}"}, {Methods: []string{"POST"}, Path: "/a/{b}/c"}, {Methods: []string{"GET"}, Path: "/x/{y}/{z...}"},
		{Methods: []string{"GET"}, Path: "no/slash"}, {Methods: []string{"GET"}, Path: "/bad/{rest…}/more"}, {Methods: []string{"DELETE"}, Path: "/empty/{}"},
	}}
	for _, ok := range []string{
		"GET /key/list", "GET /team/eng", "PATCH /team/a%20b", "GET /team/%65ng", "GET /k%65y/list", "POST /openai/v1/chat", "DELETE /openai/", "GET /openai/a%2Fb%5c%25", "GET /openai/a//b",
		"POST /a/b/c", "GET /x/1/2/3", "GET /team/a.b", "GET /team/...", "GET /team/a:b@c", "GET /openai/a%252Fb", "GET /team/é",
	} {
		method, path, _ := strings.Cut(ok, " ")
		if _, err := p.Check(Request{Method: method, Path: path}); err != nil {
			t.Errorf("%s: %v", ok, err)
		}
	}
	for _, bad := range []string{
		"POST /key/list", "GET /key/list/", "GET /key", "GET /", "GET ", "GET key/list", "GET /key%2Flist", "GET /key%2flist", "GET /key%252Flist", "GET /key%5Clist", `GET /key\list`,
		"GET //key/list", "GET /key//list", "GET /key/./list", "GET /key/../key/list", "GET /team/..", "GET /team/.", "GET /team/%2e%2e", "GET /team/%2E", "GET /team/.%2e", "GET /team/a%2Fb",
		"GET /team/a%25b", "GET /team/", "GET /team/a/b", "GET /team/a%00", "GET /team/a%0d%0a", "GET /team/a\x7f", "GET http://evil/key/list", "GET //evil/key/list", "GET /key/list?x=y", "GET /key/list#x",
		"GET /openai/../key/list", "GET /openai/%2e%2e/key/list", "GET /openai/..%2fkey", "GET /openai/a%2F..%2F..%2Fkey", "GET /openai/%252e%252e/key", "GET /openai/%25252e%25252e/key", "GET /openai/..%5ckey",
		"GET /openai/..;/key", "GET /openai%2Fv1", "GET /openai", "GET /x%2F1/2/3", "GET /x/1%2F2/3", "GET /x//3", "GET no/slash", "GET /bad/1/more", "DELETE /empty/x", "get /key/list", "GET /team/%", "GET /team/%zz",
		"GET /team/a b", "GET /team/a\u2028b", "GET /openai/a%0ab",
	} {
		method, path, _ := strings.Cut(bad, " ")
		_, err := p.Check(Request{Method: method, Path: path})
		if err == nil {
			t.Errorf("%q is allowed", bad)
		} else if e := problem.As(err); e.Code != problem.Plugin || !strings.Contains(e.Message, "acme") {
			t.Errorf("%q: %+v", bad, e)
		}
	}
}

func TestPolicyEffects(t *testing.T) {
	all := []*protocol.Grant{{Methods: []string{"*"}, Path: "/{all…}"}}
	const refused = Verdict(-1)
	for _, c := range []struct {
		method, path string
		read, dry    Verdict
	}{
		{"GET", "/key/list", Send, Send}, {"HEAD", "/key/list", Send, Send}, {"POST", "/v2/key/info", Send, Send}, {"POST", "/v2%2Fkey/info", Send, Send},
		{"POST", "/key/generate", refused, Hold}, {"DELETE", "/credentials/x", refused, Hold}, {"PATCH", "/team/x", refused, Hold}, {"PUT", "/v2/key/info", refused, Hold},
		{"POST", "/v1/chat/completions", Send, Hold}, {"POST", "/chat%2Fcompletions", Send, Hold}, {"GET", "/health", Send, Hold}, {"GET", "/he%61lth", Send, Hold}, {"GET", "/health/readiness", Send, Send},
		{"POST", "/health/test_connection", Send, Hold}, {"DELETE", "/openai/v1/files/x", refused, Hold}, {"POST", "/v1/files", refused, Hold},
	} {
		for _, p := range []struct {
			policy Policy
			want   Verdict
		}{
			{Policy{"acme", Read, all, false}, c.read}, {Policy{"acme", Write, all, false}, Send}, {Policy{"acme", Destroy, all, true}, c.dry},
		} {
			got, err := p.policy.Check(Request{Method: c.method, Path: c.path, Body: []byte("{}")})
			if err != nil {
				got = refused
			}
			if got != p.want {
				t.Errorf("%s %s as %d: %d %v, want %d", c.method, c.path, p.policy.Effect, got, err, p.want)
			}
		}
	}
}

func TestEffects(t *testing.T) {
	for _, spending := range []string{
		"/chat/completions", "/v1/chat/completions", "/engines/gpt-4/chat/completions", "/openai/deployments/gpt-4/chat/completions", "/completions", "/v1/completions", "/engines/x/completions", "/embeddings",
		"/v1/embeddings", "/openai/deployments/x/embeddings", "/v1/images/generations", "/images/edits", "/v1/audio/speech", "/audio/transcriptions", "/v1/responses", "/openai/v1/responses", "/responses/compact",
		"/v1/messages", "/v1/messages/count_tokens", "/rerank", "/v1/rerank", "/v2/rerank", "/v1/moderations", "/moderations", "/ocr", "/v1beta/models/gemini-pro:generateContent", "/models/x:streamGenerateContent",
		"/anthropic/v1/messages", "/vertex-ai/v1/x", "/vertex_ai/x", "/gemini/v1beta/models/x:generateContent", "/bedrock/model/x/invoke", "/azure/x", "/cohere/v1/chat", "/mistral/x", "/health/test_connection",
		"/v1/search", "/videos", "/rag/query", "/vector_stores/x/search", "/threads/x/runs", "/prompts/test",
	} {
		if !IsSpending("POST", spending) {
			t.Errorf("POST %s is spending", spending)
		}
	}
	for _, free := range []string{"/key/generate", "/model/new", "/v1/files", "/batches", "/fine_tuning/jobs", "/vector_stores", "/assistants", "/v1/threads/x/messages", "/prompts", "/search_tools", "/videosx", "/", "", "/v1", "/openai", "/models"} {
		if IsSpending("POST", free) {
			t.Errorf("POST %s is not spending", free)
		}
	}
	for _, get := range []string{"/chat/completions", "/v1/responses/x", "/openai/v1/models", "/health/readiness", "/health/history"} {
		if IsSpending("GET", get) || IsWrite("GET", get) {
			t.Errorf("GET %s is free", get)
		}
	}
	if !IsWrite("get", "/key/list") || !IsWrite("", "/") || !IsWrite("DELETE", "/v2/key/info") || IsWrite("OPTIONS", "/x") || !IsWrite("POST", "/v2/key/info/") {
		t.Error("IsWrite")
	}
}

func FuzzPolicyPath(f *testing.F) {
	for _, s := range []string{"/key/list", "/key%2Flist", "/team/..", "/team/%2e%2e", "//evil/x", "/team/a%25b", "/team/é", "/a;b/c", "/team/a%C3%A9", "/%ff/a"} {
		f.Add(s)
	}
	p := Policy{Plugin: "acme", Effect: Destroy, Grants: []*protocol.Grant{{Methods: []string{"*"}, Path: "/{a}"}, {Methods: []string{"*"}, Path: "/{a}/{b}"}, {Methods: []string{"*"}, Path: "/{a}/{b}/{c}"}}}
	rest := Policy{Plugin: "acme", Effect: Destroy, Grants: []*protocol.Grant{{Methods: []string{"*"}, Path: "/files/{rest…}"}}}
	f.Fuzz(func(t *testing.T, path string) {
		r := Request{Method: "GET", Path: path}
		if _, err := p.Check(r); err == nil {
			decoded, err := url.PathUnescape(path)
			if err != nil {
				t.Fatal(err)
			}
			parts := strings.Split(decoded, "/")
			if len(parts) != strings.Count(path, "/")+1 || parts[0] != "" {
				t.Fatalf("%q", path)
			}
			for _, s := range parts[1:] {
				if s == "" || s == "." || s == ".." || strings.ContainsAny(s, "\\%") || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
					t.Fatalf("%q in %q", s, path)
				}
			}
			// What net/http would send is what was checked.
			u, err := url.Parse("http://gateway" + path)
			if err != nil {
				return
			}
			if u.Host != "gateway" || u.Path != decoded || u.RawQuery != "" || u.Fragment != "" {
				t.Fatalf("%q is %#v", path, u)
			}
			if _, err := http.NewRequest("GET", u.String(), nil); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := rest.Check(r); err == nil {
			if !strings.HasPrefix(path, "/files/") && !strings.HasPrefix(mustUnescape(t, path), "/files/") {
				t.Fatalf("%q", path)
			}
			for s := path; ; {
				for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '\\' }) {
					if part == ".." {
						t.Fatalf("%q", path)
					}
				}
				d, err := url.PathUnescape(s)
				if err != nil || d == s {
					break
				}
				s = d
			}
		}
	})
}

func mustUnescape(t *testing.T, s string) string {
	d, err := url.PathUnescape(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
