package credentials_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func (f *fake) used(by, credential string) {
	f.models = append(f.models, object{"model_name": by, "model_info": object{"id": by + "-id"}, "litellm_params": object{"litellm_credential_name": credential}})
}

func TestDelete(t *testing.T) {
	versions(t, func(t *testing.T, f *fake) {
		f.made(t, "one")
		if out := read(t, f.want(t, problem.OK, "delete", "one")); out["result"] != "deleted" {
			t.Error(out)
		}
		f.want(t, problem.NotFound, "delete", "one") // 1.83.14 would say success
		if out := read(t, f.want(t, problem.OK, "delete", "one", "--ignore-missing")); out["result"] != "not_found" {
			t.Error(out)
		}
		f.made(t, "two")
		if r := f.want(t, problem.Partial, "delete", "one", "two"); len(r.Records) != 2 || !strings.Contains(string(r.Records[0]), "not_found") {
			t.Errorf("%s", r.Records)
		}
	})
}

func TestDeleteUsed(t *testing.T) {
	versions(t, func(t *testing.T, f *fake) {
		f.made(t, "one")
		f.used("gpt-4", "one")
		f.used("other", "one-b")
		r := f.want(t, problem.Refused, "delete", "one")
		if e := problem.As(r.Err); e.State != problem.Unchanged || len(e.Facts) != 1 || e.Facts[0].Text != "gpt-4 (gpt-4-id)" || sent(r) != "" {
			t.Errorf("%+v, %s", e, sent(r))
		}
		if out := read(t, f.want(t, problem.OK, "delete", "one", "--force")); out["result"] != "deleted" || f.database["one"] != nil {
			t.Error(out)
		}
	})
}

// TestDeleteVerifies: what the gateway says is checked, and a lost answer settled.
func TestDeleteVerifies(t *testing.T) {
	f := newFake(t, false)
	f.made(t, "one")
	f.lose = "DELETE /credentials/one"
	if r := f.want(t, problem.OK, "delete", "one"); read(t, r)["result"] != "deleted" || !strings.Contains(r.Notices[0], "checked: the credential was deleted") {
		t.Errorf("%s %q", r.Records, r.Notices)
	}
	f.lose = ""
	f.made(t, "one")
	f.before = func(out http.ResponseWriter, r *http.Request) bool { // it says so, and does nothing
		if r.Method == http.MethodDelete {
			answer(out, 200, object{"success": true})
		}
		return r.Method == http.MethodDelete
	}
	if r := f.want(t, problem.Failed, "delete", "one"); len(r.Records) > 0 || !strings.Contains(r.Err.Error(), "is still there") {
		t.Errorf("%s %v", r.Records, r.Err)
	}
}

func TestConfirm(t *testing.T) {
	f := newFake(t, false)
	f.made(t, "one")
	f.made(t, "two")
	f.used("gpt-4", "one")
	h := f.host()
	h.Terminal, h.Refuse = sdk.Terminal{Stdin: true, Stdout: true, Stderr: true, Width: 80}, true
	r := run(t, h, "delete", "one", "two", "none", "--force")
	if r.Code() != problem.Guarded || len(r.Asked) != 1 || len(r.Asked[0]) != 2 || !strings.Contains(r.Asked[0][0], "gpt-4 (gpt-4-id): calls to them will fail") || sent(r) != "" {
		t.Errorf("%+v", r)
	}
	h.Refuse = false
	if r := run(t, h, "delete", "two"); r.Err != nil || f.database["two"] != nil {
		t.Error(r.Err)
	}
}

// TestConfigured: what comes from the configuration file is refused before anything is sent.
func TestConfigured(t *testing.T) {
	f := newFake(t, false)
	f.before = func(out http.ResponseWriter, r *http.Request) bool {
		if strings.HasPrefix(r.URL.Path, "/credentials/by_name/") {
			answer(out, 200, object{"credential_name": "one", "display_name": nil, "credential_info": object{}, "credential_values": object{}, "source": "config"})
			return true
		}
		return false
	}
	for _, line := range [][]string{{"delete", "one"}, {"update", "one", "--info", `{"a":1}`}} {
		if r := f.want(t, problem.Refused, line...); sent(r) != "" || !strings.Contains(r.Err.Error(), "configuration file") {
			t.Errorf("%v, %s", r.Err, sent(r))
		}
	}
}
