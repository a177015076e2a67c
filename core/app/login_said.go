package app

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/auth"
	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
)

// signedIn says who is signed in, and whether this sign-in is what commands will use.
func (s *session) signedIn(ctx context.Context, line *command.Line, gateway config.Gateway, store auth.Store, sign *auth.SignIn) error {
	if formatted(line.Globals) {
		s.outranked(gateway)
		return emit(ctx, s, line, signedInRecord(gateway, store, sign))
	}
	who := cmp.Or(sign.Email, sign.UserID, "a key that belongs to nobody")
	if sign.Role != "" {
		who += " (" + sign.Role + ")"
	}
	if sign.TeamID != "" {
		who += ", team " + sign.TeamID
	}
	s.tell(s.good(), "signed in to %s as %s", gateway.URL, who)
	ends := "How long it lasts the gateway does not say."
	switch {
	case sign.Renewable():
		ends = "Renews itself; unused, it ends " + localTime(time.Now().Add(auth.RefreshLife)) + "."
	case sign.Expires != nil:
		ends = "Ends " + localTime(*sign.Expires) + "."
	case sign.Flow == auth.Given:
		ends = ""
	}
	s.say("%s", strings.TrimSpace(fmt.Sprintf("Kept in %s, as profile %s. %s", store.Name(), gateway.Profile, ends)))
	s.outranked(gateway)
	return nil
}

// outranked warns where other commands would not use the sign-in that was just made.
func (s *session) outranked(gateway config.Gateway) {
	s.file, s.fileErr = nil, nil // the profile may be new
	now, err := s.resolve(config.Line{})
	use := "--profile " + gateway.Profile
	switch {
	case err != nil:
		s.say("! what is set in this shell cannot be used: %v", err)
	case now.Key != "" && (now.Profile == gateway.Profile || config.Origin(now.URL) == config.Origin(gateway.URL)):
		s.say("! %s is set and wins over this sign-in. Unset it, or use %s.", strings.TrimPrefix(now.KeyFrom, "$"), use)
	case now.Profile != gateway.Profile:
		s.say("! %s is used when no profile is named (from %s). To use this one: %s, or litellm-proxy profile use %s", cmp.Or(now.Profile, now.URL), now.URLFrom, use, gateway.Profile)
	}
}

// good is the sign before a line of good news.
func (s *session) good() string {
	if s.Streams.Color && s.Streams.ErrTTY {
		return "\x1b[32m✓\x1b[0m"
	}
	return "✓"
}

// localTime is a time for people, to the minute.
func localTime(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

type signInRecord struct {
	Profile string  `json:"profile"`
	Gateway string  `json:"gateway"`
	UserID  string  `json:"user_id"`
	Email   string  `json:"user_email,omitempty"`
	Role    string  `json:"user_role,omitempty"`
	Team    string  `json:"team_id,omitempty"`
	Expires *string `json:"expires"`
	Renews  bool    `json:"renews"`
	KeptIn  string  `json:"kept_in"`
}

func signedInRecord(gateway config.Gateway, store auth.Store, sign *auth.SignIn) signInRecord {
	r := signInRecord{
		Profile: gateway.Profile, Gateway: gateway.URL, UserID: sign.UserID, Email: sign.Email, Role: sign.Role, Team: sign.TeamID,
		Renews: sign.Renewable(), KeptIn: store.Name(),
	}
	if sign.Expires != nil {
		text := sign.Expires.UTC().Format(time.RFC3339)
		r.Expires = &text
	}
	return r
}
