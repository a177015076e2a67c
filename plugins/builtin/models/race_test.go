package models_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

// quicker makes another process add a deployment with the id "one" right before ours arrives.
func (w *wire) quicker(winner string) {
	w.before = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost && r.URL.Path == "/model/new" {
			theirs := httptest.NewRequestWithContext(w.t.Context(), "POST", "/model/new", strings.NewReader(winner))
			theirs.Header.Set("Content-Type", "application/json")
			theirs.Header.Set("Authorization", "Bearer "+w.gateway.Key())
			out := httptest.NewRecorder()
			if w.gateway.ServeHTTP(out, theirs); out.Code != http.StatusOK {
				w.t.Errorf("the sandbox answered %d", out.Code)
			}
		}
		return false
	}
}

// TestAddRace: who comes second with an id of the user's is told so, and never to delete what the first one made.
func TestAddRace(t *testing.T) {
	for name, winner := range map[string]string{
		"another name":  `{"model_name":"other","litellm_params":{"model":"gpt-4","temperature":0.7},"model_info":{"id":"one"}}`,
		"another value": `{"model_name":"mine","litellm_params":{"model":"gpt-4","temperature":0.8},"model_info":{"id":"one"}}`,
		"another info":  `{"model_name":"mine","litellm_params":{"model":"gpt-4","temperature":0.7},"model_info":{"id":"one","mode":"embedding"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			w := sandbox(t)
			w.quicker(winner)
			r := w.want(problem.Refused, "add mine -p model=gpt-4 -p temperature=0.70 -i id=one -i mode=chat")
			e := problem.As(r.Err)
			if e.State != problem.Unchanged || !strings.Contains(e.Message, "another process added it at the same time") || strings.Contains(e.Hint, "delete") {
				t.Errorf("%+v", e)
			}
		})
	}
	t.Run("the same", func(t *testing.T) {
		w := sandbox(t)
		w.quicker(`{"model_name":"mine","litellm_params":{"model":"gpt-4","temperature":0.7},"model_info":{"id":"one"}}`)
		r := w.want(problem.OK, "add mine -p model=gpt-4 -p temperature=0.70 -p api_key=sk-hidden -i id=one")
		if field(t, r.Records[0], "result") != "exists" || strings.Contains(string(r.Records[0]), "sk-hidden") {
			t.Errorf("%s", r.Records)
		}
	})
	t.Run("of four", func(t *testing.T) {
		w := sandbox(t)
		results := make([]*sdktest.Result, 4)
		var group sync.WaitGroup
		for i := range results {
			group.Go(func() { results[i] = w.run("add mine -p model=gpt-4 -i id=one") })
		}
		group.Wait()
		created := 0
		for _, r := range results {
			switch {
			case r.Code() == problem.Refused && strings.Contains(r.Err.Error(), "the id \"one\" is in use"):
			case r.Err != nil || len(r.Records) != 1:
				t.Errorf("%v, %s", r.Err, r.Records)
			case field(t, r.Records[0], "result") == "created":
				created++
			}
		}
		if created != 1 {
			t.Errorf("%d say that they created it", created)
		}
	})
}

// TestAddServed waits a moment for the gateway to serve what it has saved.
func TestAddServed(t *testing.T) {
	asked := 0
	w := sandbox(t)
	w.lose = "POST /model/new"
	w.before = func(out http.ResponseWriter, r *http.Request) bool {
		if r.URL.Query().Get("litellm_model_id") == "" {
			return false
		}
		if asked++; asked > 3 {
			return false
		}
		http.Error(out, `{"detail":{"error":"Model id = X not found on litellm proxy"}}`, http.StatusBadRequest)
		return true
	}
	if r := w.want(problem.OK, "add mine -p model=gpt-4"); field(t, r.Records[0], "result") != "created" || asked != 4 {
		t.Errorf("%s, asked %d times", r.Records, asked)
	}
	t.Run("and cannot tell when it does not answer", func(t *testing.T) {
		w.before = func(out http.ResponseWriter, r *http.Request) bool {
			if r.URL.Query().Get("litellm_model_id") != "" {
				http.Error(out, "no", http.StatusBadGateway)
				return true
			}
			return false
		}
		r := w.want(problem.Unreachable, "add mine -p model=gpt-4")
		if e := problem.As(r.Err); !strings.Contains(e.State, "is saved; whether it is served is unknown") {
			t.Errorf("%+v", e)
		}
	})
	t.Run("and does not offer to delete what may be another's", func(t *testing.T) {
		w := sandbox(t)
		r := w.want(problem.Failed, "add odd -p model=who/knows -i id=one")
		if e := problem.As(r.Err); e.State != "the deployment one was saved" || strings.Contains(e.Hint, "delete") {
			t.Errorf("%+v", e)
		}
	})
}

// TestUpdateNotReadBack: an update that the gateway has confirmed is one, whatever becomes of the look afterwards.
func TestUpdateNotReadBack(t *testing.T) {
	w := sandbox(t)
	w.want(problem.OK, "add gpt-4 -i id=one")
	w.want(problem.OK, "add gpt-4 -i id=two")
	patched := false
	w.before = func(out http.ResponseWriter, r *http.Request) bool {
		switch {
		case r.Method == http.MethodPatch:
			patched = true
		case patched:
			patched = false
			http.Error(out, "no", http.StatusBadGateway)
			return true
		}
		return false
	}
	r := w.want(problem.OK, "update one two -p api_key=sk-hidden --name new")
	if len(r.Records) != 2 || len(r.Notices) != 2 || !strings.Contains(r.Notices[1], "deployment two was updated; the check afterwards failed: ") {
		t.Fatalf("%s, %q", r.Records, r.Notices)
	}
	if want := `{"model_id":"one","model_name":"new","result":"updated"}`; string(r.Records[0]) != want {
		t.Errorf("%s", r.Records[0])
	}
	w.before = nil
	w.want(problem.OK, "get --name new")
}

// TestNotLiteLLM: an answer without a list is not one that says "none".
func TestNotLiteLLM(t *testing.T) {
	for _, body := range []string{`{}`, `{"data":null}`, `[]`, `{"data":[null]}`} {
		for _, line := range []string{
			"list", "list --limit 1", "info", "info --limit 1", "get one", "get --name gpt-4", "update one --name x", "delete one", "delete one --ignore-missing",
			"test one", "add gpt-4 -i id=one", "add gpt-4 --if-not-exists",
		} {
			if strings.HasPrefix(line, "list") && strings.Contains(body, "[null]") || line == "info" && strings.Contains(body, "[null]") {
				continue // what is listed is passed on as it is
			}
			w := sandbox(t)
			w.before = func(out http.ResponseWriter, r *http.Request) bool {
				_, _ = out.Write([]byte(body))
				return true
			}
			if r := w.run(line); r.Code() != problem.Unreachable || len(r.Records) > 0 || sent(r) != "" {
				t.Errorf("%s on %s: %d %v, %s", line, body, r.Code(), r.Err, r.Records)
			}
		}
	}
}
