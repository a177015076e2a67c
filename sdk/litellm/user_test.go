package litellm_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// An e-mail is the same in any case of A to Z; a letter that only looks like one of them is another.
func TestFoldEmail(t *testing.T) {
	if litellm.FoldEmail("Bob@Example.COM") != "bob@example.com" {
		t.Error("case tells them apart")
	}
	for _, other := range []string{"\u212aate@example.com", "KATE@example.co", "kate@example.com "} { // the first is the Kelvin sign
		if litellm.FoldEmail(other) == litellm.FoldEmail("kate@example.com") {
			t.Errorf("%q passes for kate@example.com", other)
		}
	}
}

func TestReadUser(t *testing.T) {
	u, err := litellm.ReadUser(json.RawMessage(`{"user_id":"u-1","user_email":"a@b.c","user_alias":"A","user_role":null,"max_budget":5.0}`))
	if err != nil || u.String() != `u-1  a@b.c  "A"` || u.Role != nil || u.MaxBudget.String() != "5.0" {
		t.Errorf("%v %v", u, err)
	}
	if u, err := litellm.ReadUser(json.RawMessage(`{"user_id":""}`)); err != nil || u.UserID != "" {
		t.Errorf("the gateway has users with an empty id: %v", err)
	}
	for _, raw := range []string{`null`, `{}`, `[]`, `"x"`, `{"user_id":null}`, `{"user_id":1}`} {
		if _, err := litellm.ReadUser(json.RawMessage(raw)); problem.CodeOf(err) != problem.Unreachable {
			t.Errorf("%s: %v", raw, err)
		}
		if _, err := litellm.ReadTeam(json.RawMessage(raw)); problem.CodeOf(err) != problem.Unreachable {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

// Whoever looks after a race sees the same winner, in whatever order.
func TestFirst(t *testing.T) {
	claims := []litellm.Claim{
		{ID: "b", CreatedAt: "2026-11-25T11:00:00.100000Z"}, {ID: "a", CreatedAt: "2026-11-25T11:00:00.100Z"},
		{ID: "0", CreatedAt: "2026-11-25T11:00:00.200000Z"}, {ID: "c", CreatedAt: "2026-11-25T12:00:00.100000+01:00"},
	}
	for range claims {
		claims = append(claims[1:], claims[0])
		if first := litellm.First(claims); first.ID != "a" {
			t.Errorf("%v", first)
		}
	}
}

func TestMergePatch(t *testing.T) {
	there, _ := body.Decode([]byte(`{"same":1.0,"gone":1,"in":{"keep":1,"gone":2},"was":1}`))
	wanted, _ := body.Decode([]byte(`{"same":1,"in":{"keep":1,"new":3},"was":{"x":1},"list":[1]}`))
	got, err := json.Marshal(litellm.MergePatch(there, wanted))
	if err != nil || string(got) != `{"gone":null,"in":{"gone":null,"new":3},"list":[1],"was":{"x":1}}` {
		t.Errorf("%s %v", got, err)
	}
}

func TestWithin(t *testing.T) {
	there, _ := body.Decode([]byte(`{"metadata":{"a":1,"guardrails":[]},"x":1}`))
	wanted, _ := body.Decode([]byte(`{"metadata":{"a":1,"b":2}}`))
	if got := litellm.Differing(wanted, litellm.Within(wanted, there)); !slices.Equal(got, []string{"metadata"}) {
		t.Errorf("%v", got)
	}
	delete(wanted["metadata"].(map[string]any), "b")
	if got := litellm.Differing(wanted, litellm.Within(wanted, there)); len(got) > 0 || len(there["metadata"].(map[string]any)) != 2 {
		t.Errorf("%v", got)
	}
}

// A 404 is "not there" only with a reason; another server's, or a version's without the endpoint, says nothing.
func TestNoRoute(t *testing.T) {
	for said, want := range map[string]bool{"404 Not Found": true, `{"detail":"Not Found"}`: true, "404 User not found: x": false, "": false} {
		if got := litellm.NoRoute(&problem.Error{Code: problem.NotFound, Status: 404, Said: said}); got != want {
			t.Errorf("%q: %v", said, got)
		}
	}
	if litellm.NoRoute(nil) || litellm.IsNotFound(nil) || litellm.IsNotFound(&problem.Error{Code: problem.NotFound}) || litellm.Lost(nil) {
		t.Error("no error is one")
	}
	if litellm.Before("x", nil) != nil || litellm.Attempted("x", nil) != nil {
		t.Error("no error became one")
	}
}

func TestBefore(t *testing.T) {
	e := problem.As(litellm.Before("create user a", &problem.Error{Message: "cannot list users: no"}))
	if e.Message != "cannot create user a: no" || e.State != problem.Unchanged {
		t.Errorf("%+v", e)
	}
	if e := problem.As(litellm.Before("create user a", errors.New("there is none"))); e.Message != "cannot create user a: there is none" {
		t.Errorf("%+v", e)
	}
}

// Alone waits for the losers of a race to go, and for no more than that.
func TestAlone(t *testing.T) {
	reads := 0
	rows, err := litellm.Alone(t.Context(), func() ([]int, error) {
		reads++
		return slices.Collect(maps.Keys(map[int]bool{1: true, 3 - reads: true})), nil
	})
	if err != nil || len(rows) != 1 || reads != 2 {
		t.Errorf("%v %v after %d reads", rows, err, reads)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := litellm.Alone(ctx, func() ([]int, error) { return []int{1, 2}, nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
