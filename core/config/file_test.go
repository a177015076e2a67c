package config

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
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

// TestReadForms has one configuration in all the forms that TOML has for it.
func TestReadForms(t *testing.T) {
	for name, doc := range map[string]string{
		"tables":                       "timeout = '3s'\n[profiles.a]\nurl = 'http://a'\nprotected = true\n[profiles.\"b.c\"]\nurl = 'http://b'\n",
		"Windows":                      bom + "timeout = '3s'\r\n\r\n[profiles.a]\r\nurl = 'http://a'\r\nprotected = true\r\n[profiles.'b.c']\r\nurl = 'http://b'",
		"dotted keys":                  "profiles.a.url = 'http://a'\nprofiles.a.protected = true\nprofiles.\"b.c\".url = 'http://b'\ntimeout = '3s'\n",
		"dotted keys, then a table":    "timeout = '3s'\nprofiles.a.url = 'http://a'\nprofiles.a.protected = true\n[profiles.\"b.c\"]\nurl = 'http://b'\n",
		"dotted keys in the table":     "timeout = '3s'\n[profiles]\na.url = 'http://a'\na.protected = true\n\"b.c\".url = 'http://b'\n",
		"the outer table afterwards":   "timeout = '3s'\n[profiles.a]\nurl = 'http://a'\nprotected = true\n[profiles]\n\"b.c\".url = 'http://b'\n",
		"the outer table before":       "timeout = '3s'\n[profiles]\n[profiles.a]\nurl = 'http://a'\nprotected = true\n[profiles.\"b.c\"]\nurl = 'http://b'\n",
		"inline tables":                "timeout = '3s'\n[profiles]\na = {url = 'http://a', protected = true}\n\"b.c\" = {url = 'http://b'}\n",
		"an inline table of all":       "profiles = {a = {url = 'http://a', protected = true}, 'b.c' = {url = 'http://b'}}\ntimeout = '3s'\n",
		"an inline table, dotted":      "profiles = {a.url = 'http://a', a.protected = true, 'b.c'.url = 'http://b'}\ntimeout = '3s'\n",
		"quotes, blanks and escapes":   "  \"timeo\\u0075t\"\t=  '3s'\n [ profiles . 'a' ] # = [x]\n\t\"url\" = \"\\u0068ttp://a\"\n protected=true\n[\"profiles\".\"b.c\"]\nurl='http://b'\n",
		"texts of several lines":       "timeout = \"\"\"\n3s\"\"\"\n[profiles.a]\nurl = \"\"\"\nhttp://\\\n  a\"\"\"\nprotected = true\n[profiles.'b.c']\nurl = '''http://b'''\n",
		"an address with a last slash": "timeout = '3s'\n[profiles.a]\nurl = 'http://a/'\nprotected = true\n[profiles.\"b.c\"]\nurl = ' http://b'\n",
	} {
		f, err := load(doc)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := []Profile{{Name: "a", URL: "http://a", Protected: true}, {Name: "b.c", URL: "http://b"}}
		if !slices.Equal(f.Profiles, want) || f.Timeout != "3s" {
			t.Errorf("%s: %+v %+v", name, f.Settings, f.Profiles)
		}
		if f.line("timeout") == 0 || f.line("profiles", "a") == 0 || f.line("profiles", "b.c", "url") == 0 {
			t.Errorf("%s: no lines", name)
		}
	}
}

// Profiles are in the order of the file, whatever their form.
func TestReadOrder(t *testing.T) {
	f, err := load("profiles.c.url = 'http://c'\nprofiles.a = {url = 'http://a'}\n[profiles.b]\nurl = 'http://b'\n")
	if err != nil || strings.Join(f.Kept().Names(), " ") != "sandbox c a b" {
		t.Errorf("%+v %v", f, err)
	}
}

