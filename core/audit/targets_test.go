package audit

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

const canary = "sk-canary-0123456789abcdef"

var (
	canaryHash = protocol.KeyHash(canary)
	canaryName = canaryHash[:12]
)

func TestTargets(t *testing.T) {
	many := make([]string, 60)
	for i := range many {
		many[i] = fmt.Sprintf("u-%d", i)
	}
	for _, c := range []struct {
		method, path, query, body string
		want                      string // separated by blanks
	}{
		// Bodies.
		{"POST", "/user/new", "", `{"user_id":"u-1","user_email":"a@b.c","user_alias":"Ada","user_role":"internal_user","metadata":{"user_id":"no"}}`, "u-1 a@b.c"},
		{"POST", "/user/delete", "", `{"user_ids":["u-1","u-2","u-1",7,null,{"user_id":"no"}]}`, "u-1 u-2"},
		{"POST", "/user/bulk_update", "", `{"users":[{"user_id":"u-1","max_budget":5},{"user_email":"a@b.c"}]}`, "u-1 a@b.c"},
		{"POST", "/user/bulk_update", "", `{"all_users":true,"user_updates":{"user_id":"no"}}`, ""},
		{"POST", "/key/generate", "", `{"key":"` + canary + `","key_alias":"ci","team_id":"eng","models":["gpt"]}`, canaryName + " ci eng"},
		{"POST", "/key/generate", "", `{"key":"not the usual form","key_alias":"ci"}`, protocol.KeyHash("not the usual form")[:12] + " ci"},
		{"POST", "/key/delete", "", `{"keys":["` + canary + `","` + canaryHash + `","sk-...9Qx2"]}`, canaryName + " sk-...9Qx2"},
		{"POST", "/key/delete", "", `{"key_aliases":["a","b"]}`, "a b"},
		{"POST", "/key/bulk_update", "", `{"keys":[{"key":"` + canary + `","team_id":"t"}]}`, canaryName + " t"},
		{"POST", "/team/key/bulk_update", "", `{"team_id":"t","key_ids":["` + canaryHash + `"],"update_fields":{"team_id":"no"}}`, "t " + canaryName},
		{"POST", "/team/member_add", "", `{"team_id":"t","member":{"role":"user","user_id":"u-1"}}`, "t u-1"},
		{"POST", "/team/member_add", "", `{"member":[{"user_id":"u-1"},{"user_email":"a@b.c"}],"team_id":"t"}`, "u-1 a@b.c t"},
		{"POST", "/team/bulk_member_add", "", `{"team_id":"t","members":[{"user_id":"u-1"}]}`, "t u-1"},
		{"POST", "/team/delete", "", `{"team_ids":["t"]}`, "t"},
		{"POST", "/team/new", "", `{"team_alias":"Eng","organization_id":"o"}`, "Eng o"},
		{"POST", "/model/new", "", `{"model_name":"gpt","litellm_params":{"model":"no","api_key":"` + canary + `","id":"no"},"model_info":{"id":"m-1","model_name":"no","team_id":"no"}}`, "gpt m-1"},
		{"POST", "/model/delete", "", `{"id":"m-1"}`, "m-1"},
		{"POST", "/model/block", "", `{"model_id":"m-1"}`, "m-1"},
		{"POST", "/credentials", "", `{"credential_name":"openai","credential_values":{"api_key":"` + canary + `","user_id":"no"},"credential_info":{"id":"no"}}`, "openai"},
		{"POST", "/budget/new", "", `{"budget_id":"b","max_budget":1}`, "b"},
		{"DELETE", "/organization/delete", "", `{"organization_ids":["o"]}`, "o"},
		{"POST", "/guardrails", "", `{"guardrail":{"guardrail_name":"g","litellm_params":{"id":"no"}}}`, "g"},
		{"POST", "/x", "", `[{"user_id":"u-1"},{"user_id":"u-2"},"no",[{"user_id":"no"}]]`, "u-1 u-2"},
		{"POST", "/x", "", `{"user_id":"u-1","id":"brok`, "u-1"},
		{"POST", "/x", "", `user_id=no`, ""},
		{"POST", "/x", "", `"no"`, ""},
		{"POST", "/x", "", `{"user_id":""}`, ""},
		// A key in a place where nobody expects one, and what only looks like one.
		{"POST", "/x", "", `{"user_id":"` + canary + `","team_alias":"(` + canary + `)"}`, canaryName + " (" + canaryName + ")"},
		{"POST", "/x", "", `{"user_id":"task-force-of-the-year"}`, "task-force-of-the-year"},
		// Queries.
		{"POST", "/x", "user_id=u%201&team_id=t&user_id=u2&other=no&key=" + canary, "", "u_1 u2 t " + canaryName},
		{"POST", "/x", "%zz=1&user_id=u", "", "u"},
		// Paths.
		{"PATCH", "/credentials/a/b%20c", "", "", "a/b_c"},
		{"DELETE", "/credentials/openai", "", "", "openai"},
		{"PATCH", "/model/m-1/update", "", `{"model_name":"gpt"}`, "m-1 gpt"},
		{"POST", "/key/" + canaryHash + "/regenerate", "", "", canaryName},
		{"POST", "/key/sk%2Dcanary-0123456789abcdef/regenerate", "", "", canaryName},
		{"POST", "/key/" + canary + "/reset_spend", "", "", canaryName},
		{"PATCH", "/team/eng", "", "", "eng"},
		{"DELETE", "/team/eng/callback/langfuse", "", "", "eng langfuse"},
		{"POST", "/team/eng/member/u-1/reset_spend", "", "", "eng u-1"},
		{"PATCH", "/v2/organization/o", "", "", "o"},
		{"DELETE", "/access_group/beta/delete", "", "", "beta"},
		{"DELETE", "/policies/name/p/all-versions", "", "", "p"},
		{"DELETE", "/policies/attachments/a", "", "", "a"},
		{"PUT", "/policies/p", "", "", "p"},
		{"DELETE", "/v1/mcp/server/s", "", "", "s"},
		{"POST", "/team/update", "", "", ""},
		{"POST", "/team/eng/unknown", "", "", ""},
		// Many, and long ones.
		{"POST", "/user/delete", "", `{"user_ids":["` + strings.Join(many, `","`) + `"]}`, strings.Join(many[:50], " ") + " and_10_more"},
		{"POST", "/x", "", `{"user_id":"` + strings.Repeat("é", 300) + `"}`, strings.Repeat("é", 199) + "…"},
	} {
		got := Targets(c.method, c.path, c.query, []byte(c.body), nil)
		for i := range got {
			got[i] = strings.ReplaceAll(got[i], " ", "_")
		}
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s %s?%s %s\n%s", c.method, c.path, c.query, c.body, diff)
		}
	}
}

