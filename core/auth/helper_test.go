package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// fakeHelper is a credential helper that keeps its secrets in the directory HELPER_DIR, and behaves as its first word says.
func fakeHelper(args []string) int {
	verb := os.Args[len(os.Args)-1]
	in, _ := io.ReadAll(os.Stdin)
	dir := os.Getenv("HELPER_DIR")
	calls, _ := os.OpenFile(filepath.Join(dir, "calls"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	fmt.Fprintln(calls, strings.Join(os.Args[1:], " "))
	name := func(url string) string { return filepath.Join(dir, escapeAccount(url)) }
	none := func() int { fmt.Println("credentials not found in native keychain"); return 1 }
	switch args[0] {
	case "echoes": // what it was given, on both ways and with a failure
		fmt.Printf("cannot: %s", in)
		fmt.Fprintf(os.Stderr, "cannot: %s", in)
		return 1
	case "complains":
		fmt.Fprintln(os.Stderr, "gpg: decryption failed: No secret key")
		return 2
	case "floods":
		fmt.Print(strings.Repeat("x", 2*maxHelperOutput))
		return 0
	case "babbles":
		fmt.Print("hello " + storeCanary)
		return 0
	case "tells": // the secret, and fails
		fmt.Printf(`{"Secret":%q}`, storeCanary)
		return 1
	case "hangs":
		fmt.Println("started")
		select {}
	}
	switch verb {
	case "store":
		var c struct{ ServerURL, Username, Secret string }
		if json.Unmarshal(in, &c) != nil || c.Username != "litellm-proxy" {
			return 3
		}
		if os.WriteFile(name(c.ServerURL), []byte(c.Secret), 0o600) != nil {
			return 4
		}
	case "get":
		b, err := os.ReadFile(name(string(in)))
		if err != nil {
			return none()
		}
		_ = json.NewEncoder(os.Stdout).Encode(map[string]string{"ServerURL": string(in), "Username": "litellm-proxy", "Secret": string(b)})
	case "erase":
		switch gone := os.Remove(name(string(in))); {
		case gone != nil && args[0] == "mumbles":
			fmt.Println("it is not in the store")
			return 1
		case gone != nil:
			return none()
		}
	}
	return 0
}

// helperOf is a store on such a helper.
func helperOf(t *testing.T, as string) (s *helperStore, dir string) {
	t.Helper()
	dir = t.TempDir()
	o := StoreOptions{
		Environ: []string{storeChild + "=helper " + as, "HELPER_DIR=" + dir, "GORACE=atexit_sleep_ms=0"}, KeyringLimit: time.Minute,
		Mask: func(s string) string { return strings.ReplaceAll(s, "No secret key", "***") },
	}
	return newStore(t, os.Args[0]+"  --first second", o).(*helperStore), dir
}

func TestHelper(t *testing.T) {
	s, dir := helperOf(t, "keeps")
	if err := s.Delete(t.Context(), "prod"); !errors.Is(err, ErrNone) || keyIn(s, "prod") != "none" {
		t.Error(err)
	}
	put(t, s, "prod", "one")
	put(t, s, "Prod/é", "two")
	put(t, s, "prod", storeCanary)
	if keyIn(s, "prod") != storeCanary || keyIn(s, "Prod/é") != "two" {
		t.Error(keyIn(s, "prod"), keyIn(s, "Prod/é"))
	}
	if _, err := os.Stat(filepath.Join(dir, escapeAccount("https://litellm-proxy.invalid/%50rod%2f%c3%a9"))); err != nil {
		t.Error(err)
	}
	if err := s.Delete(t.Context(), "prod"); err != nil || keyIn(s, "prod") != "none" {
		t.Error(err)
	}
	calls, _ := os.ReadFile(filepath.Join(dir, "calls"))
	if strings.Contains(string(calls), "canary") || !strings.HasPrefix(string(calls), "--first second erase\n--first second get\n--first second store\n") {
		t.Errorf("the arguments: %s", calls)
	}
	if s.Name() != "the helper "+filepath.Base(os.Args[0]) {
		t.Error(s.Name())
	}
}

// A helper that says in its own words that there is nothing is understood, as it says so by the protocol when it is asked.
func TestHelperMumbles(t *testing.T) {
	s, _ := helperOf(t, "mumbles")
	put(t, s, "prod", "one")
	if err := s.Delete(t.Context(), "prod"); err != nil {
		t.Error(err)
	}
	if err := s.Delete(t.Context(), "prod"); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
}

// A helper that fails is told of in its own words, without secrets.
func TestHelperFails(t *testing.T) {
	for as, c := range map[string]struct {
		why, said string
	}{
		"complains": {"exit status 2", "gpg: decryption failed: ***"},
		"floods":    {"more than 1048576 bytes", strings.Repeat("x", longestSaid-1) + "…"},
		"echoes":    {"exit status 1", "cannot: "},
	} {
		t.Run(as, func(t *testing.T) {
			s, _ := helperOf(t, as)
			_, got := s.Get(t.Context(), "prod")
			for verb, err := range map[string]error{"read": got, "keep": s.Put(t.Context(), "prod", signInOf(storeCanary)), "remove": s.Delete(t.Context(), "prod")} {
				e := problem.As(err)
				if err == nil {
					t.Errorf("%s: no error", verb)
					continue
				}
				if !strings.HasPrefix(e.Message, "cannot "+verb+` the sign-in of profile "prod" in the helper `) || !strings.Contains(e.Message, c.why) || !strings.HasPrefix(e.Said, c.said) || len(e.Said) > 2*longestSaid {
					t.Errorf("%s: %v, said %q", verb, err, e.Said)
				}
				noSecret(t, err)
			}
		})
	}
	for as, why := range map[string]string{"babbles": "not of the protocol", "tells": "exit status 1"} {
		s, _ := helperOf(t, as)
		_, err := s.Get(t.Context(), "prod")
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", as, err)
		}
		noSecret(t, err)
	}
}

// A helper that waits for somebody who is not there is ended.
func TestHelperHangs(t *testing.T) {
	s, _ := helperOf(t, "hangs")
	s.limit = time.Millisecond
	_, err := s.Get(t.Context(), "prod")
	if e := problem.As(err); e.Code != problem.TimedOut || !strings.Contains(e.Message, "did not answer within 1ms") {
		t.Errorf("%v", err)
	}
	s.limit = time.Hour
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := s.Put(ctx, "prod", signInOf(storeCanary)); problem.CodeOf(err) != problem.Interrupted {
		t.Errorf("%v", err)
	}
}

// A helper is found in PATH, but not in what of it depends on the working directory.
func TestFindHelper(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Base(os.Args[0])
	self, err := filepath.Abs(os.Args[0])
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "plain"), nil, 0o600))
	t.Chdir(filepath.Dir(self))
	for command, c := range map[string]struct {
		path string
		want string // of the error
	}{
		name:              {dir + string(filepath.ListSeparator) + filepath.Dir(self), ""},
		name + " get":     {filepath.Dir(self), ""},
		self:              {"", ""},
		" " + name:        {"." + string(filepath.ListSeparator) + string(filepath.ListSeparator) + dir, "no such program in PATH"},
		"./" + name:       {filepath.Dir(self), "a name in PATH, or an absolute path"},
		"plain":           {dir, "no such program in PATH"},
		dir + "/plain":    {dir, "no such program"},
		dir + "/missing":  {dir, "no such program"},
		"keychain":        {dir, "no such program in PATH"},
		"  ":              {dir, "names no program"},
		"../x/" + name:    {dir, "a name in PATH"},
		"docker;rm -rf /": {dir, "no such program in PATH"},
	} {
		s, err := NewStore(command, StoreOptions{Getenv: env("PATH=" + c.path)})
		if c.want == "" {
			if err != nil || s.(*helperStore).path != self {
				t.Errorf("%q: %v", command, err)
			}
			continue
		}
		if err == nil || s != nil || problem.CodeOf(err) != problem.Usage || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v", command, err)
		}
	}
}
