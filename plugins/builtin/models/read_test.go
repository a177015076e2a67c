package models_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// postModel adds a deployment with an id that `models add` refuses; other tools make those.
func (w *wire) postModel(id string) int {
	r := httptest.NewRequestWithContext(w.t.Context(), "POST", "/model/new",
		strings.NewReader(`{"model_name":"slash","litellm_params":{"model":"gpt-4"},"model_info":{"id":"`+id+`"}}`))
	r.Header.Set("Content-Type", "application/json")
	out := httptest.NewRecorder()
	w.ServeHTTP(out, r)
	return out.Code
}

func TestGet(t *testing.T) {
	w := sandbox(t)
	w.want(problem.OK, "add twin -p model=gpt-4 -i id=one")
	w.want(problem.OK, "add twin -p model=gpt-4 -i id=two")
	for line, want := range map[string]string{
		"get one": "one", "get --id two": "two", "get --name twin": "one two", "get --name mock-gpt": "sandbox-mock-gpt",
	} {
		if got := ids(t, w.want(problem.OK, line).Records); got != want {
			t.Errorf("%s: %s", line, got)
		}
	}
	w.want(problem.NotFound, "get three")
	w.want(problem.NotFound, "get --name twi") // names are compared whole
	w.want(problem.Usage, "get")
	w.want(problem.Usage, "get one --name twin")
	w.want(problem.Usage, "get --id one --name twin")
}

func TestInfo(t *testing.T) {
	w := sandbox(t)
	const all = "sandbox-mock-gpt sandbox-mock-claude sandbox-gpt-4o-mini-eu"
	for line, want := range map[string]string{
		"info":                                    all,
		"info --source config":                    "sandbox-mock-gpt sandbox-mock-claude",
		"info --source db":                        "sandbox-gpt-4o-mini-eu",
		"info --provider azure":                   "sandbox-gpt-4o-mini-eu",
		"info --name mock-claude":                 "sandbox-mock-claude",
		"info --name mock":                        "",
		"info --credential none":                  "",
		"info --limit 2":                          "sandbox-mock-gpt sandbox-mock-claude",
		"info --source config --provider openai":  "sandbox-mock-gpt",
		"info --limit 9 --source config":          "sandbox-mock-gpt sandbox-mock-claude",
		"info --limit 1 --provider anthropic":     "sandbox-mock-claude",
		"info --source db --name gpt-4o-mini-eu":  "sandbox-gpt-4o-mini-eu",
		"info --source db --name mock-gpt":        "",
		"info --provider nobody --source=config ": "",
	} {
		if got := ids(t, w.want(problem.OK, line).Records); !sameWords(got, want) {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}

// sameWords compares lists whose order is the gateway's.
func sameWords(a, b string) bool {
	words := map[string]int{}
	for _, w := range strings.Fields(a) {
		words[w]++
	}
	for _, w := range strings.Fields(b) {
		words[w]--
	}
	for _, n := range words {
		if n != 0 {
			return false
		}
	}
	return true
}

func TestList(t *testing.T) {
	w := sandbox(t)
	if n := len(w.want(problem.OK, "list").Records); n != 3 {
		t.Errorf("%d models", n)
	}
	if n := len(w.want(problem.OK, "list --limit 2").Records); n != 2 {
		t.Errorf("%d models", n)
	}
}

func TestTest(t *testing.T) {
	t.Run("a healthy deployment", func(t *testing.T) {
		r := sandbox(t).want(problem.OK, "test sandbox-mock-gpt")
		if field(t, r.Records[0], "healthy") != "true" || !strings.Contains(r.Notices[0], "costs one request") {
			t.Errorf("%s %q", r.Records, r.Notices)
		}
	})
	t.Run("an unhealthy one", func(t *testing.T) {
		w := sandbox(t)
		w.want(problem.OK, "add sick -p model=openai/gpt-4o -i id=one") // without a key
		r := w.want(problem.Failed, "test one")
		e := problem.As(r.Err)
		if field(t, r.Records[0], "healthy") != "false" || e.Said == "" || strings.Contains(e.Said, "\n") || strings.Contains(field(t, r.Records[0], "error"), `\n`) {
			t.Errorf("%s, %+v", r.Records, e)
		}
	})
	t.Run("one that is missing", func(t *testing.T) { sandbox(t).want(problem.NotFound, "test none") })
	t.Run("one of several", func(t *testing.T) {
		r := sandbox(t).want(problem.Partial, "test sandbox-mock-gpt none")
		if len(r.Records) != 2 {
			t.Errorf("%s", r.Records)
		}
	})
}
