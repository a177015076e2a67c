package models_test

import (
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func TestAdd(t *testing.T) {
	t.Run("types the fields", func(t *testing.T) {
		w := sandbox(t)
		r := w.want(problem.OK, "add fast -p model=openai/gpt-4o -p api_key=123456 -p rpm=100 -p temperature=0.70 -i id=one -i mode=chat")
		for path, want := range map[string]string{
			"model_id": "one", "model_name": "fast", "result": "created", "litellm_params.rpm": "100", "litellm_params.temperature": "0.70",
			"litellm_params.api_key": "123456", "model_info.mode": "chat",
		} {
			if got := field(t, r.Records[0], path); got != want {
				t.Errorf("%s is %s, want %s", path, got, want)
			}
		}
	})
	t.Run("takes the name for the upstream model", func(t *testing.T) {
		r := sandbox(t).want(problem.OK, "add gpt-4")
		if got := field(t, r.Records[0], "litellm_params.model"); got != "gpt-4" {
			t.Error(got)
		}
	})
	t.Run("gives the deployment an id of its own", func(t *testing.T) {
		w := sandbox(t)
		first, second := w.want(problem.OK, "add gpt-4"), w.want(problem.OK, "add gpt-4")
		if a, b := field(t, first.Records[0], "model_id"), field(t, second.Records[0], "model_id"); a == b || len(a) != 36 {
			t.Error(a, b)
		}
	})
	t.Run("refuses an id in use", func(t *testing.T) {
		w := sandbox(t)
		w.want(problem.OK, "add gpt-4 -i id=one")
		r := w.want(problem.Refused, "add other -i id=one")
		if e := problem.As(r.Err); e.State != problem.Unchanged || e.Facts[0].Text != "gpt-4 (gpt-4)" || sent(r) != "" {
			t.Errorf("%+v, %s", e, sent(r))
		}
	})
	t.Run("finds out after a 500 that nothing was made", func(t *testing.T) {
		w := sandbox(t)
		w.refuse = "POST /model/new"
		r := w.want(problem.Unreachable, "add gpt-4 -i id=one")
		if e := problem.As(r.Err); e.State != problem.Unchanged+" (checked)" || len(r.Records) > 0 {
			t.Errorf("%+v", e)
		}
	})
	t.Run("finds out after a lost answer that it was made", func(t *testing.T) {
		w := sandbox(t)
		w.lose = "POST /model/new"
		r := w.want(problem.OK, "add gpt-4")
		if field(t, r.Records[0], "result") != "created" || !strings.Contains(strings.Join(r.Notices, " "), "checked: the model was added") {
			t.Errorf("%s %q", r.Records, r.Notices)
		}
		w.want(problem.OK, "get "+field(t, r.Records[0], "model_id"))
	})
	t.Run("says that a deployment is saved and not served", func(t *testing.T) {
		w := sandbox(t)
		r := w.want(problem.Failed, "add odd -p model=who/knows")
		e := problem.As(r.Err)
		words := strings.Fields(e.Hint)
		id := words[len(words)-1]
		if e.State != "the deployment "+id+" was saved" || !strings.Contains(e.Hint, "models delete "+id) {
			t.Errorf("%+v", e)
		}
		w.want(problem.OK, "delete "+id)
	})
	t.Run("sends nothing under --dry-run", func(t *testing.T) {
		w := sandbox(t)
		h := w.host()
		h.DryRun = true
		r := w.with(h, "add gpt-4 -i id=one")
		if r.Err != nil || len(r.Planned) != 1 || len(r.Records) != 0 || sent(r) != "" {
			t.Errorf("%+v", r)
		}
		w.want(problem.NotFound, "get one")
	})
	t.Run("prints what exists", func(t *testing.T) {
		w := sandbox(t)
		w.want(problem.OK, "add gpt-4 -p max_tokens=1 -i id=one")
		r := w.want(problem.OK, "add gpt-4 -p max_tokens=2 -p api_key=x --if-not-exists")
		if field(t, r.Records[0], "result") != "exists" || field(t, r.Records[0], "differs") != `["litellm_params.max_tokens"]` || sent(r) != "" {
			t.Errorf("%s", r.Records)
		}
	})
	t.Run("reads values from files", func(t *testing.T) {
		w := sandbox(t)
		h := w.host()
		h.Inputs = map[string][]byte{"param": []byte("sk-secret\n")}
		if r := w.with(h, "add gpt-4 -p api_key=@key"); r.Err != nil || !strings.Contains(string(r.Requests[len(r.Requests)-1].Body), `"sk-secret"`) {
			t.Errorf("%v", r.Err)
		}
	})
	for line, want := range map[string]string{
		"add gpt-4 -p max_retries=many":                 "max_retries: it must be a whole number",
		"add gpt-4 -i id=a/b":                           "the id has a slash",
		"add gpt-4 -i id=":                              "the id is empty",
		"add gpt-4 -i id:=7":                            "the id is empty or no text",
		"add gpt-4 -p oops":                             "PATH=VALUE",
		"add gpt-4 -p litellm_credential_name=no·where": `there is no credential "no where"`,
	} {
		t.Run("refuses "+line, func(t *testing.T) {
			r := sandbox(t).run(line)
			if r.Err == nil || !strings.Contains(r.Err.Error(), want) || sent(r) != "" {
				t.Errorf("%v, %s", r.Err, sent(r))
			}
		})
	}
}

func TestUpdate(t *testing.T) {
	t.Run("changes what is named, within nested fields too", func(t *testing.T) {
		w := sandbox(t)
		w.want(problem.OK, `add gpt-4 -i id=one -p max_tokens=5 -p extra_headers:={"a":"1","b":"2"}`)
		r := w.want(problem.OK, "update one -p extra_headers.b=x -p temperature=0.5")
		if field(t, r.Records[0], "result") != "updated" || field(t, r.Records[0], "litellm_params.extra_headers") != `{"a":"1","b":"x"}` ||
			field(t, r.Records[0], "litellm_params.max_tokens") != "5" || sent(r) != "PATCH /model/one/update" {
			t.Errorf("%s, %s", r.Records, sent(r))
		}
	})
	t.Run("sends nothing when all is so", func(t *testing.T) {
		w := sandbox(t)
		w.want(problem.OK, "add gpt-4 -i id=one -p max_tokens=5")
		r := w.want(problem.OK, "update one -p max_tokens=5 --name gpt-4")
		if field(t, r.Records[0], "result") != "unchanged" || sent(r) != "" {
			t.Errorf("%s, %s", r.Records, sent(r))
		}
	})
	t.Run("renames", func(t *testing.T) {
		w := sandbox(t)
		w.want(problem.OK, "add gpt-4 -i id=one")
		r := w.want(problem.OK, "update one --name new")
		if field(t, r.Records[0], "model_name") != "new" {
			t.Errorf("%s", r.Records)
		}
	})
	t.Run("reaches an id with a slash", func(t *testing.T) {
		w := sandbox(t)
		if status := w.postModel("a/b"); status != 200 {
			t.Fatalf("the sandbox answered %d", status)
		}
		update := w.want(problem.OK, "update a/b -p max_tokens=7")
		if sent(update) != "POST /model/update" || field(t, update.Records[0], "litellm_params.max_tokens") != "7" {
			t.Errorf("%s, %s", sent(update), update.Records)
		}
	})
	t.Run("refuses a deployment of the configuration file", func(t *testing.T) {
		r := sandbox(t).want(problem.Refused, "update sandbox-mock-gpt -p max_tokens=5")
		if e := problem.As(r.Err); e.State != problem.Unchanged || sent(r) != "" {
			t.Errorf("%+v", e)
		}
	})
	t.Run("refuses another id", func(t *testing.T) {
		sandbox(t).want(problem.Usage, "update sandbox-gpt-4o-mini-eu -i id=x")
	})
	t.Run("refuses to do nothing", func(t *testing.T) { sandbox(t).want(problem.Usage, "update x") })
	t.Run("goes on after one that is missing", func(t *testing.T) {
		w := sandbox(t)
		w.want(problem.OK, "add gpt-4 -i id=one")
		r := w.want(problem.Partial, "update none one -p max_tokens=5")
		if field(t, r.Records[0], "result") != "not_found" || field(t, r.Records[1], "result") != "updated" {
			t.Errorf("%s", r.Records)
		}
	})
}

func TestDelete(t *testing.T) {
	t.Run("deletes", func(t *testing.T) {
		w := sandbox(t)
		w.want(problem.OK, "add gpt-4 -i id=one")
		r := w.want(problem.OK, "delete one")
		if field(t, r.Records[0], "result") != "deleted" || field(t, r.Records[0], "model_name") != "gpt-4" {
			t.Errorf("%s", r.Records)
		}
		w.want(problem.NotFound, "get one")
	})
	t.Run("says what is missing", func(t *testing.T) { sandbox(t).want(problem.NotFound, "delete none") })
	t.Run("does not mind", func(t *testing.T) {
		r := sandbox(t).want(problem.OK, "delete none never --ignore-missing")
		if len(r.Records) != 2 || field(t, r.Records[1], "result") != "not_found" {
			t.Errorf("%s", r.Records)
		}
	})
	t.Run("refuses a deployment of the configuration file", func(t *testing.T) {
		if r := sandbox(t).want(problem.Refused, "delete sandbox-mock-gpt --ignore-missing"); sent(r) != "" {
			t.Error(sent(r))
		}
	})
	t.Run("deletes the rest when one is refused", func(t *testing.T) {
		w := sandbox(t)
		r := w.want(problem.Partial, "delete sandbox-mock-gpt sandbox-gpt-4o-mini-eu")
		if e := problem.As(r.Err); e.State != "1 of 2 was done" || field(t, r.Records[1], "result") != "deleted" {
			t.Errorf("%+v, %s", e, r.Records)
		}
	})
}

// TestLostAnswers settles a write whose answer was lost by asking.
func TestLostAnswers(t *testing.T) {
	t.Run("an update that was made", func(t *testing.T) {
		w := sandbox(t)
		w.want(problem.OK, "add gpt-4 -i id=one")
		w.lose = "PATCH /model/one/update"
		r := w.want(problem.OK, "update one -p max_tokens=7")
		if field(t, r.Records[0], "result") != "updated" || !strings.Contains(strings.Join(r.Notices, " "), "checked: the deployment was updated") {
			t.Errorf("%s %q", r.Records, r.Notices)
		}
	})
	t.Run("an update of what the gateway does not show", func(t *testing.T) {
		w := sandbox(t)
		w.want(problem.OK, "add gpt-4 -i id=one")
		w.lose = "PATCH /model/one/update"
		r := w.want(problem.Unreachable, "update one -p api_key=sk-other")
		if e := problem.As(r.Err); e.State != problem.Unknown || len(r.Records) > 0 {
			t.Errorf("%+v", e)
		}
	})
	t.Run("a delete that was made", func(t *testing.T) {
		w := sandbox(t)
		w.want(problem.OK, "add gpt-4 -i id=one")
		w.lose = "POST /model/delete"
		r := w.want(problem.OK, "delete one")
		if field(t, r.Records[0], "result") != "deleted" || !strings.Contains(strings.Join(r.Notices, " "), "checked: the deployment was deleted") {
			t.Errorf("%s %q", r.Records, r.Notices)
		}
	})
}

// TestConfirm asks on a terminal before a delete, and takes no for an answer.
func TestConfirm(t *testing.T) {
	w := sandbox(t)
	w.want(problem.OK, "add gpt-4 -i id=one")
	h := w.host()
	h.Terminal, h.Refuse = sdk.Terminal{Stdin: true, Stdout: true, Stderr: true, Width: 80}, true
	r := w.with(h, "delete one")
	if r.Code() != problem.Guarded || len(r.Asked) != 1 || !strings.Contains(r.Asked[0][0], "the last one of that name") {
		t.Errorf("%+v", r)
	}
	w.want(problem.OK, "get one")
	h.Refuse = false
	if r := w.with(h, "delete one"); r.Err != nil {
		t.Error(r.Err)
	}
}
