package credentials_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/plugins/builtin/credentials"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

func run(t *testing.T, h sdktest.Host, args ...string) *sdktest.Result {
	t.Helper()
	return sdktest.Run(t, credentials.Plugin(), h, args...)
}

// TestUpdateKeepsTheRest: the gateway shows what it was sent merged with the rest, and keeps in its database only what it
// was sent. So info goes as a whole.
func TestUpdateKeepsTheRest(t *testing.T) {
	versions(t, func(t *testing.T, f *fake) {
		f.made(t, "one")
		out := read(t, f.want(t, problem.OK, "update", "one", "--info", `{"region":"eu"}`, "--set", "credential_info.owner.b=2"))
		info := f.database["one"]["credential_info"].(object)
		if out["result"] != "updated" || info["custom_llm_provider"] != "azure" || info["region"] != "eu" || len(info["owner"].(object)) != 2 {
			t.Errorf("%v, in the database %v", out, info)
		}
		if f.database["one"]["credential_name"] != "one" {
			t.Error("it was renamed")
		}
		f.want(t, problem.OK, "update", "one", "--values", `{"api_key":"another-secret"}`)
		if !reflect.DeepEqual(f.database["one"]["credential_info"], info) {
			t.Error("an update of values has changed info")
		}
	})
}

func TestUpdateUnchanged(t *testing.T) {
	versions(t, func(t *testing.T, f *fake) {
		f.made(t, "one")
		for _, line := range [][]string{
			{"--info", `{"custom_llm_provider":"azure"}`}, {"--set", "credential_info.owner.a=1.0"}, {"--clear-display-name"},
			{"--info", "{}"}, {"--values", "{}"}, {"--set", "credential_name=one"},
		} {
			r := f.want(t, problem.OK, append([]string{"update", "one"}, line...)...)
			if read(t, r)["result"] != "unchanged" || sent(r) != "" {
				t.Errorf("%q: %s, %s", line, r.Records, sent(r))
			}
		}
		r := f.want(t, problem.OK, "update", "one", "--values", `{"api_key":"supersecretkey"}`) // nobody can tell
		if read(t, r)["result"] != "updated" || strings.Contains(string(r.Records[0]), "supersecret") {
			t.Errorf("%s", r.Records)
		}
	})
}

// TestUpdateMissing: 1.83.14 answers 200 for it.
func TestUpdateMissing(t *testing.T) {
	versions(t, func(t *testing.T, f *fake) {
		if r := f.want(t, problem.NotFound, "update", "none", "--values", `{"api_key":"x"}`); sent(r) != "" {
			t.Error(sent(r))
		}
		f.made(t, "one")
		f.before = func(_ http.ResponseWriter, r *http.Request) bool { // it goes right before our write
			if r.Method == http.MethodPatch {
				delete(f.memory, "one")
			}
			return false
		}
		if r := f.want(t, problem.NotFound, "update", "one", "--values", `{"api_key":"x"}`); len(r.Records) > 0 {
			t.Errorf("%s", r.Records)
		}
	})
}

func TestUpdateDisplayName(t *testing.T) {
	f := newFake(t, false)
	f.made(t, "one")
	if out := read(t, f.want(t, problem.OK, "update", "one", "--display-name", "Two")); out["display_name"] != "Two" || out["result"] != "updated" {
		t.Error(out)
	}
	if out := read(t, f.want(t, problem.OK, "update", "one", "--clear-display-name")); out["display_name"] != nil || out["result"] != "updated" {
		t.Error(out)
	}
	old := newFake(t, true)
	old.made(t, "one")
	if r := old.want(t, problem.Refused, "update", "one", "--display-name", "Two", "--values", `{"a":"b"}`); sent(r) != "" || problem.As(r.Err).State != problem.Unchanged {
		t.Errorf("%s, %v", sent(r), r.Err)
	}
}

func TestUpdateDeletesValues(t *testing.T) {
	f := newFake(t, false)
	f.made(t, "one")
	line := []string{"update", "one", "--set", "credential_values_to_delete=api_base"}
	if out := read(t, f.want(t, problem.OK, line...)); out["credential_values"].(object)["api_base"] != nil {
		t.Error(out)
	}
	if out := read(t, f.want(t, problem.OK, line...)); out["result"] != "unchanged" {
		t.Error(out)
	}
	old := newFake(t, true)
	old.made(t, "one")
	if r := old.want(t, problem.Refused, line...); sent(r) != "" {
		t.Error(sent(r))
	}
}

func TestUpdateRefuses(t *testing.T) {
	for want, line := range map[string][]string{
		"no change is given":            {"update", "one"},
		"the name of a credential":      {"update", "one", "--set", "credential_name=two"},
		"empty credential_info":         {"update", "one", "--set", "credential_info:={}"},
		"credential_values.region is n": {"update", "one", "--values", `{"region":null}`},
	} {
		f := newFake(t, true)
		f.made(t, "one")
		if r := f.run(line...); r.Err == nil || !strings.Contains(r.Err.Error(), want) || sent(r) != "" || problem.As(r.Err).State != problem.Unchanged {
			t.Errorf("%q: %+v, %s", line, problem.As(r.Err), sent(r))
		}
	}
}

// TestUpdateLost: what can be seen settles it; secrets cannot.
func TestUpdateLost(t *testing.T) {
	f := newFake(t, false)
	f.made(t, "one")
	f.lose = "PATCH /credentials/one"
	if r := f.want(t, problem.OK, "update", "one", "--info", `{"x":1}`); read(t, r)["result"] != "updated" || !strings.Contains(r.Notices[0], "checked: the credential was updated") {
		t.Errorf("%s %q", r.Records, r.Notices)
	}
	if e := problem.As(f.want(t, problem.Unreachable, "update", "one", "--values", `{"api_key":"new"}`).Err); e.State != problem.Unknown {
		t.Errorf("%+v", e)
	}
	f.lose = ""
	f.before = func(out http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPatch {
			answer(out, 500, failed("out of order", 500))
		}
		return r.Method == http.MethodPatch
	}
	if e := problem.As(f.want(t, problem.Unreachable, "update", "one", "--info", `{"x":2}`).Err); e.State != problem.Unchanged+" (checked)" {
		t.Errorf("%+v", e)
	}
}
