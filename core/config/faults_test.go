package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

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
		"no UTF-8 in a text":      {"\n\ntimeout = '\xc3\x28'", "config.toml:3: it is not UTF-8 text"},
		"Windows":                 {bom + "audit = true\r\n\r\ntimout = '3s'\r\n", "config.toml:3: there is no setting"},
		"Windows, syntax":         {bom + "audit = true\r\n\r\ntimeout =\r\n", "config.toml:3: "},
		"an open text":            {"\ntimeout = '3s\naudit = true", "config.toml:2: "},
		"an open list":            {"\noutput = [\n'x',\n", "config.toml:"},
		"a control character":     {"# a\n# \x00", "config.toml:2: "},
		"a number too large":      {"\n\nconcurrency = 99999999999999999999", "config.toml:3: "},
		"an impossible date":      {"\nx = 1979-13-45", "config.toml:2: "},
		"a list of tables":        {"\noutput = [{a = 1},\n {b = 2}]", "config.toml:2: output must be a text"},
		"a time":                  {"timeout = 00:30:00", "timeout must be a text"},
		"no finite number":        {"concurrency = inf", "concurrency must be a whole number"},
		"a fraction that is none": {"concurrency = 8.0", "concurrency must be a whole number"},
		"too many":                {"concurrency = 1001", "1001 is no number from 1 to 1000"},
		"a list over lines":       {"ca_cert = [\n'a',\n# x\n]\n", "config.toml:1: ca_cert must be a text"},
		"an escaped name":         {`"a=b\u0022" = 3`, `there is no setting "a=b\""`},
		"no name":                 {`"" = 3`, `there is no setting ""`},
		"an inline profile":       {"\nprofiles.a = {url = 'http://a'}\nprofiles.a.timeout = '3s'", "config.toml:3: "},
		"an inline profile, more": {"profiles.a = {url = 'http://a'}\n[profiles.a]\ntimeout = '3s'", "config.toml:2: "},
		"all inline, more":        {"profiles = {a = {url = 'http://a'}}\n[profiles.b]\nurl = 'http://b'", "config.toml:2: "},
		"a value with parts":      {"\nbase_url = 'http://a'\nbase_url.x = 1", "config.toml:3: "},
		"a profile too deep":      {"profiles.a.url.x = 1", "config.toml:1: profiles are tables"},
		"a profile that is none":  {"profiles.a = 3", "config.toml:1: profiles are tables"},
		"a list of profiles":      {"[profiles]\na = [{url = 'http://a'}]", "config.toml:2: profiles are tables"},
		"no profiles":             {"profiles = {}", "config.toml:1: profiles are tables"},
		"an empty name":           {"[profiles.'']\nurl = 'http://a'", "config.toml:1: \"\" is no name"},
		"a long name":             {"[profiles." + strings.Repeat("a", 65) + "]\nurl = 'http://a'", "is no name"},
		"a table below a table":   {"\n[profiles.a.b]\nurl = 'http://a'\n", "config.toml:2: there is no table [profiles.a.b]"},
		"the top below a table":   {"[profiles.a]\nurl = 'http://a'\nprofile = 'a'", "config.toml:3: profile holds for all profiles"},
		"too large":               {strings.Repeat("# x\n", maxFile/4+1), "config.toml:1: it has more than 64 KiB"},
		"a secret for a profile":  {"profile = '" + secret + "'", `there is no profile "sk-…"`},
		"a secret for a URL":      {"base_url = '" + secret + "'", `cannot use base_url: "sk-…" must start with http`},
		"a secret for a name":     {"[profiles]\n'" + secret + "'.url = 'ftp://a'", "config.toml:2: cannot use url"},
		"a secret for a table":    {"[" + secret + "]\na = 1", "config.toml:1: there is no table [sk-…]"},
		"a secret for a key":      {"'" + secret + "' = 1", "config.toml:1: there is no setting \"sk-…\" here"},
		"a secret twice":          {secret + " = 1\n" + secret + " = 2", "config.toml:2: "},
		"a secret by itself":      {secret, "config.toml:1: "},
		"a secret and a blunder":  {"output = '" + secret + "' x", "config.toml:1: "},
		"a secret in no quotes":   {"token = " + secret, "config.toml:1: "},
		"a secret over lines":     {"token = \"\"\"\n" + secret + "\n\"\"\"\"\"\"", "config.toml:"},
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
		if strings.Contains(fmt.Sprint(e), secret) || strings.Contains(e.Hint, secret) {
			t.Errorf("%s repeats a secret: %v", name, err)
		}
	}
	_, err := load("timeout = 3\n[profiles.a]\nprotected = 1\naudit = true\n")
	if e := problem.As(err); !strings.Contains(e.Message, ":1: timeout") || len(e.Facts) != 3 || !strings.Contains(e.Facts[0].Text, ":2: profile a has no url") || !strings.Contains(e.Facts[2].Text, ":4: audit") {
		t.Errorf("%+v", e)
	}
	if _, err := load("timout = 1\n" + secret + " = 1\nprofile = '" + secret + "'"); len(problem.As(err).Facts) != 2 || strings.Contains(fmt.Sprint(problem.As(err).Facts), secret) {
		t.Errorf("%+v", problem.As(err).Facts)
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
