package auth

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/docker/docker-credential-helpers/client"
	"github.com/docker/docker-credential-helpers/credentials"

	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// helperStore keeps sign-ins with a program that speaks the protocol of Docker's credential helpers: docker-credential-pass,
// -osxkeychain, -secretservice, -wincred and others. The protocol is the library's; the process is ours, for the library's own
// has no limits and repeats all that the program prints.
type helperStore struct {
	name    string   // of the program, as it was given
	path    string   // of the program, absolute
	args    []string // before the protocol's own
	environ []string
	limit   time.Duration
	mask    func(string) string
}

const (
	// helperServer begins the URL that an account is known to a helper by. It is an https URL since osxkeychain and wincred
	// refuse or blur others (docker-credential-helpers 0.9.13), of a host that can never be.
	helperServer = "https://litellm-proxy.invalid/"
	// helperUser is the same for everybody: pass keeps one secret for each user name, and gives back any of them.
	helperUser = "litellm-proxy"
)

// newHelperStore finds the program of a command: words that blanks separate, without a shell.
func newHelperStore(command string, o StoreOptions) (*helperStore, error) {
	words := strings.Fields(command)
	if len(words) == 0 {
		return nil, problem.New(problem.Usage, "cannot keep sign-ins with %q: it names no program", command)
	}
	path, err := findProgram(words[0], o.Getenv("PATH"))
	if err != nil {
		return nil, problem.New(problem.Usage, "cannot keep sign-ins with %q: %v", words[0], err).
			WithHint("credential_store is %s, %s, %s, or the command of a Docker credential helper such as docker-credential-pass", KindAuto, KindKeyring, KindFile)
	}
	return &helperStore{words[0], path, words[1:], o.Environ, o.KeyringLimit, o.Mask}, nil
}

// findProgram looks a program up in the directories of PATH, of which those that depend on the working directory do not
// count.
func findProgram(name, path string) (string, error) {
	if filepath.IsAbs(name) {
		if _, err := exec.LookPath(name); err != nil {
			return "", errors.New("there is no such program")
		}
		return name, nil
	}
	if strings.ContainsAny(name, `/\:`) {
		return "", errors.New("a program is a name in PATH, or an absolute path")
	}
	for _, dir := range filepath.SplitList(path) {
		if filepath.IsAbs(dir) {
			if found, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
				return found, nil
			}
		}
	}
	return "", errors.New("there is no such program in PATH")
}

// Name is the helper's.
func (h *helperStore) Name() string { return "the helper " + filepath.Base(h.name) }

func (h *helperStore) Get(ctx context.Context, account string) (*SignIn, error) {
	run := h.run(ctx)
	kept, err := client.Get(run.start, helperServer+escapeAccount(account))
	switch {
	case run.failure == nil && err == nil:
		return decodeSignIn(account, h.Name(), []byte(kept.Secret))
	case credentials.IsErrCredentialsNotFound(err):
		return nil, ErrNone
	case run.failure == nil:
		err = errors.New("what it answered is not of the protocol of Docker's credential helpers")
	default:
		err = run.failure
	}
	return nil, h.failed("read", account, err, run, nil)
}

func (h *helperStore) Put(ctx context.Context, account string, s *SignIn) error {
	text, err := encodeSignIn(s)
	if err != nil {
		return err
	}
	run := h.run(ctx)
	err = client.Store(run.start, &credentials.Credentials{ServerURL: helperServer + escapeAccount(account), Username: helperUser, Secret: text})
	if run.failure != nil {
		err = run.failure
	}
	if err != nil {
		return h.failed("keep", account, err, run, s)
	}
	return nil
}

func (h *helperStore) Delete(ctx context.Context, account string) error {
	run := h.run(ctx)
	err := client.Erase(run.start, helperServer+escapeAccount(account))
	if run.failure != nil {
		err = run.failure
	}
	switch {
	case err == nil:
		return nil
	case credentials.IsErrCredentialsNotFoundMessage(run.said()):
		return ErrNone
	}
	if _, again := h.Get(ctx, account); errors.Is(again, ErrNone) { // docker-credential-pass says it in its own way
		return ErrNone
	}
	return h.failed("remove", account, err, run, nil)
}

// failed is an error of an attempt, with the helper's own words, but for secrets: s is what was given to it.
func (h *helperStore) failed(attempt, account string, err error, run *helperRun, s *SignIn) error {
	e := storeError(attempt, account, h.Name(), err)
	if isWait(err) {
		e.Hint = "is it asking for a password?"
	}
	var known redact.Redactor
	if s != nil {
		text, _ := encodeSignIn(s)
		known.Add(text, s.Key, s.RefreshToken)
	}
	e.Said = cutSaid(h.mask(known.String(run.said())))
	return e
}

// longestSaid is how many characters of a helper's words an error repeats.
const longestSaid = 400

func cutSaid(s string) string {
	if r := []rune(s); len(r) > longestSaid {
		return string(r[:longestSaid-1]) + "…"
	}
	return s
}

func (h *helperStore) run(ctx context.Context) *helperRun { return &helperRun{helper: h, ctx: ctx} }

// errTooMuch is a helper that prints more than maxHelperOutput.
var errTooMuch = fmt.Errorf("it printed more than %d bytes", maxHelperOutput)
