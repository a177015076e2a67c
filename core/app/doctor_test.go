package app

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/doctor"
	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// findings are some of every level.
var findings = []doctor.Finding{
	{Area: "gateway", Level: doctor.OK, Text: "https://llm.example.com  from profile prod"},
	{Area: "gateway", Level: doctor.Warn, Text: "its clock is 60 s behind this machine's, which may matter to some", Hint: "set the clocks: sign-ins and the ends of keys depend on them"},
	{Area: "key", Level: doctor.Bad, Text: "the gateway said \x1b[31mno", Hint: "litellm-proxy login", Code: problem.Denied},
}

func TestDrawn(t *testing.T) {
	for width, want := range map[int]string{
		80: `gateway  ✓ https://llm.example.com  from profile prod
         ! its clock is 60 s behind this machine's, which may matter to some
           → set the clocks: sign-ins and the ends of keys depend on them
key      ✗ the gateway said \x1b[31mno
           → litellm-proxy login
`,
		40: `gateway
✓ https://llm.example.com  from profile
  prod
! its clock is 60 s behind this
  machine's, which may matter to some
  → set the clocks: sign-ins and the
    ends of keys depend on them
key
✗ the gateway said \x1b[31mno
  → litellm-proxy login
`,
	} {
		if got := drawn(findings, width, false); got != want {
			t.Errorf("%d columns:\n%s\nwant\n%s", width, got, want)
		}
		coloured := drawn(findings, width, true)
		if got := strings.NewReplacer("✓", "\x1b[32m✓\x1b[0m", "!", "\x1b[33m!\x1b[0m", "✗", "\x1b[31m✗\x1b[0m").Replace(want); coloured != got {
			t.Errorf("%d columns, in colour: %q, want %q", width, coloured, got)
		}
	}
}

// doctorSession is one whose standard output is read here.
func doctorSession(t *testing.T, terminal bool, g command.Globals) (*session, *command.Line, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	streams := &term.Streams{Out: &out, Err: &bytes.Buffer{}, OutTTY: terminal, Width: 80, Color: terminal}
	s := &session{Process: &Process{Streams: streams, Getenv: func(string) string { return "" }, Dirs: config.NewDirs(t.TempDir())}, secrets: &redact.Redactor{}}
	s.progress = term.NewProgress(streams, progressAfter)
	s.stderr = streams.Err
	m := doctorCommand().manifest
	return s, &command.Line{Manifest: m, Name: "doctor", Command: m.Commands[0], Globals: g}, &out
}

func TestPrintFindings(t *testing.T) {
	for name, c := range map[string]struct {
		terminal bool
		globals  command.Globals
		want     string
	}{
		"a pipe":     {false, command.Globals{}, "area\tlevel\tfinding\thint\ngateway\tok\thttps://llm.example.com  from profile prod\t\n"},
		"json lines": {false, command.Globals{Output: "jsonl"}, `{"area":"key","level":"bad","finding":"the gateway said \u001b[31mno","hint":"litellm-proxy login","code":4}` + "\n"},
		"jq":         {true, command.Globals{JQ: `.[] | select(.level=="bad") | .code`}, "4\n"},
		"columns":    {false, command.Globals{Columns: []string{"area", "code"}}, "area\tcode\ngateway\t\ngateway\t\nkey\t4\n"},
		"no colour":  {true, command.Globals{NoColor: true}, "gateway  ✓ https://llm.example.com  from profile prod\n"},
		"colour":     {true, command.Globals{}, "gateway  \x1b[32m✓\x1b[0m https://llm.example.com  from profile prod\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s, line, out := doctorSession(t, c.terminal, c.globals)
			o, err := s.newOutput(t.Context(), line)
			if err == nil {
				err = s.printFindings(o, findings)
			}
			if err != nil || !strings.Contains(out.String(), c.want) {
				t.Errorf("%v\n%q\nwant\n%q", err, out, c.want)
			}
		})
	}
}