// A secret is masked before a text is cut, or a half of it would stay.
func TestMaskFirst(t *testing.T) {
	const secret = "hunter2-hunter2-hunter2"
	mask := func(s string) string { return strings.ReplaceAll(s, secret, "***") }
	body := `{"user_id":"` + strings.Repeat("x", longestTarget-8) + secret + `"}`
	dir := t.TempDir()
	begin(t, Open(dir, mask), Entry{
		Reason:  strings.Repeat("x", longest-8) + secret,
		Targets: append(Targets("POST", "/x", "", []byte(body), mask), strings.Repeat("x", longestTarget-8)+secret),
	})(400, Refused, strings.Repeat("x", longest-8)+secret)
	if text, _ := raw(t, dir); strings.Contains(text, "hunter") || strings.Count(text, "***") != 4 {
		t.Error(text)
	}
}

// Wherever a key stands in an entry, its name is in the log, and the key is not.
func TestNoKey(t *testing.T) {
	for name, e := range map[string]Entry{
		"gateway": {Gateway: "https://x/" + canary}, "profile": {Profile: canary}, "who": {Who: canary}, "key": {Key: canary},
		"command": {Command: "keys delete " + canary}, "plugin": {Plugin: canary}, "method": {Method: canary}, "path": {Path: "/key/" + canary + "/x"},
		"encoded path": {Path: "/key/sk%2Dcanary-0123456789abcdef/x"}, "targets": {Targets: []string{"a", canary}}, "reason": {Reason: `said "` + canary + `"`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			begin(t, Open(dir, nil), e)(400, canary, "Received API Key = "+canary+". Key Hash")
			text, _ := raw(t, dir)
			if strings.Contains(text, "canary") || strings.Count(text, canaryName) != 3 {
				t.Error(text)
			}
		})
	}
	dir := t.TempDir()
	begin(t, Open(dir, nil), Entry{Path: "/key/info?key=hunter2"})
	if text, _ := raw(t, dir); strings.Contains(text, "hunter2") || !strings.Contains(text, "/key/info") {
		t.Errorf("the query is in the log: %s", text)
	}
}

