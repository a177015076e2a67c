package credentials_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

var oneCreate = []string{"create", "one", "--info", `{"custom_llm_provider":"azure","n":0.70}`, "--values", `{"api_key":"supersecretkey","api_base":"https://a.example"}`}

func TestCreate(t *testing.T) {
	versions(t, func(t *testing.T, f *fake) {
		r := f.want(t, problem.OK, oneCreate...)
		if out := read(t, r); out["result"] != "created" || out["credential_values"] != nil || strings.Contains(string(r.Records[0]), "secret") {
			t.Errorf("%s", r.Records)
		}
		if got := f.database["one"]["credential_values"].(object)["api_key"]; got != "supersecretkey" {
			t.Error(got)
		}
	})
}

// TestCreateInUse: a duplicate is 409 on one version and 500 on the other, and the same to people.
func TestCreateInUse(t *testing.T) {
	versions(t, func(t *testing.T, f *fake) {
		f.made(t, "one")
		r := f.want(t, problem.Refused, oneCreate...)
		if e := problem.As(r.Err); !strings.Contains(e.Message, "the name is in use") || e.State != problem.Unchanged || sent(r) != "" {
			t.Errorf("%+v, %s", e, sent(r))
		}
		// Another process is quicker, between our look and our write.
		f.memory, f.database = map[string]object{}, map[string]object{}
		f.before = func(_ http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodPost {
				f.before = nil
				f.made(t, "one")
			}
			return false
		}
		if e := problem.As(f.want(t, problem.Refused, oneCreate...).Err); !strings.Contains(e.Message, "the name is in use") || e.State != problem.Unchanged {
			t.Errorf("%+v", e)
		}
	})
}

func TestCreateIfNotExists(t *testing.T) {
	versions(t, func(t *testing.T, f *fake) {
		f.made(t, "one")
		r := f.want(t, problem.OK, "create", "one", "--if-not-exists", "--info", `{"custom_llm_provider":"openai","owner":{"a":1.0}}`,
			"--values", `{"api_key":"another-secret-key","api_base":"https://b.example","api_version":"1"}`)
		out := read(t, r)
		want := []any{"credential_info.custom_llm_provider", "credential_values.api_base", "credential_values.api_version"}
		if out["result"] != "exists" || !reflect.DeepEqual(out["differs"], want) || sent(r) != "" {
			t.Errorf("%s, %s", r.Records, sent(r))
		}
		if values := out["credential_values"].(object); values["api_key"] != "su****ey" {
			t.Error(values)
		}
	})
}

// TestCreateLost settles a create by reading back.
func TestCreateLost(t *testing.T) {
	versions(t, func(t *testing.T, f *fake) {
		f.lose = "POST /credentials"
		r := f.want(t, problem.OK, oneCreate...)
		if read(t, r)["result"] != "created" || !strings.Contains(strings.Join(r.Notices, " "), "checked: the credential was created") || sent(r) != "POST /credentials" {
			t.Errorf("%s %q %s", r.Records, r.Notices, sent(r))
		}
	})
	t.Run("nothing made", func(t *testing.T) {
		f := newFake(t, false)
		f.before = func(out http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodPost {
				answer(out, 500, failed("out of order", 500))
			}
			return r.Method == http.MethodPost
		}
		if e := problem.As(f.want(t, problem.Unreachable, oneCreate...).Err); e.State != problem.Unchanged+" (checked)" {
			t.Errorf("%+v", e)
		}
	})
	t.Run("another's", func(t *testing.T) { // the mask of its key is another's
		f := newFake(t, false)
		f.lose = "POST /credentials"
		f.before = func(_ http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodPost {
				f.before, f.lose = nil, ""
				f.want(t, problem.OK, "create", "one", "--info", `{"custom_llm_provider":"azure","n":0.7}`, "--values", `{"api_key":"theirs","api_base":"https://a.example"}`)
				f.lose = "POST /credentials"
			}
			return false
		}
		f.want(t, problem.Refused, oneCreate...)
	})
}

