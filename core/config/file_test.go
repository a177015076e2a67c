package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

var formatsOfTest = []string{"table", "json"}

// load reads a document as if it were in a file of /home/ada.
func load(doc string) (*File, error) {
	f := &File{path: filepath.Join("/home/ada", ".config", program, "config.toml"), home: "/home/ada", formats: formatsOfTest}
	return f.With([]byte(doc))
}

const example = `# mine
profile = "prod"
audit = false
output = "json"
timeout = "1m" # of all
ca_cert = "~/ca.pem"

[profiles.prod]
url = "https://Prod.example/llm/"
protected = true
timeout = "30s"
concurrency = 0x10
client_cert = "cert.pem"
client_key = "/etc/key.pem"

[profiles."a.b"]
url = "https://ab.example"
credential_store = "docker-credential-pass"
`

func TestRead(t *testing.T) {
	f, err := load(example)
	if err != nil {
		t.Fatal(err)
	}
	if f.InUse != "prod" || !f.NoAudit || len(f.Profiles) != 2 || f.Profiles[0].URL != "https://Prod.example/llm" || !f.Profiles[0].Protected {
		t.Errorf("%+v", f)
	}
	prod := f.DefaultsFor("prod")
	want := Defaults{Output: "json", Timeout: "30s", Concurrency: 16, CACert: "/home/ada/ca.pem", ClientCert: "/home/ada/.config/litellm-proxy/cert.pem", ClientKey: "/etc/key.pem"}
	if prod != want {
		t.Errorf("%+v", prod)
	}
	if other := f.DefaultsFor("a.b"); other.Timeout != "1m" || other.CredentialStore != "docker-credential-pass" || other.ClientCert != "" {
		t.Errorf("%+v", other)
	}
	if none := f.DefaultsFor(""); none.Timeout != "1m" || none.Concurrency != 0 {
		t.Errorf("%+v", none)
	}
	for key, line := range map[string]string{"timeout": "5", "profiles prod": "8", "profiles prod timeout": "11", "profiles a.b url": "17", "nothing": "", "profiles prod output": ""} {
		want := ""
		if line != "" {
			want = "~/.config/litellm-proxy/config.toml:" + line
		}
		if got := f.Origin(strings.Fields(key)...); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
	kept := f.Kept()
	if kept.InUse != "prod" || kept.InUseFrom != "~/.config/litellm-proxy/config.toml:2" || strings.Join(kept.Names(), " ") != "sandbox prod a.b" || !kept.Profiles[0].Protected {
		t.Errorf("%+v", kept)
	}
	values := map[string]Value{}
	for _, v := range f.Values() {
		values[v.Key] = v
	}
	if v := values["profiles.a.b.url"]; v.Value != "https://ab.example" || !strings.HasSuffix(v.From, ":17") {
		t.Errorf("%+v", v)
	}
	if v := values["base_url"]; v.Value != Default || v.From != ByDefault {
		t.Errorf("%+v", v)
	}
}

// TestReadFaults has all that can be wrong with a file: where, and what. A secret in it is not repeated.
func TestReadFaults(t *testing.T) {
	const secret = "sk-in-the-wrong-place"
	for name, c := range map[string]struct{ doc, want string }{
		"syntax":                  {"\n\ntimeout = ", "config.toml:3: "},
		"no TOML":                 {"hello", "config.toml:1: "},
		"twice":                   {"audit = true\naudit = false", "config.toml:2: "},
		"a table twice":           {"[profiles.a]\nurl='http://a'\n[profiles.a]\nurl='http://b'", "config.toml:3: "},
		"unknown":                 {"# x\ncolour = 'red'", `config.toml:2: there is no setting "colour" here; there are base_url, profile`},
		"misspelt":                {"timout = '3s'", `config.toml:1: there is no setting "timout"; did you mean timeout?`},
		"misspelt in a profile":   {"[profiles.a]\nurl = 'http://a'\nprotect = true", `config.toml:3: there is no setting "protect"; did you mean protected?`},
		"the other place":         {"[profiles.a]\nurl = 'http://a'\naudit = true", "config.toml:3: audit holds for all profiles: it belongs above the first table"},
		"and the other":           {"url = 'http://a'", "did you mean base_url, or url below [profiles.NAME]?"},
		"a key":                   {"key = '" + secret + "'", "config.toml:1: a key does not belong in the configuration: litellm-proxy login --with-token"},
		"an API key":              {"[profiles.a]\nurl = 'http://a'\napi-key = '" + secret + "'", "a key does not belong"},
		"a password":              {"passwd = '" + secret + "'", "a key does not belong"},
		"a number as a key":       {"key = 1e99999", "config.toml:1: "},
		"a secret in a URL":       {"base_url = 'https://ada:" + secret + "@a.example'", "config.toml:1: cannot use base_url: it holds a user name or password"},
		"a secret as a format":    {"output = '" + secret + "'", "config.toml:1: cannot use output: it is one of table, json"},
		"no text":                 {"timeout = 3", `config.toml:1: timeout must be a text in quotes`},
		"no truth":                {"audit = 'on'", "config.toml:1: audit must be true or false"},
		"no number":               {"concurrency = 8.5", "config.toml:1: concurrency must be a whole number"},
		"a date":                  {"timeout = 2026-11-25", "timeout must be a text"},
		"a list":                  {"output = ['json']", "output must be a text"},
		"a table for a value":     {"audit = {a = true}", "config.toml:1: audit must be true or false"},
		"an empty table for one":  {"base_url = {}", "base_url must be a text"},
		"dotted":                  {"output.x = 1", "config.toml:1: output is no table"},
		"another scheme":          {"base_url = 'ftp://a'", "must start with http:// or https://"},
		"a duration":              {"timeout = '3 days'", `"3 days" is no duration`},
		"a negative duration":     {"timeout = '-3s'", "is no duration"},
		"no concurrency":          {"concurrency = 0", "0 is no number from 1 to 1000"},
		"an empty path":           {"ca_cert = ''", "it is empty"},
		"a profile without a URL": {"[profiles.a]\nprotected = true", "config.toml:1: profile a has no url"},
		"none in use":             {"profile = 'b'\n[profiles.a]\nurl = 'http://a'", `config.toml:1: there is no profile "b", which is said to be in use`},
		"the sandbox":             {"[profiles.sandbox]\nurl = 'http://a'", "built-in profile's"},
		"a bad name":              {`[profiles."../x"]` + "\nurl = 'http://a'", "is no name for a profile"},
		"another table":           {"[gateway]\nurl = 'http://a'", "config.toml:1: there is no table [gateway]"},
		"a table too deep":        {"[profiles.a.b]\nurl = 'http://a'", "config.toml:1: there is no table [profiles.a.b]"},
		"several of one":          {"[[profiles.a]]\nurl = 'http://a'", "config.toml:1: there is no table [profiles.a]"},
		"several of all":          {"[[profiles]]\nurl = 'http://a'", "config.toml:1: there is no table [profiles]"},
		"profiles as a value":     {"profiles = 3", "config.toml:1: profiles are tables"},
		"an empty profile":        {"[profiles]\nprod = {}", "config.toml:2: profiles are tables"},
		"no UTF-8":                {"\n# \xff", "config.toml:2: it is not UTF-8 text"},
	} {
		_, err := load(c.doc)
		e := problem.As(err)
		if err == nil || e.Code != problem.Usage || !strings.Contains(e.Message, c.want) || !strings.Contains(e.Message, "~/.config/litellm-proxy/config.toml:") {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, f := range e.Facts {
			t.Errorf("%s: and %s", name, f.Text)
		}
		if strings.Contains(e.Message, secret) {
			t.Errorf("%s repeats a secret: %v", name, err)
		}
	}
	_, err := load("timeout = 3\n[profiles.a]\nprotected = 1\naudit = true\n")
	if e := problem.As(err); !strings.Contains(e.Message, ":1: timeout") || len(e.Facts) != 3 || !strings.Contains(e.Facts[0].Text, ":2: profile a has no url") || !strings.Contains(e.Facts[2].Text, ":4: audit") {
		t.Errorf("%+v", e)
	}
	if _, err := load(manyFaults(30)); len(problem.As(err).Facts) != 10 {
		t.Errorf("%+v", problem.As(err).Facts)
	}
}

func manyFaults(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("nonsense" + strings.Repeat("x", i) + " = 1\n")
	}
	return b.String()
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "config.toml")
	if f, err := Read(path, dir, formatsOfTest); err != nil || f.Doc() != nil || len(f.Kept().Names()) != 1 {
		t.Errorf("%+v %v", f, err)
	}
	for name, prepare := range map[string]func() error{
		"a directory": func() error { return os.Mkdir(path, 0o700) },
		"too large":   func() error { return os.WriteFile(path, make([]byte, maxFile+1), 0o600) },
	} {
		if err := prepare(); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path, dir, formatsOfTest); problem.CodeOf(err) != problem.Usage || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
		_ = os.RemoveAll(path)
	}
}

