package credentials_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// shows makes the gateway answer with one credential, as text.
func (f *fake) shows(credential string) {
	f.before = func(out http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/credentials" {
			credential = `{"success":true,"credentials":[` + credential + `]}`
		}
		_, _ = out.Write([]byte(credential))
		return true
	}
}

// TestMasks: the gateway masks some names and shows all others in clear. Nothing else of what it says changes.
func TestMasks(t *testing.T) {
	const shown = `{"credential_name": "one", "display_name":null, "credential_info":{"custom_llm_provider":"azure","max_tokens":5,"hint":"sk-in-the-info-123456","n":0.70},
		"credential_values":{"api_key":"su****ey","note":"plain-looking-secret","pin":"1234","token":1234,"num":12345678901234567890,
		"api_base":"https://a.example","api_version":"2024-02-01","conn_host":"https://me:pw@host/","region":"eu","ref":"os.environ/KEY","deep":{"password":"hunter2","region":"us"},"esc":"a\"\u00e9secret!!"},"source":"db"}`
	const want = `{"credential_name": "one", "display_name":null, "credential_info":{"custom_llm_provider":"azure","max_tokens":5,"hint":"sk****56","n":0.70},
		"credential_values":{"api_key":"su****ey","note":"pl****et","pin":"*****","token":"*****","num":12345678901234567890,
		"api_base":"https://a.example","api_version":"2024-02-01","conn_host":"ht****t/","region":"eu","ref":"os.environ/KEY","deep":{"password":"*****","region":"us"},"esc":"*****"},"source":"db"}`
	for _, line := range []string{"get one", "list"} {
		f := newFake(t, false)
		f.shows(shown)
		if r := f.want(t, problem.OK, strings.Fields(line)...); len(r.Records) != 1 || string(r.Records[0]) != want {
			t.Errorf("%s\n%s\nwant\n%s", line, r.Records, want)
		}
	}
}

func TestList(t *testing.T) {
	versions(t, func(t *testing.T, f *fake) {
		f.made(t, "one")
		f.made(t, "two")
		if r := f.want(t, problem.OK, "list"); len(r.Records) != 2 || string(r.Listing.GetAround()) != `{"success":true}` {
			t.Errorf("%s, %v", r.Records, r.Listing)
		}
		if r := f.want(t, problem.OK, "list", "--limit", "1"); len(r.Records) != 1 || r.Listing.GetTotal() != 2 {
			t.Errorf("%s, %v", r.Records, r.Listing)
		}
	})
}

// TestNotLiteLLM: another server's answer is none, and its 404 says nothing about a credential.
func TestNotLiteLLM(t *testing.T) {
	lines := [][]string{
		{"list"}, {"get", "one"}, {"delete", "one", "--ignore-missing"}, {"delete", "one", "--force", "--ignore-missing"},
		{"update", "one", "--info", `{"a":1}`}, oneCreate, append(append([]string{}, oneCreate...), "--if-not-exists"),
	}
	for _, line := range lines {
		for _, body := range []string{`{}`, `{"data":null,"credentials":null}`, `[]`, `{"data":[null],"credentials":[null]}`, `{"credential_name":"other"}`} {
			f := newFake(t, false)
			f.before = func(out http.ResponseWriter, _ *http.Request) bool { _, _ = out.Write([]byte(body)); return true }
			if r := f.run(line...); r.Code() != problem.Unreachable || len(r.Records) > 0 || sent(r) != "" {
				t.Errorf("%q on %s: %d %v, %s", line, body, r.Code(), r.Err, r.Records)
			}
		}
		f := newFake(t, false)
		f.before = func(out http.ResponseWriter, r *http.Request) bool {
			answer(out, 404, object{"detail": "Not Found"})
			return true
		}
		if r := f.run(line...); r.Code() != problem.NotFound || len(r.Records) > 0 || sent(r) != "" || strings.Contains(r.Err.Error(), "there is no credential") {
			t.Errorf("%q: %d %v, %s", line, r.Code(), r.Err, r.Records)
		}
	}
}
