package sdk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// TestEach is what a command for many targets ends with. The targets say what happens to them.
func TestEach(t *testing.T) {
	failures := map[string]error{
		"missing": problem.New(problem.NotFound, "not there"),
		"refused": problem.New(problem.Refused, "no").WithState(problem.Unchanged + " (checked)"),
		"mute":    problem.New(problem.Unreachable, "no"),
		"saved":   problem.New(problem.Failed, "half").WithState("it was saved"),
		"lost":    problem.New(problem.Unreachable, "cut").WithState(problem.Unknown),
		"planned": ErrPlanned,
		"broken":  errors.New("odd"),
	}
	for _, c := range []struct {
		targets string
		code    problem.Code
		state   string
		records string
	}{
		{"ok", problem.OK, "", ""},
		{"ok ok", problem.OK, "", ""},
		{"missing", problem.NotFound, "", ""}, // a single target's failure is the command's
		{"lost", problem.Unreachable, problem.Unknown, ""},
		{"planned", problem.OK, "", ""},
		{"planned planned", problem.OK, "", ""},
		{"ok missing", problem.Partial, "1 of 2 was done", "missing:not_found"},
		{"ok refused ok", problem.Partial, "2 of 3 was done", "refused:failed"},
		{"missing missing", problem.NotFound, problem.Unchanged, "missing:not_found missing:not_found"},
		{"refused refused", problem.Refused, problem.Unchanged, "refused:failed refused:failed"},
		{"missing refused", problem.Partial, problem.Unchanged, "missing:not_found refused:failed"},
		{"ok lost", problem.Partial, "1 of 2 was done; " + problem.Unknown, "lost:failed"},
		{"lost lost", problem.Unreachable, problem.Unknown, "lost:failed lost:failed"},
		{"mute mute", problem.Unreachable, "0 of 2 was done", "mute:failed mute:failed"},
		{"missing mute", problem.Partial, "0 of 2 was done", "missing:not_found mute:failed"},
		{"lost refused", problem.Partial, "0 of 2 was done; " + problem.Unknown, "lost:failed refused:failed"},
		{"saved lost ok lost", problem.Partial, "1 of 4 was done; it was saved; " + problem.Unknown, "saved:failed lost:failed lost:failed"},
		{"planned missing", problem.Partial, problem.Unchanged, "missing:not_found"},
		{"ok broken", problem.Partial, "1 of 2 was done", "broken:failed"},
	} {
		t.Run(c.targets, func(t *testing.T) {
			p := newPipe()
			var records []string
			p.answer = func(m *protocol.ToHost) {
				for _, raw := range m.GetRecords().GetJson() {
					for name := range failures {
						if strings.Contains(string(raw), `"id":"`+name+`"`) && strings.Contains(string(raw), `"error":"`) {
							_, rest, _ := strings.Cut(string(raw), `"result":"`)
							result, _, _ := strings.Cut(rest, `"`)
							records = append(records, name+":"+result)
						}
					}
				}
			}
			result := converse(t, p, func(ctx context.Context, inv *Invocation) error {
				return inv.Each(ctx, "id", strings.Fields(c.targets), func(_ context.Context, target string) error { return failures[target] })
			})
			if problem.Code(result.GetCode()) != c.code || result.GetError().GetState() != c.state || strings.Join(records, " ") != c.records {
				t.Errorf("code %d, state %q, records %q", result.GetCode(), result.GetError().GetState(), records)
			}
		})
	}
	t.Run("a cancelled run stops", func(t *testing.T) {
		tried := 0
		converse(t, newPipe(), func(ctx context.Context, inv *Invocation) error {
			ctx, cancel := context.WithCancel(ctx)
			return inv.Each(ctx, "id", []string{"a", "b", "c"}, func(ctx context.Context, _ string) error {
				tried++
				cancel()
				return ctx.Err()
			})
		})
		if tried != 1 {
			t.Errorf("%d targets were tried", tried)
		}
	})
}