func TestOlderBaseURL(t *testing.T) {
	home := t.TempDir()
	if got := OlderBaseURL(home); got != "" {
		t.Error(got)
	}
	if err := os.Mkdir(filepath.Join(home, ".litellm"), 0o700); err != nil {
		t.Fatal(err)
	}
	for doc, want := range map[string]string{
		`{"base_url": "https://llm.example.com/", "hidden_commands": "x"}`: "https://llm.example.com", `{"base_url": "ftp://x"}`: "", `{"base_url": 3}`: "", `no JSON`: "", `[]`: "", `{}`: "",
	} {
		if err := os.WriteFile(filepath.Join(home, ".litellm", "config.json"), []byte(doc), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := OlderBaseURL(home); got != want {
			t.Errorf("%s: %q", doc, got)
		}
	}
	if OlderBaseURL("") != "" {
		t.Error("no home")
	}
}

func TestParseKey(t *testing.T) {
	for text, want := range map[string]string{
		"timeout": "timeout", "profiles.prod.url": "profiles prod url", "profiles.a.b.timeout": "profiles a.b timeout", "profiles.prod": "", "profiles.prod.audit": "", "nope": "", "": "", "url": "", "api_key": "", "profiles..url": "",
	} {
		key, err := ParseKey(text)
		if got := strings.Join(key, " "); got != want || (err == nil) != (want != "") || err != nil && problem.CodeOf(err) != problem.Usage {
			t.Errorf("%q: %q %v", text, got, err)
		}
	}
}

func TestDirs(t *testing.T) {
	env := func(pairs ...string) func(string) string {
		return func(name string) string {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == name {
					return pairs[i+1]
				}
			}
			return ""
		}
	}
	home := NewDirs("/home/ada")
	if dir, err := home.State(); err != nil || dir != filepath.Join("/home/ada", ".local", "state", program) {
		t.Error(dir, err)
	}
	if dir, err := home.Config(); err != nil || dir != filepath.Join("/home/ada", ".config", program) || home.Home() != "/home/ada" {
		t.Error(dir, err)
	}
	for _, getenv := range []func(string) string{env(), env("HOME", "relative", "USERPROFILE", "relative")} {
		lost := SystemDirs(getenv)
		if dir, err := lost.State(); err == nil || !strings.Contains(err.Error(), "XDG_STATE_HOME") {
			t.Error(dir, err)
		}
		if dir, err := lost.Config(); err == nil || lost.Home() != "" {
			t.Error(dir, err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if _, err := load(example); err != nil {
			b.Fatal(err)
		}
	}
}

// The example of the documentation is right.
func TestDocumented(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "docs", "configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), "```toml\n")
	doc, _, ok := strings.Cut(rest, "```")
	f, err := load(doc)
	if !ok || err != nil || len(f.Profiles) != 2 || f.InUse != "prod-eu" {
		t.Errorf("%+v %v", f, err)
	}
	for _, k := range keys() {
		if !strings.Contains(string(raw), "`"+k.name+"`") {
			t.Errorf("it does not name %s", k.name)
		}
	}
}
