package sdk

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// TestList: what is no list is an error, not an empty one.
func TestList(t *testing.T) {
	for body, want := range map[string]string{
		`{"data":[{"a":1},{"a":2}]}`: "", `{"data":[]}`: "",
		`{}`: "has no list", `{"data":null}`: "has no list", `[]`: "has no list", `{"data":{}}`: "has no list", `{"Data":[]}`: "has no list",
		`null`: "has no list", `"x"`: "has no list", `{"data":[1]}`: "rows of another shape", `<html>`: "not JSON", `{"data":[`: "not JSON",
	} {
		p := newPipe()
		p.answer = func(m *protocol.ToHost) {
			if q := m.GetHttp(); q != nil {
				p.head(q.GetId(), &protocol.HTTPHead{Status: 200})
				p.chunk(q.GetId(), body, true)
			}
		}
		var rows []struct{ A json.Number }
		result := converse(t, p, func(ctx context.Context, inv *Invocation) error {
			return inv.List(Attempting(ctx, "list things"), "/things", nil, "data", &rows)
		})
		e := result.GetError().Problem()
		if want == "" {
			if e != nil || len(rows) != strings.Count(body, `"a":`) {
				t.Errorf("%s: %v, %v", body, rows, e)
			}
			continue
		}
		if e == nil || e.Code != problem.Unreachable || !strings.HasPrefix(e.Message, "cannot list things: ") || !strings.Contains(e.Message, want) || !strings.Contains(e.Hint, "LiteLLM gateway's own address") {
			t.Errorf("%s: %+v", body, e)
		}
	}
}
