//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestContractSelectionKilled kills commands over a selection at random moments and resumes their jobs: each key is done once, and
// what is printed at last tells of all of them, secrets included.
func TestContractSelectionKilled(t *testing.T) {
	t.Parallel()
	h := liveGateway(t)
	const keys = 12
	for _, c := range []struct {
		verb, result string
		secrets      bool
	}{{"block", "updated", false}, {"rotate", "created", true}, {"delete", "deleted", false}} {
		t.Run(c.verb, func(t *testing.T) {
			for range 10 {
				user, tokens, id := h.selectionKilled(t, c.verb, keys)
				defer func() {
					if left := h.must(t, "keys", "list", "--user-id", user, "--jq", ".[].token"); left != "" {
						h.must(t, append([]string{"keys", "delete", "--ignore-missing"}, strings.Fields(left)...)...)
					}
				}()
				if id != "" {
					for range rand.IntN(3) { // and again, at any moment
						h.killed(t, time.Duration(rand.Int64N(int64(300*time.Millisecond))), "job", "resume", id)
					}
					h.checkResumed(t, id, user, tokens, c.result, c.secrets)
					return
				}
			}
			t.Error("no kill of ten came while the job ran")
		})
	}
}

// selectionKilled makes keys of a user, and kills a command over all of them; id is that of the job that is left, if one is.
func (h home) selectionKilled(t *testing.T, verb string, keys int) (user string, tokens []string, id string) {
	t.Helper()
	user = fmt.Sprintf("b%d", time.Now().UnixNano())
	for i := range keys {
		tokens = append(tokens, h.must(t, "keys", "generate", "--user-id", user, "--key-alias", fmt.Sprint(user, "-", i), "--duration", "1h", "--jq", ".token"))
	}
	began := time.Now()
	h.must(t, "keys", "list", "--user-id", user)
	start := time.Since(began)
	h.killed(t, start+time.Duration(rand.Int64N(int64(3*start))), "keys", verb, "--user-id", user, "--yes", "--max", "100", "-o", "json")
	return user, tokens, h.must(t, "job", "list", "--jq", `map(select(.script | contains("`+user+`"))) | .[0].id // empty`)
}

// checkResumed resumes the job to its end: what it prints tells of every key.
func (h home) checkResumed(t *testing.T, id, user string, tokens []string, result string, secrets bool) {
	t.Helper()
	e := h.do(t, "job", "resume", id)
	if e.code != 0 {
		if strings.Contains(e.stderr, `no job "`) || strings.Contains(e.stderr, "are finished") { // the last kill came after its end
			return
		}
		t.Fatalf("resume: exit %d: %s", e.code, e.stderr)
	}
	var records []struct{ Key, Token, Result, Replaces string }
	if err := json.Unmarshal([]byte(e.stdout), &records); err != nil || len(records) != len(tokens) {
		t.Fatalf("%v: %d records, want %d: %s", err, len(records), len(tokens), e.stdout)
	}
	done := map[string]bool{}
	for _, r := range records {
		if r.Result != result && r.Result != "unchanged" {
			t.Errorf("%+v", r)
		}
		if !secrets {
			done[r.Token] = true
			continue
		}
		done[r.Replaces] = true
		if e := h.do(t, "models", "list", "--api-key", r.Key); e.code != 0 {
			t.Errorf("the new key does not work: %s", e.stderr)
		}
	}
	for _, token := range tokens {
		if !done[token] {
			t.Errorf("nothing is said of %s in %s", token, e.stdout)
		}
	}
	if left := h.must(t, "job", "list", "--jq", `map(select(.script | contains("`+user+`"))) | length`); left != "0" {
		t.Errorf("%s jobs are left", left)
	}
}
