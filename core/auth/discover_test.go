package auth

import (
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// A credential travels in the clear on this machine alone.
func TestAddress(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://llm.example.com": true, "http://localhost:4000": true, "http://LOCALHOST.:4000": true, "http://a.localhost": true, "http://127.0.0.1:4000": true, "http://127.9.9.9": true,
		"http://[::1]:4000": true, "http://llm.example.com": false, "http://10.0.0.1:4000": false, "http://localhost.example.com": false, "http://127.0.0.1.example.com": false, "http://0.0.0.0:4000": false,
	} {
		l, _, _ := loginAt(t, address, &person{})
		err := l.checkAddress()
		if (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
		if !ok {
			_, err := l.Run(t.Context())
			fails(t, err, problem.Usage, "plain http", address)
		}
	}
}

func TestSameAddress(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"https://a.example", "https://A.Example:443/", true},
		{"http://a.example:80/x", "http://a.example/x/", true},
		{"http://[::1]:4000", "http://[::1]:4000/", true},
		{"https://a.example", "http://a.example", false},
		{"https://a.example", "https://a.example:8443", false},
		{"https://a.example/x", "https://a.example", false},
		{"https://a.example/x", "https://a.example/X", false},
		{"http://localhost:4000", "http://127.0.0.1:4000", false},
		{"https://a.example", "https://u@a.example", false},
		{"https://a.example", "https://a.example/?q", false},
		{"https://a.example", "https://a.example.evil.example", false},
		{"https://a.example", "", false},
		{"https://a.example", "https://a.example\n", false},
	} {
		if sameAddress(c.a, c.b) != c.same || sameAddress(c.b, c.a) != c.same {
			t.Errorf("%s and %s", c.a, c.b)
		}
	}
}

func TestPathAt(t *testing.T) {
	for _, c := range []struct{ base, address, path string }{
		{"https://a.example", "https://a.example/token", "/token"},
		{"https://a.example/llm", "https://A.example:443/llm/token", "/token"},
		{"https://a.example/llm", "https://a.example/token", ""},
		{"https://a.example/llm", "https://a.example/llmtoken", ""},
		{"https://a.example", "https://a.example", ""},
		{"https://a.example", "http://a.example/token", ""},
		{"https://a.example", "https://a.example:444/token", ""},
		{"https://a.example", "https://a.example@evil.example/token", ""},
		{"https://a.example", "https://u:p@a.example/token", ""},
		{"https://a.example", "https://a.example/token?to=evil", ""},
		{"https://a.example", "//a.example/token", ""},
		{"https://a.example", "/token", ""},
		{"https://a.example", "", ""},
	} {
		if path, ok := pathAt(c.base, c.address); ok != (c.path != "") || ok && path != c.path {
			t.Errorf("%s below %s: %q %t", c.address, c.base, path, ok)
		}
	}
}

// TestIssuer: a gateway that calls itself otherwise is named, and so is what to do.
func TestIssuer(t *testing.T) {
	for name, c := range map[string]struct {
		base, issuer string
		code         problem.Code // 0: it is accepted
		says         []string
	}{
		"the same":              {"https://a.example", "https://a.example/", 0, nil},
		"another name":          {"http://127.0.0.1:4000", "http://localhost:4000", problem.Usage, []string{"127.0.0.1:4000", "--base-url http://localhost:4000"}},
		"another host":          {"https://a.example", "https://b.example/x", problem.Usage, []string{"https://a.example", "--base-url https://b.example/x", "PROXY_BASE_URL"}},
		"a TLS terminator":      {"https://a.example", "http://a.example", problem.Failed, []string{"calls itself http://a.example", "must set PROXY_BASE_URL to https://a.example", "--no-browser"}},
		"a TLS terminator, :80": {"https://a.example", "http://a.example:4000", problem.Usage, []string{"http://a.example:4000"}},
		"nothing":               {"https://a.example", "", problem.Usage, []string{"calls itself nowhere"}},
		"an escape":             {"https://a.example", "https://b.example/\u202e?secret=1", problem.Usage, []string{"https://b.example/"}},
	} {
		t.Run(name, func(t *testing.T) {
			l, _, _ := loginAt(t, c.base, &person{})
			err := l.checkIssuer(c.issuer)
			if problem.CodeOf(err) != c.code || err == nil != (c.code == 0) {
				t.Fatal(err)
			}
			if err != nil && (!contains(text(err), append(c.says, c.base)...) || contains(text(err), "secret") || strings.Contains(text(err), "\u202e")) {
				t.Error(text(err))
			}
		})
	}
}
