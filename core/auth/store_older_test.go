package auth

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zalando/go-keyring"
)

// What is read of the Python tool's file is as recorded from LiteLLM 1.106.2 and 1.83.14.
func TestOlder(t *testing.T) {
	now := time.Unix(1764000000, 0).UTC()
	const url = "https://llm.example.com"
	const classic = `{"base_url":"https://llm.example.com","key":"litellm_login_x","user_id":"bob","user_email":"unknown","user_role":"cli","auth_header_name":"Authorization","jwt_token":"","timestamp":1763999000.5`
	const pkce = classic + `,"expires_at":1764003600.0,"refresh_token":"llm_srefresh_x","client_id":"llm_dcrc_x","team_id":"team-red"}`
	in := func(seconds int64) *time.Time { t := time.Unix(seconds, 0).UTC(); return &t }
	half := in(1763999000 + 24*3600).Add(500 * time.Millisecond)
	since := in(1763999000).Add(500 * time.Millisecond)
	want := func(change func(*SignIn)) *SignIn {
		s := &SignIn{URL: url, Flow: Classic, Key: "litellm_login_x", UserID: "bob", Since: since, Expires: &half}
		if change != nil {
			change(s)
		}
		return s
	}
	for name, c := range map[string]struct {
		file, ring, url string
		want            *SignIn
		err             error
	}{
		"classic":                {file: classic + `}`, want: want(nil)},
		"PKCE":                   {file: pkce, want: want(func(s *SignIn) { s.Flow, s.TeamID, s.Expires = PKCE, "team-red", in(1764003600) })},
		"nobody known":           {file: strings.Replace(classic, "bob", "cli-user", 1) + `}`, want: want(func(s *SignIn) { s.UserID = "" })},
		"unknown members":        {file: classic + `,"x":[1]}`, want: want(nil)},
		"another spelling":       {file: strings.Replace(classic, "https://llm.example.com", "HTTPS://LLM.example.com:443/", 1) + `}`, want: want(nil)},
		"another port":           {file: classic + `}`, url: url + ":4000", err: ErrNone},
		"another scheme":         {file: classic + `}`, url: "http://llm.example.com", err: ErrNone},
		"another path":           {file: classic + `}`, url: url + "/llm", err: ErrNone},
		"localhost":              {file: strings.Replace(classic, "https://llm.example.com", "http://localhost:4000", 1) + `}`, url: "http://127.0.0.1:4000", err: ErrNone},
		"1.83.14":                {file: strings.Replace(classic, `"base_url":"https://llm.example.com",`, "", 1) + `}`, err: ErrNone},
		"no file":                {err: ErrNone},
		"no JSON":                {file: "{", err: ErrNone},
		"expires_at is past":     {file: strings.Replace(pkce, "1764003600.0", "1763999999", 1), err: ErrOlderExpired},
		"a day old":              {file: strings.Replace(classic, "1763999000.5", "1763913600", 1) + `}`, err: ErrOlderExpired},
		"almost a day old":       {file: strings.Replace(classic, "1763999000.5", "1763913601", 1) + `}`, want: want(func(s *SignIn) { s.Since, s.Expires = *in(1763913601), in(1764000001) })},
		"no timestamp":           {file: strings.Replace(classic, `"timestamp":1763999000.5`, `"x":1`, 1) + `}`, err: ErrOlderExpired},
		"an absurd timestamp":    {file: strings.Replace(classic, "1763999000.5", "1e300", 1) + `}`, err: ErrOlderExpired},
		"in the keyring":         {file: strings.Replace(classic, `"key":"litellm_login_x",`, "", 1) + `}`, ring: `{"base_url":"https://llm.example.com/","key":"litellm_login_x","jwt_token":""}`, want: want(nil)},
		"in the keyring, newer":  {file: strings.Replace(classic, `"key":"litellm_login_x",`, "", 1) + `}`, ring: `{"base_url":"https://llm.example.com","key":"litellm_login_x","timestamp":1763913600}`, err: ErrOlderExpired},
		"in the keyring, other":  {file: strings.Replace(classic, `"key":"litellm_login_x",`, "", 1) + `}`, ring: `{"base_url":"https://other.example.com","key":"litellm_login_x"}`, err: ErrNone},
		"in no keyring":          {file: strings.Replace(classic, `"key":"litellm_login_x",`, "", 1) + `}`, err: ErrNone},
		"the file outranks it":   {file: classic + `}`, ring: `{"base_url":"https://llm.example.com","key":"other"}`, want: want(nil)},
		"the keyring has no key": {file: strings.Replace(classic, `"key":"litellm_login_x",`, "", 1) + `}`, ring: `{"base_url":"https://llm.example.com"}`, err: ErrNone},
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && c.ring != "" {
				t.Skip("its entry has another name on Windows")
			}
			home := t.TempDir()
			path := filepath.Join(home, ".litellm", "token.json")
			if c.file != "" {
				must(t, os.MkdirAll(filepath.Dir(path), 0o755))
				must(t, os.WriteFile(path, []byte(c.file), 0o644)) // others may have made it so
			}
			ring := ringOf(t, nil)
			if c.ring != "" {
				must(t, keyring.Set("litellm-cli", "credential", c.ring))
			}
			if c.url == "" {
				c.url = url
			}
			got, err := older(t.Context(), home, c.url, ring, now)
			if !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
				t.Fatalf("%v", err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if got != nil && got.Renewable() {
				t.Error("renewing it would sign the other tool out")
			}
			if b, _ := os.ReadFile(path); string(b) != c.file {
				t.Errorf("the file is changed: %s", b)
			}
		})
	}
}

// What is there and cannot be used is said, without a secret.
func TestOlderRefused(t *testing.T) {
	home := t.TempDir()
	path := filepath.Join(home, ".litellm", "token.json")
	must(t, os.MkdirAll(path, 0o700))
	_, err := Older(t.Context(), home, "https://llm.example.com", env())
	if err == nil || !strings.Contains(err.Error(), filepath.Join("~", ".litellm", "token.json")+": it is not a regular file") {
		t.Error(err)
	}
	if _, err := Older(t.Context(), "", "https://llm.example.com", env()); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
	must(t, os.Remove(path))
	must(t, os.WriteFile(path, []byte(`{"base_url":"https://llm.example.com"}`), 0o600))
	if _, err := Older(t.Context(), home, "https://llm.example.com", env()); !errors.Is(err, ErrNone) {
		t.Errorf("without a keyring: %v", err)
	}
	if _, err := older(t.Context(), home, "https://llm.example.com", ringOf(t, errors.New("locked")), time.Now()); err == nil || !strings.Contains(err.Error(), "keyring: locked") {
		t.Error(err)
	}
}
