package auth

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// ErrOlderExpired is the error of Older for a sign-in that has ended.
var ErrOlderExpired error = problem.New(problem.Denied, "the sign-in that LiteLLM's Python tool left in ~/.litellm/token.json has ended").
	WithHint("litellm-proxy login")

// How the Python tool names its entry in the keyring. Source: litellm-proxy CLI of LiteLLM 1.106.2.
const (
	olderService = "litellm-cli"
	olderAccount = "credential"
)

// olderLife is how long a credential lives whose end the record does not tell: the gateway's default (observed on LiteLLM 1.106.2).
const olderLife = 24 * time.Hour

// olderRecord is what the Python tool keeps, in its file and in part in the keyring.
type olderRecord struct {
	BaseURL      string   `json:"base_url"` // missing in records of LiteLLM 1.83.14
	Key          string   `json:"key"`
	UserID       string   `json:"user_id"`
	Email        string   `json:"user_email"`
	Role         string   `json:"user_role"`
	TeamID       string   `json:"team_id"`
	Timestamp    *float64 `json:"timestamp"`  // seconds since 1970
	Expires      *float64 `json:"expires_at"` // the same
	RefreshToken string   `json:"refresh_token"`
	ClientID     string   `json:"client_id"`
}

// Older returns the sign-in that LiteLLM's own Python tool has left below a home directory, if it is for the gateway at a URL;
// ErrNone if it is not or there is none, ErrOlderExpired if it has ended. It is only read: to renew it would sign
// that tool out, so the result is not renewable. A record that does not name its gateway is not used.
func Older(ctx context.Context, home, url string, getenv func(string) string) (*SignIn, error) {
	return older(ctx, home, url, newKeyringStore(StoreOptions{Getenv: getenv, KeyringLimit: defaultKeyringLimit}), time.Now())
}

func older(ctx context.Context, home, url string, ring *keyringStore, now time.Time) (*SignIn, error) {
	if home == "" {
		return nil, ErrNone
	}
	path := filepath.Join(home, ".litellm", "token.json")
	b, err := readOlder(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, problem.New(problem.Failed, "cannot read the sign-in of LiteLLM's Python tool in %s: %v", tilde(path, func(string) string { return home }), err)
	}
	var r olderRecord
	if json.Unmarshal(b, &r) != nil || r.BaseURL == "" || !sameAddress(r.BaseURL, url) {
		return nil, ErrNone
	}
	if r.Key == "" {
		if err := r.fromKeyring(ctx, ring, url); err != nil {
			return nil, err
		}
	}
	s := r.signIn(url)
	if !now.Before(*s.Expires) {
		return nil, ErrOlderExpired
	}
	return s, nil
}

// readOlder reads the Python tool's file. That others may read it does not matter, as the harm is done by having it;
// that another user may have written it does.
func readOlder(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		var at *fs.PathError
		if errors.As(err, &at) {
			err = at.Err
		}
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, errors.New("it cannot be looked at")
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	case !isOwn(info):
		return nil, errors.New("it belongs to another user")
	case widerThan(info, 0o022):
		return nil, errors.New("others may write it")
	}
	return io.ReadAll(io.LimitReader(f, longestKept))
}

// fromKeyring takes the key from the keyring, if what is there is for the same gateway. Windows's entry has another name than the
// library looks for.
func (r *olderRecord) fromKeyring(ctx context.Context, ring *keyringStore, url string) error {
	if runtime.GOOS == "windows" {
		return ErrNone
	}
	kept, err := ring.call(ctx, func() (string, error) { return ring.api.get(olderService, olderAccount) })
	if errors.Is(err, ErrNoKeyring) || errors.Is(err, keyring.ErrNotFound) {
		return ErrNone
	}
	if err != nil {
		return problem.Wrap(storeCode(err), err, "cannot read the sign-in of LiteLLM's Python tool in the system keyring")
	}
	var secret olderRecord
	if json.Unmarshal([]byte(kept), &secret) != nil || secret.Key == "" || !sameAddress(secret.BaseURL, url) {
		return ErrNone
	}
	r.Key = secret.Key
	if secret.Timestamp != nil {
		r.Timestamp = secret.Timestamp
	}
	return nil
}

func (r *olderRecord) signIn(url string) *SignIn {
	s := &SignIn{URL: url, Flow: Classic, Key: r.Key, TeamID: r.TeamID, Since: seconds(r.Timestamp)}
	if r.ClientID != "" || r.RefreshToken != "" {
		s.Flow = PKCE
	}
	// What the tool writes when it does not know.
	if r.UserID != "cli-user" {
		s.UserID = r.UserID
	}
	if r.Email != "unknown" {
		s.Email = r.Email
	}
	if r.Role != "cli" {
		s.Role = r.Role
	}
	end := s.Since.Add(olderLife)
	if r.Expires != nil {
		end = seconds(r.Expires)
	}
	s.Expires = &end
	return s
}

// seconds reads a number of seconds since 1970; one that is missing or absurd is 1970.
func seconds(at *float64) time.Time {
	if at == nil || math.IsNaN(*at) || math.Abs(*at) > 1e11 {
		return time.Unix(0, 0).UTC()
	}
	whole, part := math.Modf(*at)
	return time.Unix(int64(whole), int64(part*1e9)).UTC()
}
