package config

import (
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func TestEdit(t *testing.T) {
	set := func(key, value string) func(*File) ([]byte, error) {
		return func(f *File) ([]byte, error) { return f.SetText(strings.Fields(key), value) }
	}
	unset := func(key string) func(*File) ([]byte, error) {
		return func(f *File) ([]byte, error) { doc, _, err := f.Unset(strings.Fields(key)); return doc, err }
	}
	remove := func(name string) func(*File) ([]byte, error) {
		return func(f *File) ([]byte, error) { return f.RemoveProfile(name) }
	}
	for name, c := range map[string]struct {
		before string
		edit   func(*File) ([]byte, error)
		after  string
	}{
		"a value":                    {"# c\ntimeout = '3s' # why\naudit = true\n", set("timeout", "5s"), "# c\ntimeout = \"5s\" # why\naudit = true\n"},
		"words for truth":            {"audit = true\n", set("audit", "off"), "audit = false\n"},
		"a number":                   {"", set("concurrency", "08"), header + "concurrency = 8\n"},
		"a new file":                 {"", set("profiles prod url", "https://a.example/"), header + "[profiles.prod]\nurl = \"https://a.example\"\n"},
		"a new top key":              {"timeout = '3s'\n\n# about a\n[profiles.a]\nurl = 'http://a'\n", set("output", "json"), "timeout = '3s'\noutput = \"json\"\n\n# about a\n[profiles.a]\nurl = 'http://a'\n"},
		"the first top key":          {"# mine\n\n# about a\n[profiles.a]\nurl = 'http://a'\n", set("output", "json"), "# mine\n\noutput = \"json\"\n\n# about a\n[profiles.a]\nurl = 'http://a'\n"},
		"only comments":              {"# mine\n", set("output", "json"), "# mine\noutput = \"json\"\n"},
		"no end of the last line":    {"timeout = '3s'", set("output", "json"), "timeout = '3s'\noutput = \"json\"\n"},
		"a key of a profile":         {"[profiles.a]\nurl = 'http://a' # x\n# end of a\n[profiles.b]\nurl = 'http://b'\n", set("profiles a timeout", "3s"), "[profiles.a]\nurl = 'http://a' # x\ntimeout = \"3s\"\n# end of a\n[profiles.b]\nurl = 'http://b'\n"},
		"behind the last key of one": {"[profiles.a]\nurl = 'http://a'\nprotected = true # x\n\n# end\n", set("profiles a timeout", "3s"), "[profiles.a]\nurl = 'http://a'\nprotected = true # x\ntimeout = \"3s\"\n\n# end\n"},
		"a new profile":              {"[profiles.a]\nurl = 'http://a'\n", set("profiles a.b url", "http://b"), "[profiles.a]\nurl = 'http://a'\n\n[profiles.\"a.b\"]\nurl = \"http://b\"\n"},
		"Windows":                    {"audit = true\r\n[profiles.a]\r\nurl = 'http://a'\r\n", set("profiles b url", "http://b"), "audit = true\r\n[profiles.a]\r\nurl = 'http://a'\r\n\r\n[profiles.b]\r\nurl = \"http://b\"\r\n"},
		"a byte order mark":          {bom + "[profiles.a]\nurl = 'http://a'\n", set("audit", "on"), bom + "audit = true\n\n[profiles.a]\nurl = 'http://a'\n"},
		"dotted":                     {"profiles.a.url = 'http://a'\n", set("profiles a timeout", "3s"), "profiles.a.url = 'http://a'\nprofiles.a.timeout = \"3s\"\n"},
		"a value that is quoted":     {"\"timeout\"  =  '3s'# why\n", set("timeout", "5s"), "\"timeout\"  =  \"5s\"# why\n"},
		"a value over lines":         {"timeout = \"\"\"\n3s\"\"\" # why\naudit = true\n", set("timeout", "5s"), "timeout = \"5s\" # why\naudit = true\n"},
		"a value in another base":    {"concurrency = 0x10\n", set("concurrency", "16"), "concurrency = 16\n"},
		"a value of Windows":         {"timeout = '3s' # why\r\naudit = true\r\n", set("timeout", "5s"), "timeout = \"5s\" # why\r\naudit = true\r\n"},
		"an indented value":          {"[profiles.a]\n  url = 'http://a'\n", set("profiles a url", "http://b/"), "[profiles.a]\n  url = \"http://b\"\n"},
		"a dotted value":             {"profiles.\"a.b\".url = 'http://a' # x\n", set("profiles a.b url", "http://b"), "profiles.\"a.b\".url = \"http://b\" # x\n"},
		"a top key after dotted":     {"profiles.a.url = 'http://a'\n", set("audit", "off"), "profiles.a.url = 'http://a'\naudit = false\n"},
		"a top key after inline":     {"profiles = {a = {url = 'http://a'}} # x\n", set("audit", "off"), "profiles = {a = {url = 'http://a'}} # x\naudit = false\n"},
		"above the comments of all":  {"# mine\n[profiles.a]\nurl = 'http://a'\n", set("audit", "off"), "audit = false\n\n# mine\n[profiles.a]\nurl = 'http://a'\n"},
		"below the header's remark":  {"[profiles.a] # x\n# y\nurl = 'http://a'\n", set("profiles a output", "json"), "[profiles.a] # x\n# y\nurl = 'http://a'\noutput = \"json\"\n"},
		"dotted, in the table":       {"[profiles]\na . url = 'http://a'\n# b\nb.url = 'http://b'\n", set("profiles a timeout", "3s"), "[profiles]\na . url = 'http://a'\na .timeout = \"3s\"\n# b\nb.url = 'http://b'\n"},
		"a profile below another":    {"[profiles.a]\nurl = 'http://a'", set("profiles b url", "http://b"), "[profiles.a]\nurl = 'http://a'\n\n[profiles.b]\nurl = \"http://b\"\n"},
		"a profile beside inline":    {"[profiles]\na = {url = 'http://a'}\n", set("profiles b url", "http://b"), "[profiles]\na = {url = 'http://a'}\n\n[profiles.b]\nurl = \"http://b\"\n"},
		"a profile beside dotted":    {"profiles.a.url = 'http://a'\n", set("profiles b url", "http://b"), "profiles.a.url = 'http://a'\n\n[profiles.b]\nurl = \"http://b\"\n"},
		"only a mark":                {bom, set("audit", "off"), bom + "audit = false\n"},
		"only an empty line":         {"\n", set("audit", "off"), "\naudit = false\n"},
		"comments without an end":    {"# mine", set("audit", "off"), "# mine\naudit = false\n"},
		"unset in Windows":           {bom + "timeout = '3s'\r\naudit = true\r\n", unset("timeout"), bom + "audit = true\r\n"},
		"unset the last line":        {"audit = true\ntimeout = '3s'", unset("timeout"), "audit = true\n"},
		"unset all":                  {"timeout = '3s'", unset("timeout"), ""},
		"unset over lines":           {"ca_cert = \"\"\"\n/ca\\\n  .pem\"\"\" # x\n# y\n", unset("ca_cert"), "# y\n"},
		"unset of a profile":         {"[profiles.a]\nurl = 'http://a'\n# why\nprotected = true # x\n[profiles.b]\nurl = 'http://b'\nprotected = true\n", unset("profiles a protected"), "[profiles.a]\nurl = 'http://a'\n# why\n[profiles.b]\nurl = 'http://b'\nprotected = true\n"},
		"unset of no profile":        {"audit = true\n", unset("profiles a protected"), "audit = true\n"},
		"a profile of Windows":       {bom + "[profiles.a]\r\nurl = 'http://a'\r\n\r\n# about b\r\n[profiles.b]\r\nurl = 'http://b'\r\n", remove("a"), bom + "# about b\r\n[profiles.b]\r\nurl = 'http://b'\r\n"},
		"a profile without an end":   {"[profiles.b]\nurl = 'http://b'\n[profiles.a]\nurl = 'http://a'", remove("a"), "[profiles.b]\nurl = 'http://b'\n"},
		"a profile with dots":        {"[profiles.'a.b']\nurl = 'http://a'\n[profiles.a]\nurl = 'http://b'\n", remove("a.b"), "[profiles.a]\nurl = 'http://b'\n"},
		"no such profile":            {"[profiles.ab]\nurl = 'http://a'\n", remove("a"), "[profiles.ab]\nurl = 'http://a'\n"},
		"a profile of the table":     {"[profiles]\n# a\na.url = 'http://a' # x\na.protected = true\nb.url = 'http://b'\n", remove("a"), "[profiles]\n# a\nb.url = 'http://b'\n"},
		"in use without a table":     {"# use\nprofile = 'a' # x\nprofiles.a.url = 'http://a'\n", remove("a"), "# use\n"},
		"the one that is not":        {"profile = 'b'\n[profiles.a]\nurl = 'http://a'\n[profiles.b]\nurl = 'http://b'\n", remove("a"), "profile = 'b'\n[profiles.b]\nurl = 'http://b'\n"},
		"quotes":                     {"", set("ca_cert", `/a "b" \c`), header + `ca_cert = "/a \"b\" \\c"` + "\n"},
		"unset":                      {"# above\ntimeout = '3s' # beside\naudit = true\n", unset("timeout"), "# above\naudit = true\n"},
		"unset what is not there":    {"audit = true\n", unset("timeout"), "audit = true\n"},
		"unset of many lines":        {"timeout = '''3s'''\naudit = true\n", unset("timeout"), "audit = true\n"},
		"a profile":                  {"# mine\n\n# about a\n[profiles.a]\n# in a\nurl = 'http://a'\n# end of a\n\n# about b\n[profiles.b]\nurl = 'http://b'\n", remove("a"), "# mine\n\n# about b\n[profiles.b]\nurl = 'http://b'\n"},
		"the last profile":           {"audit = true\n\n# about a\n[profiles.a]\nurl = 'http://a'\n# end\n", remove("a"), "audit = true\n\n"},
		"the profile in use":         {"profile = 'a' # mine\naudit = true\n[profiles.a]\nurl = 'http://a'\n", remove("a"), "audit = true\n"},
		"a dotted profile":           {"profiles.a.url = 'http://a'\nprofiles.a.timeout = '3s'\naudit = true\n", remove("a"), "audit = true\n"},
		"the profile of that name":   {"[profiles.ab]\nurl = 'http://a'\n[profiles.a]\nurl = 'http://b'\n", remove("a"), "[profiles.ab]\nurl = 'http://a'\n"},
	} {
		f, err := load(c.before)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if c.before == "" {
			f.doc = nil
		}
		got, err := c.edit(f)
		if err != nil || string(got) != c.after {
			t.Errorf("%s: %v\n%q\nwant\n%q", name, err, got, c.after)
		}
	}
}

func TestEditRefuses(t *testing.T) {
	for name, c := range map[string]struct{ before, key, value, want string }{
		"an inline table":        {"[profiles]\na = {url = 'http://a'}\n", "profiles a url", "http://b", "config.toml:2 is written in a form"},
		"one beside it":          {"profiles = {a = {url = 'http://a'}}\n", "profiles b url", "http://b", "config.toml:1 is written in a form"},
		"a profile in use":       {"", "profile", "nope", `then there is no profile "nope"`},
		"a key before its":       {"", "profiles b timeout", "3s", "then profile b has no url"},
		"a bad name":             {"", "profiles ../x url", "http://b", "is no name for a profile"},
		"an unknown key":         {"", "nope", "3", "there is no setting"},
		"no truth":               {"", "audit", "maybe", "it is on or off"},
		"no number":              {"", "concurrency", "many", "it is a whole number"},
		"a number too large":     {"", "concurrency", "5000", "from 1 to 1000"},
		"a URL with a secret":    {"", "base_url", "https://ada:hunter22@a", "a user name or password"},
		"an unknown format":      {"", "output", "hunter22", "it is one of"},
		"an unknown profile key": {"", "profiles a nope", "hunter22", `there is no setting "profiles.a.nope"`},
		"a secret":               {"", "profiles a api_key", "hunter22", "a key does not belong"},
		"the built-in profile":   {"", "profiles sandbox url", "http://a", "built-in profile's"},
		"more than can be read":  {strings.Repeat("#\n", maxFile/2), "timeout", "3s", "more than 64 KiB"},
	} {
		f, err := load(c.before)
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.SetText(strings.Fields(c.key), c.value)
		if problem.CodeOf(err) != problem.Usage || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter22") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What stands in a form that is not changed, or is needed, is refused by Unset and RemoveProfile too; nothing is changed.
func TestRemoveRefuses(t *testing.T) {
	for name, c := range map[string]struct{ before, what, want string }{
		"a part of an inline table": {"[profiles]\na = {url = 'http://a', protected = true}\n", "protected", "cannot unset profiles.a.protected: ~/.config/litellm-proxy/config.toml:2 is written in a form"},
		"an inline table":           {"[profiles]\na = {url = 'http://a', protected = true}\n", "", "cannot remove profiles.a: ~/.config/litellm-proxy/config.toml:2 is written in a form"},
		"the address":               {"[profiles.a]\nurl = 'http://a'\n", "url", "cannot unset profiles.a.url: then profile a has no url"},
		"a text like a comment":     {"[profiles.b]\nurl = 'http://b'\nca_cert = '''\n# x'''\n[profiles.a]\nurl = 'http://a'\n", "", "cannot remove profiles.a"},
	} {
		f, err := load(c.before)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if c.what == "" {
			_, err = f.RemoveProfile("a")
		} else {
			_, _, err = f.Unset([]string{"profiles", "a", c.what})
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || problem.As(err).State != problem.Unchanged || string(f.Doc()) != c.before {
			t.Errorf("%s: %v", name, err)
		}
	}
}