// What a profile says of certificates holds as a pair, and everything else by itself.
func TestDefaultsFor(t *testing.T) {
	f, err := load("output = 'json'\ntimeout = '1m'\nconcurrency = 4\nca_cert = '/ca'\nclient_cert = '/c'\nclient_key = '/k'\ncredential_store = 'file'\n" +
		"[profiles.none]\nurl = 'http://a'\n[profiles.all]\nurl = 'http://a'\noutput = 'table'\ntimeout = '2m'\nconcurrency = 5\nca_cert = '/ca2'\nclient_cert = '/c2'\nclient_key = '/k2'\ncredential_store = 'keyring'\n" +
		"[profiles.half]\nurl = 'http://a'\nclient_cert = '/c3'\n[profiles.other]\nurl = 'http://a'\nclient_key = '/k3'\n")
	if err != nil {
		t.Fatal(err)
	}
	whole := Defaults{"json", "1m", 4, "/ca", "/c", "/k", "file"}
	half := whole
	half.ClientCert, half.ClientKey = "/c3", ""
	other := whole
	other.ClientCert, other.ClientKey = "", "/k3"
	for name, want := range map[string]Defaults{"other": other, "": whole, "none": whole, Sandbox: whole, "nowhere": whole, "all": {"table", "2m", 5, "/ca2", "/c2", "/k2", "keyring"}, "half": half} {
		if got := f.DefaultsFor(name); got != want {
			t.Errorf("%q: %+v", name, got)
		}
	}
}

// Paths begin at the file's directory or at the home, and stay as they are when they are absolute.
func TestPaths(t *testing.T) {
	for path, want := range map[string]string{
		"ca.pem": "/home/ada/.config/litellm-proxy/ca.pem", "./x/../ca.pem": "/home/ada/.config/litellm-proxy/ca.pem", "../ca.pem": "/home/ada/.config/ca.pem",
		"~/ca.pem": "/home/ada/ca.pem", "~": "/home/ada/.config/litellm-proxy/~", "~eve/ca.pem": "/home/ada/.config/litellm-proxy/~eve/ca.pem", "/ca.pem": "/ca.pem",
	} {
		f, err := load("ca_cert = '" + path + "'\n[profiles.a]\nurl = 'http://a'\nclient_key = '" + path + "'\n")
		if err != nil || filepath.ToSlash(f.CACert) != want || filepath.ToSlash(f.Profiles[0].ClientKey) != want {
			t.Errorf("%s: %+v %v", path, f, err)
		}
	}
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "config.toml")
	if f, err := Read(path, dir, formatsOfTest); err != nil || f.Doc() != nil || len(f.Kept().Names()) != 1 || f.Path() != path {
		t.Errorf("%+v %v", f, err)
	}
	link := filepath.Join(dir, "link.toml")
	for name, c := range map[string]struct {
		prepare func() error
		at      string
	}{
		"a directory":               {func() error { return os.Mkdir(path, 0o700) }, path},
		"too large":                 {func() error { return os.WriteFile(path, make([]byte, maxFile+1), 0o600) }, path},
		"not to be read":            {func() error { return os.WriteFile(path, nil, 0) }, path},
		"a link to itself":          {func() error { return os.Symlink(link, link) }, link},
		"in a file for a directory": {func() error { return os.WriteFile(path, nil, 0o600) }, filepath.Join(path, "config.toml")},
	} {
		if err := c.prepare(); err != nil {
			t.Logf("%s: %v", name, err) // Windows has no links for everybody
			continue
		}
		if _, err := os.ReadFile(c.at); name == "not to be read" && err == nil {
			t.Log("root, and Windows, read what nobody may read")
		} else if _, err := Read(c.at, dir, formatsOfTest); !refused(err, c.at) && runtime.GOOS != "windows" {
			t.Errorf("%s: %v", name, err)
		}
		_ = os.RemoveAll(path)
		_ = os.Remove(link)
	}
	if err := os.WriteFile(path, []byte("timeout = '3s'"), 0o600); err != nil {
		t.Fatal(err)
	}
	if f, err := Read(path, dir, formatsOfTest); err != nil || f.Timeout != "3s" {
		t.Errorf("%+v %v", f, err)
	}
}

func refused(err error, about string) bool {
	return err != nil && problem.CodeOf(err) == problem.Usage && strings.Contains(err.Error(), about)
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
