package job

import (
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func TestReason(t *testing.T) {
	for name, c := range map[string]struct{ key, data, message, said, want string }{
		"the key":               {"ada@example.com", ``, "cannot create user ada@example.com: it exists", "", "cannot create user …: it exists"},
		"in a name":             {"ada@example.com", ``, `key "ada@example.com/default" is in use`, "", `key "…/default" is in use`},
		"a longer word":         {"ada", ``, "adaptor of ada, ada's, Canada", "", "adaptor of …, …'s, Canada"},
		"texts of the data":     {"k", `{"name":"Ada L.","deep":{"id":"u-17"},"list":["x y z"]}`, "Ada L. is u-17: x y z", "", "… is …: …"},
		"the longest first":     {"k", `{"a":"u-1","b":"u-1 of eng"}`, "no u-1 of eng", "", "no …"},
		"no words":              {"k", `{"team":"eng","role":"user"}`, "user of eng", "", "user of eng"},
		"short":                 {"k", `{"n":"12"}`, "k 12", "", "k 12"},
		"hashes and ids":        {"k", ``, "2f81c09e7a44 and 0b7e5f0c-2a0d-4c6c-9a55-0d8d7c1a2b3c but deadbeefcafe, added", "", "… and … but deadbeefcafe, added"},
		"what the gateway said": {"k-1", ``, "cannot", "k-1 is bad", "cannot · … is bad"},
		"no message":            {"k", ``, "", "", ""},
		"no data of ours":       {"k", `{`, "text", "", "text"},
		"an empty key":          {"", `{"a":""}`, "text", "", "text"},
		"letters of all":        {"Zoë-1", ``, "Zoë-1é Zoë-1", "", "Zoë-1é …"},
	} {
		t.Run(name, func(t *testing.T) {
			i := &Item{Entry: Entry{Key: c.key, Data: []byte(c.data)}}
			if got := i.reasonOf(&problem.Error{Message: c.message, Said: c.said}); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestOutcome(t *testing.T) {
	for result, want := range map[string]string{
		`{"result":"created"}`: "created", `[{"result":"exists"},{"result":"created"},{"result":"exists"}]`: "created",
		`{"records":[{"result":"unchanged"},{"result":"updated"}],"text":""}`: "updated", `{"records":{"result":"deleted"}}`: "deleted",
		`{"records":[]}`: "", `{"records":null}`: "", `{"result":null}`: "", `{"result":{"a":1}}`: "", `"created"`: "", `null`: "", ``: "", `{`: "",
		`{"records":[{"result":"planned"}]}`: "planned", `{"result":"a text that is far too long to be a word for what was done"}`: "",
		`[1,{"result":"not_found"},"x"]`: "not_found",
	} {
		if got := outcomeOf([]byte(result)); got != want {
			t.Errorf("%s: %q, want %q", result, got, want)
		}
	}
	for outcome, want := range map[string]int{"": effectNone, "planned": effectNone, "exists": effectExisted, "deleted": effectChanged, "rotated": effectChanged, "created": effectCreated} {
		if got := effectOf(outcome); got != want {
			t.Errorf("%s: %d", outcome, got)
		}
	}
}