// A broken configuration is a finding with its line, and is left out from then on.
func TestExamineConfiguration(t *testing.T) {
	write := func(text string) func(t *testing.T, s *session) {
		return func(t *testing.T, s *session) {
			path, err := s.configPath()
			if err == nil {
				err = os.MkdirAll(filepath.Dir(path), 0o700)
			}
			if err == nil {
				err = os.WriteFile(path, []byte(text), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		make func(t *testing.T, s *session)
		code problem.Code
		want string
	}{
		"none":      {func(*testing.T, *session) {}, 0, "none, which is fine (~/.config/litellm-proxy/config.toml)"},
		"one":       {write("[profiles.prod]\nurl = \"https://a.example\"\n"), 0, "~/.config/litellm-proxy/config.toml, 1 profile"},
		"broken":    {write("# mine\ntimout = \"1s\"\noutputt = \"json\"\n"), 2, "~/.config/litellm-proxy/config.toml:2: there is no setting \"timout\""},
		"no TOML":   {write("= 1\n"), 2, "config.toml:1: "},
		"no log":    {write("audit = false\n"), 0, "the log of your writes is switched off"},
		"homeless":  {func(_ *testing.T, s *session) { s.Dirs = config.Dirs{} }, 0, "there is none: "},
		"no memory": {func(_ *testing.T, s *session) { s.Dirs = config.Dirs{} }, 0, "no directory for the log, locks and sign-ins: "},
	} {
		t.Run(name, func(t *testing.T) {
			s, _, _ := doctorSession(t, false, command.Globals{})
			c.make(t, s)
			all := s.examineConfiguration()
			found := false
			for _, f := range all {
				found = found || strings.Contains(f.Text, c.want)
			}
			if !found || doctor.Worst(all) != c.code {
				t.Errorf("no %q, or not %d: %+v", c.want, c.code, all)
			}
			if _, err := s.settings(); err != nil {
				t.Errorf("it is still in the way: %v", err)
			}
		})
	}
}

func TestUnusedKey(t *testing.T) {
	for name, c := range map[string]struct {
		set     bool
		gateway config.Gateway
		want    string
	}{
		"none is set": {false, config.Gateway{Profile: "prod"}, ""},
		"it is used":  {true, config.Gateway{Key: "x", KeyFrom: "$LITELLM_PROXY_API_KEY"}, ""},
		"a profile":   {true, config.Gateway{Profile: "prod"}, "the environment's key is NOT used (profile given on the line)"},
		"a key":       {true, config.Gateway{Key: "x", KeyFrom: "--api-key"}, "the environment's key is NOT used (key given on the line)"},
		"an address":  {true, config.Gateway{URLFrom: "--base-url"}, "the environment's key is NOT used (it is for another gateway)"},
	} {
		s, _, _ := doctorSession(t, false, command.Globals{})
		s.Getenv = func(string) string { return map[bool]string{true: "sk-of-the-environment"}[c.set] }
		if got := s.unusedKey(c.gateway.Profile != "", c.gateway); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// What a provider told the gateway may hold a key of somebody else's.
func TestDoctorSecrets(t *testing.T) {
	answers := map[string]string{
		"/health/readiness": `{"status":"healthy","db":"connected"}`, "/v2/user/info": `{"user_id":"ada","user_role":"proxy_admin"}`,
		"/health/latest": `{"latest_health_checks":{"a":{"model_name":"gpt-4","status":"unhealthy","error_message":"Incorrect API key provided: sk-proj-0123456789abcdefgh"}}}`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, there := answers[r.URL.Path]; !there {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, answers[r.URL.Path])
	}))
	defer server.Close()
	key := "sk-of-mine-0123456789"
	for _, terminal := range []bool{true, false} {
		s, line, out := doctorSession(t, terminal, command.Globals{BaseURL: &server.URL, APIKey: &key})
		err := runDoctor(t.Context(), s, line)
		var quiet *silent
		if !errors.As(err, &quiet) || quiet.code != problem.Failed || !strings.Contains(out.String(), "sk-…efgh") || strings.Contains(out.String(), "0123456789") {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// A key that no header can carry keeps nothing else from being looked at, and what is given on the line is checked first.
func TestExamineGateway(t *testing.T) {
	address, key := "http://127.0.0.1:1", "sk-with a space"
	s, line, _ := doctorSession(t, false, command.Globals{BaseURL: &address, APIKey: &key})
	s.settings() //nolint:errcheck // there is none
	all := s.examineGateway(t.Context(), line)
	var text []string
	for _, f := range all {
		text = append(text, f.Area+" "+f.Text)
	}
	got := strings.Join(text, "\n")
	if !strings.Contains(got, "gateway http://127.0.0.1:1 cannot be reached: connection refused") || !strings.Contains(got, "key the key from --api-key holds a character that cannot be sent") || strings.Contains(got, "with a space") {
		t.Error(got)
	}
	if doctor.Worst(all) != problem.Usage {
		t.Errorf("%d", doctor.Worst(all))
	}
	s, line, _ = doctorSession(t, true, command.Globals{JQ: "("})
	err := runDoctor(t.Context(), s, line)
	var quiet *silent
	if errors.As(err, &quiet) || problem.CodeOf(err) != problem.Usage {
		t.Errorf("%v", err)
	}
}
