package auth

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// storeChild makes this test binary another program, by the first word of its value; see storeChildren.
const storeChild = "AUTH_STORE_CHILD"

func init() {
	if words := strings.Fields(os.Getenv(storeChild)); len(words) > 0 {
		os.Exit(storeChildren[words[0]](words[1:]))
	}
}

var storeChildren = map[string]func(args []string) int{
	"writer":  writeSignIns,
	"helper":  fakeHelper,
	"session": inSession,
}

// runStoreChild is a command that runs this binary as such a program, with nothing else in its environment but env.
func runStoreChild(as string, env ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append([]string{storeChild + "=" + as}, env...)
	cmd.Stderr = os.Stderr
	return cmd
}

func lines(t *testing.T, cmd *exec.Cmd) *bufio.Scanner {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return bufio.NewScanner(out)
}

// storeCanary is the secret of a sign-in in these tests, and storeRefresh its other one.
const (
	storeCanary  = "sk-canary-0123456789abcdef"
	storeRefresh = "llm_srefresh_canary-0123456789"
)

func signInOf(key string) *SignIn {
	end := time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)
	return &SignIn{
		URL: "https://llm.example.com", Flow: PKCE, Key: key, UserID: "u-1", Email: "ada@example.com", Role: "internal_user", TeamID: "eng",
		Since: end.Add(-24 * time.Hour), Expires: &end, RefreshToken: storeRefresh, ClientID: "llm_dcrc_x", Resource: "https://llm.example.com",
		TokenURL: "https://llm.example.com/token", RevokeURL: "https://llm.example.com/revoke",
	}
}

// keyIn is the key that a store holds; "none" if there is none, and else the error.
func keyIn(s Store, account string) string {
	kept, err := s.Get(context.Background(), account)
	switch {
	case errors.Is(err, ErrNone):
		return "none"
	case err != nil:
		return err.Error()
	}
	return kept.Key
}

func put(t *testing.T, s Store, account, key string) {
	t.Helper()
	if err := s.Put(t.Context(), account, signInOf(key)); err != nil {
		t.Fatal(err)
	}
}

func newStore(t *testing.T, kind string, o StoreOptions) Store {
	t.Helper()
	s, err := NewStore(kind, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for _, p := range pairs {
			if k, v, _ := strings.Cut(p, "="); k == name {
				return v
			}
		}
		return ""
	}
}

// holds lists the files below a directory that hold a text.
func holds(t *testing.T, dir, text string) []string {
	t.Helper()
	var found []string
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // what a service that ends has removed meanwhile
		}
		if err == nil && info.Mode().IsRegular() {
			b, err := os.ReadFile(path)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			if strings.Contains(string(b), text) {
				found = append(found, path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// noSecret fails if an error tells a secret.
func noSecret(t *testing.T, err error) {
	t.Helper()
	if text := fmt.Sprintf("%+v %#v", err, err); strings.Contains(text, "canary") {
		t.Errorf("a secret is told: %s", text)
	}
}