func TestKeyName(t *testing.T) {
	for in, want := range map[string]string{
		"": "", canary: canaryName, canaryHash: canaryName, protocol.HashedKey + canaryHash: canaryName, "sk-...9Qx2": "sk-...9Qx2",
		"sk-short": protocol.KeyHash("sk-short")[:12], "sk-...this-is-no-abbreviation": protocol.KeyHash("sk-...this-is-no-abbreviation")[:12],
	} {
		if got := KeyName(in); got != want {
			t.Errorf("KeyName(%q) = %q, want %q", in, got, want)
		}
	}
}

// Whatever a request is, no key and no registered secret is among its targets, and they have their measure.
func FuzzTargets(f *testing.F) {
	f.Add("POST", "/key/KEY/regenerate", "key=KEY&user_id= KEY", "user_id", "(", ")", []byte(`{"keys":["KEY"],"member":{"user_id":"x KEY"}}`))
	f.Add("DELETE", "/credentials/KEY", "", "keys", "", "", []byte(`[{"user_id":"KEY`))
	f.Add("PATCH", "/team/%4bEY", "team_id=a%00KEY", "team_alias", "\n", "é", []byte(`{"model_info":{"id":"KEY"}}`))
	f.Fuzz(func(t *testing.T, method, path, query, member, before, after string, body []byte) {
		fill := func(s string) string { return strings.ReplaceAll(s, "KEY", canary) }
		mask := func(s string) string { return strings.ReplaceAll(s, canary, "***") }
		for _, list := range [][]string{
			Targets(method, fill(path), fill(query), []byte(fill(string(body))), mask),
			Targets(method, fill(path), fill(query), []byte(fill(string(body))), nil),
		} {
			if len(list) > maxTargets+1 {
				t.Errorf("%d targets", len(list))
			}
			for _, s := range list {
				if utf8.RuneCountInString(s) > longestTarget || s == "" || hideKeys(s) != s && !strings.HasSuffix(s, ellipsis) {
					t.Errorf("%q", s)
				}
			}
		}
		for _, s := range Targets(method, fill(path), fill(query), []byte(fill(string(body))), mask) {
			if strings.Contains(s, "sk-canary") {
				t.Errorf("masked, and still there: %q", s)
			}
		}
		// Without a mask: where the key is a word of its own.
		if before != "" && isAlphanumeric(before[len(before)-1]) {
			before += " "
		}
		for _, value := range []string{before + canary + " " + after, canary} {
			whole, _ := json.Marshal(map[string]any{member: value, "users": []any{map[string]string{member: value}}})
			list := Targets(method, "/key/"+url.PathEscape(value)+"/regenerate", url.Values{member: {value}}.Encode(), whole, nil)
			if s := strings.Join(list, "\n"); strings.Contains(s, canary) {
				t.Errorf("%q of %s", s, whole)
			}
		}
	})
}