// TestEachReasons: what went wrong is said once for all targets that it befell, and in each one's record.
func TestEachReasons(t *testing.T) {
	fail := func(target string) error {
		e := problem.New(problem.Refused, "cannot change thing %s: it is held", target)
		switch target[0] {
		case 'n':
			e = problem.New(problem.NotFound, "there is no thing %q", target)
		case 'o':
			e = problem.New(problem.Refused, "the gateway has one or no thing called %s", target)
		}
		e.Said, e.Hint = "409 it is held", "let it go"
		return e
	}
	p := newPipe()
	var records []string
	p.answer = func(m *protocol.ToHost) {
		for _, raw := range m.GetRecords().GetJson() {
			records = append(records, string(raw))
		}
	}
	result := converse(t, p, func(ctx context.Context, inv *Invocation) error {
		return inv.Each(ctx, "id", strings.Fields("a n1 b n2 o c ok"), func(_ context.Context, target string) error {
			if target == "ok" {
				return nil
			}
			return fail(target)
		})
	})
	e := result.GetError().Problem()
	want := []problem.Fact{
		{Label: "why", Text: "3 × it is held: a, b, c"},
		{Label: "why", Text: "2 × there is no thing …: n1, n2"},
		{Label: "why", Text: "1 × the gateway has one or no thing called …: o"},
	}
	if e.Message != "6 of 7 went wrong" || !slices.Equal(e.Facts, want) || e.Said != "409 it is held" || e.Hint != "let it go" {
		t.Errorf("%+v", e)
	}
	if want := `{"error":"cannot change thing a: it is held","id":"a","result":"failed","said":"409 it is held"}`; len(records) != 6 || records[0] != want {
		t.Errorf("%s", records)
	}
	t.Run("many", func(t *testing.T) {
		var many failures
		for i := range 30 {
			many = append(many, failure{fmt.Sprintf("t%d", i), problem.New(problem.Failed, "reason %d", min(i/12, 1)+max(0, i-25))})
		}
		facts := many.summary(30).Facts
		if len(facts) != 4 || facts[0].Text != "12 × reason 0: t0, t1, t2, t3, t4, t5, t6, t7, t8, t9 and 2 more" || facts[3].Text != "3 more reasons: see the records" {
			t.Errorf("%+v", facts)
		}
	})
}

// TestEachDurable: of a job's targets those that are done are left out, and each of the others is begun and ended, with its
// record and its intents between.
func TestEachDurable(t *testing.T) {
	p := newPipe()
	p.durable = true
	var seen []string
	p.answer = func(m *protocol.ToHost) {
		switch m := m.GetMessage().(type) {
		case *protocol.ToHost_Targets:
			seen = append(seen, "all "+strings.Join(m.Targets.GetKeys(), ","))
			p.toPlugin <- &protocol.ToPlugin{Message: &protocol.ToPlugin_Targets{Targets: &protocol.TargetsAnswer{Id: m.Targets.GetId(), Durable: true}}}
		case *protocol.ToHost_Target:
			seen = append(seen, "begin "+m.Target.GetKey())
			p.toPlugin <- &protocol.ToPlugin{Message: &protocol.ToPlugin_Target{Target: &protocol.TargetAnswer{
				Id: m.Target.GetId(), Done: m.Target.GetKey() == "b", Intents: map[string]string{"thing": "earlier"}}}}
		case *protocol.ToHost_Intent:
			seen = append(seen, "intent "+m.Intent.GetName())
			p.toPlugin <- &protocol.ToPlugin{Message: &protocol.ToPlugin_Intent{Intent: &protocol.IntentAnswer{
				Id: m.Intent.GetId()}}}
		case *protocol.ToHost_Records:
			seen = append(seen, "record")
		case *protocol.ToHost_TargetEnd:
			seen = append(seen, "end "+m.TargetEnd.GetError().GetMessage())
			p.toPlugin <- &protocol.ToPlugin{Message: &protocol.ToPlugin_Target{Target: &protocol.TargetAnswer{Id: m.TargetEnd.GetId()}}}
		}
	}
	result := converse(t, p, func(ctx context.Context, inv *Invocation) error {
		return inv.Each(ctx, "id", []string{"a", "b", "c"}, func(ctx context.Context, target string) error {
			if target == "c" {
				return problem.New(problem.Refused, "no")
			}
			if was, ok := inv.Intended("thing"); was != "earlier" || !ok {
				t.Errorf("the intent was %q, %v", was, ok)
			}
			return inv.Intend(ctx, "thing", "mine")
		})
	})
	want := []string{"all a,b,c", "begin a", "intent thing", "end ", "begin b", "begin c", "record", "end no"}
	if !slices.Equal(seen, want) || problem.Code(result.GetCode()) != problem.Partial {
		t.Errorf("code %d, %q", result.GetCode(), seen)
	}
}