// TestCreateDisplayName: 1.83.14 ignores it, and that is no success.
func TestCreateDisplayName(t *testing.T) {
	line := append(append([]string{}, oneCreate...), "--display-name", " For people ")
	if out := read(t, newFake(t, false).want(t, problem.OK, line...)); out["display_name"] != "For people" {
		t.Error(out)
	}
	r := newFake(t, true).want(t, problem.Failed, line...)
	if e := problem.As(r.Err); e.State != "the credential was created, without its display name" {
		t.Errorf("%+v", e)
	}
}

func TestCreateSet(t *testing.T) {
	f := newFake(t, false)
	h := f.host()
	h.Inputs = map[string][]byte{"set": []byte("sk-from-a-file\n"), "values": []byte(`{"api_key":"sk-from-json"}`)}
	r := run(t, h, "create", "one", "--info", "{}", "--set", "credential_values.api_key=@key", "--set", "credential_values.api_version=2024", "--set", "credential_info.owner.name=ada")
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	values := f.database["one"]["credential_values"].(object)
	if values["api_key"] != "sk-from-a-file" || values["api_version"] != "2024" {
		t.Error(values)
	}
	if r := run(t, h, "create", "two", "--info", "{}", "--values", "@file"); r.Err != nil || f.database["two"]["credential_values"].(object)["api_key"] != "sk-from-json" {
		t.Error(r.Err, f.database["two"])
	}
}

func TestNames(t *testing.T) {
	versions(t, func(t *testing.T, f *fake) {
		for _, name := range []string{"a/b", "two words", "ümlaut", "50%", "%41", "a?b#c", `back\slash`, "/first", "last/", "by_name/x"} {
			f.made(t, name)
			if got := read(t, f.want(t, problem.OK, "get", name))["credential_name"]; got != name {
				t.Errorf("%q: got %v", name, got)
			}
			f.want(t, problem.OK, "update", name, "--set", "credential_info.x=1")
			f.want(t, problem.OK, "delete", name)
			f.want(t, problem.NotFound, "get", name)
		}
	})
	for _, name := range []string{"", "a\x00b", "a/../b", "..", "a\nb"} {
		for _, verb := range [][]string{{"get"}, {"create", "--info={}", `--values={"a":"b"}`}, {"update", "--info={}"}, {"delete"}} {
			f := newFake(t, false)
			if r := f.want(t, problem.Usage, append(verb, "--", name)...); len(r.Requests) > 0 {
				t.Errorf("%s %q: %v", verb, name, r.Requests)
			}
		}
	}
}

func TestCreateRefuses(t *testing.T) {
	for want, line := range map[string][]string{
		"--info is missing":                         {"create", "x", "--values", `{"a":"b"}`},
		"it has no values":                          {"create", "x", "--info", `{}`},
		"--info: it is JSON, but no object":         {"create", "x", "--info", `[1]`, "--values", `{"a":"b"}`},
		"--values: it is JSON, but no object":       {"create", "x", "--info", `{}`, "--values", `"secret"`},
		"credential_values.a is null":               {"create", "x", "--info", `{}`, "--values", `{"a":null}`},
		"credential_info holds a zero byte":         {"create", "x", "--info", `{"a":"\u0000"}`, "--values", `{"a":"b"}`},
		"credential_values holds a zero byte":       {"create", "x", "--info", `{}`, "--values", `{"a":"b\u0000"}`},
		"--display-name is blank":                   {"create", "x", "--info", `{}`, "--values", `{"a":"b"}`, "--display-name", " "},
		"the name of a credential cannot be change": {"create", "x", "--info", `{}`, "--values", `{"a":"b"}`, "--set", "credential_name=y"},
		"credential_values.api_key: the value":      {"create", "x", "--info", `{}`, "--set", "credential_values.api_key:={"},
	} {
		r := newFake(t, false).want(t, problem.Usage, line...)
		if !strings.Contains(r.Err.Error(), want) || sent(r) != "" || problem.As(r.Err).State != problem.Unchanged {
			t.Errorf("%q: %+v", line, problem.As(r.Err))
		}
	}
}

func TestCreateDryRun(t *testing.T) {
	f := newFake(t, false)
	h := f.host()
	h.DryRun = true
	if r := run(t, h, oneCreate...); r.Err != nil || len(r.Planned) != 1 || len(r.Records) > 0 || len(f.database) > 0 {
		t.Errorf("%+v", r)
	}
}
