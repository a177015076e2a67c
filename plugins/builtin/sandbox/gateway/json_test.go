package gateway

import (
	"strings"
	"testing"
)

func TestShapes(t *testing.T) {
	for name, text := range map[string]string{
		"keyMade": keyMade, "keyListed": keyListed, "keyListedMore": keyListedMore, "keyDeleted": keyDeleted, "keyOfUser": keyOfUser,
		"userHead": userHead, "userFlatShape": userFlatShape, "teamShape": teamShape, "teamRowShape": teamRowShape,
		"teamInfoMore": teamInfoMore, "teamListedMore": teamListedMore, "teamDeletedMore": teamDeletedMore,
		"budgetShape": budgetShape, "memberBudgetShape": memberBudgetShape, "teamBudgetShape": teamBudgetShape,
	} {
		all, err := parseObject(text)
		if got := shape(text); err != nil || len(got) != len(all) {
			t.Errorf("%s: %d of %d members, %v", name, len(got), len(all), err)
		}
	}
}

func TestRepr(t *testing.T) {
	for in, want := range map[string]string{
		"plain":      `'plain'`,
		"it's":       `"it's"`,
		`say "it's"`: `'say "it\'s"'`,
		"a\nb\\c":    `'a\nb\\c'`,
	} {
		if got := repr(in); got != want {
			t.Errorf("%q: %s", in, got)
		}
	}
}

func TestStoredOrder(t *testing.T) {
	o := object{"ccc": raw(1), "b": raw(2), "aa": raw(3), "a": raw(4)}
	if got := string(raw(o.stored())); got != `{"a":4,"b":2,"aa":3,"ccc":1}` {
		t.Error(got)
	}
}

func TestCipherText(t *testing.T) {
	a := cipherText("secret", "api_key", "value")
	if a != cipherText("secret", "api_key", "value") || a == cipherText("secret", "api_key", "other") || a == cipherText("secret", "model", "value") {
		t.Error("not a function of name and value")
	}
	if strings.Contains(a, "value") || len(a) != 60 {
		t.Errorf("text: %s", a)
	}
}

func TestMatchPath(t *testing.T) {
	tests := []struct {
		pattern, path, value string
		ok                   bool
	}{
		{"/a", "/a", "", true}, {"/a", "/a/", "", false}, {"/a/{x}", "/a/b", "b", true}, {"/a/{x}", "/a/", "", false},
		{"/a/{x}", "/a/b/c", "", false}, {"/a/{x}/c", "/a/b/c", "b", true}, {"/a/{x}/c", "/a/c", "", false}, {"/a/{x...}", "/a/b/c", "b/c", true},
	}
	for _, test := range tests {
		if value, ok := matchPath(test.pattern, test.path); ok != test.ok || ok && value != test.value {
			t.Errorf("%s %s: %q %v", test.pattern, test.path, value, ok)
		}
	}
}

// What a client may send and the real gateway takes.
func TestOddBodies(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/model/new", `{"model_name":"x","model_name":"twice","litellm_params":{"model":"openai/gpt-4o","o":{"a":1,"a":2}},"bogus":1}`).want(200).contains(`"model_name":"twice"`)
	call(t, g, "POST", "/model/new", `{"model_name":"","litellm_params":{"model":"openai/gpt-4o","n":12345678901234567890},"model_info":{"id":7}}`).want(200).contains(`"model_id":"7"`, `12345678901234567890`)
	call(t, g, "GET", "/models?bogus=x", "").want(200).contains(`"id":""`, `"id":"twice"`)
	call(t, g, "POST", "/model/new", "{\"model_name\":\"\xff\",\"litellm_params\":{\"model\":\"openai/gpt-4o\"}}")
	call(t, g, "POST", "/model/new", `{} {}`).want(422)
}
