package sdk

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// TestEach is what a command for many targets ends with. The targets say what happens to them.
func TestEach(t *testing.T) {
	failures := map[string]error{
		"missing": problem.New(problem.NotFound, "not there"),
		"refused": problem.New(problem.Refused, "no"),
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
