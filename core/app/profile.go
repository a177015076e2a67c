package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/auth"
	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func profileCommands() own {
	record := []string{"NAME", "GATEWAY", "IN USE=in_use", "PROTECTED", "USER", "+EXPIRES:time", "+KEPT IN=kept_in", "+FROM"}
	name := func(help string) *protocol.Parameter { return completed("profiles", text("name", help)) }
	return ownCommands("profile", "Gateways by name",
		ownCommand{&protocol.Command{
			Path: []string{"list"}, Summary: "List the profiles.", Effect: protocol.Effect_EFFECT_READ, Record: listOf("profiles", record...),
		}, runProfileList},
		ownCommand{&protocol.Command{
			Path: []string{"show"}, Summary: "Show a profile.", Effect: protocol.Effect_EFFECT_READ,
			Arguments: []*protocol.Parameter{name("The profile; the one in use if it is left out.")},
			Record:    oneRecord(append(record[:len(record)-3:len(record)-3], "EXPIRES:time", "KEPT IN=kept_in", "FROM", "OUTPUT", "TIMEOUT", "CONCURRENCY", "CA CERT=ca_cert", "CLIENT CERT=client_cert")...),
		}, runProfileShow},
		ownCommand{&protocol.Command{
			Path: []string{"use"}, Summary: "Use a profile when nothing else names a gateway.", Effect: protocol.Effect_EFFECT_READ,
			Arguments: []*protocol.Parameter{required(name("The profile; sandbox is the embedded gateway."))},
		}, runProfileUse},
		ownCommand{&protocol.Command{
			Path: []string{"add"}, Summary: "Add a profile.", Effect: protocol.Effect_EFFECT_READ,
			Help: "A profile is a gateway's address with a name, and what commands do there by default. Sign in to it with\n" +
				"litellm-proxy --profile NAME login.",
			Examples:  []*protocol.Example{{Command: "profile add prod-eu https://llm.example.com --protected --set timeout=30s", Note: "a gateway on which deletes ask twice"}},
			Arguments: []*protocol.Parameter{required(text("name", "Its name: letters, digits, dots, dashes.")), required(text("url", "The gateway's address."))},
			Flags: []*protocol.Parameter{
				switched("protected", "A delete there asks for the profile's name."),
				repeated(placed("KEY=VALUE", text("set", "A default of the profile: "+strings.Join(config.ProfileKeys(), ", ")+"."))),
			},
		}, runProfileAdd},
		ownCommand{&protocol.Command{
			Path: []string{"remove"}, Summary: "Remove profiles, and what is kept for them.", Aliases: []string{"delete"}, Effect: protocol.Effect_EFFECT_READ,
			Arguments: []*protocol.Parameter{required(repeated(name("The profiles.")))},
		}, runProfileRemove},
	)
}

// profileRecord is a profile with what is kept for it.
type profileRecord struct {
	Name      string  `json:"name"`
	Gateway   string  `json:"gateway"`
	InUse     bool    `json:"in_use"`
	Protected bool    `json:"protected"`
	User      string  `json:"user,omitempty"`
	Flow      string  `json:"flow,omitempty"`
	Expires   *string `json:"expires"`
	Renews    bool    `json:"renews"`
	KeptIn    string  `json:"kept_in,omitempty"`
	From      string  `json:"from,omitempty"`
	*config.Defaults
}

func runProfileList(ctx context.Context, s *session, line *command.Line) error {
	file, err := s.settings()
	if err != nil {
		return err
	}
	kept := s.keptIn(file)
	var records []profileRecord
	for _, name := range kept.Names() {
		records = append(records, s.describe(ctx, file, kept, name))
	}
	return emit(ctx, s, line, records...)
}

func runProfileShow(ctx context.Context, s *session, line *command.Line) error {
	file, err := s.settings()
	if err != nil {
		return err
	}
	kept := s.keptIn(file)
	name := value(line, "name")
	if name == "" {
		gateway, err := s.resolveKept(line.Globals)
		if err != nil {
			return err
		}
		if name = gateway.Profile; name == "" {
			return problem.New(problem.NotFound, "no profile is in use: commands go to %s, from %s", gateway.URL, gateway.URLFrom)
		}
	}
	if err := known(kept, name); err != nil {
		return err
	}
	r := s.describe(ctx, file, kept, name)
	if name != config.Sandbox {
		d := file.DefaultsFor(name)
		r.Defaults = &d
	}
	return emit(ctx, s, line, r)
}

// describe is a profile with what is kept for it.
func (s *session) describe(ctx context.Context, file *config.File, kept config.Kept, name string) profileRecord {
	r := profileRecord{Name: name, InUse: name == kept.InUse}
	if name == config.Sandbox {
		r.Gateway, r.From = "embedded in this program", "built in"
		return r
	}
	for _, p := range kept.Profiles {
		if p.Name == name {
			r.Gateway, r.Protected = p.URL, p.Protected
		}
	}
	r.From = file.Origin("profiles", name)
	store, err := s.store(name)
	if err != nil {
		r.KeptIn = "? " + err.Error()
		return r
	}
	sign, err := store.Get(ctx, name)
	switch {
	case errors.Is(err, auth.ErrNone):
	case err != nil:
		r.KeptIn = "? " + err.Error()
	default:
		r.User, r.Flow, r.Renews, r.KeptIn = cmp.Or(sign.Email, sign.UserID), string(sign.Flow), sign.Renewable(), store.Name()
		if sign.Expires != nil {
			r.Expires = orNil(sign.Expires.UTC().Format(time.RFC3339))
		}
	}
	return r
}

// known returns an error for a profile that is not there.
func known(kept config.Kept, name string) error {
	if slices.Contains(kept.Names(), name) {
		return nil
	}
	return problem.New(problem.NotFound, "there is no profile %q", name).WithHint("the profiles are: %s", strings.Join(kept.Names(), ", "))
}

func runProfileUse(ctx context.Context, s *session, line *command.Line) error {
	name := value(line, "name")
	file, err := s.settings()
	if err != nil {
		return err
	}
	if err := known(s.keptIn(file), name); err != nil {
		return err
	}
	if err := s.edit(ctx, func(f *config.File) ([]byte, error) { return f.SetText([]string{"profile"}, name) }); err != nil {
		return err
	}
	s.tell(s.good(), "profile %s is in use", name)
	switch now, err := s.resolve(config.Line{}); {
	case err != nil: // of the environment: what was asked for is done
		s.say("! what is set in this shell wins, and cannot be used: %v", err)
	case now.Profile != name || now.Key != "":
		s.say("! %s is set in this shell, and wins.", strings.TrimPrefix(cmp.Or(now.KeyFrom, now.URLFrom), "$"))
	}
	return nil
}

func runProfileAdd(ctx context.Context, s *session, line *command.Line) error {
	name := value(line, "name")
	u, err := config.ParseURL(value(line, "url"))
	if err != nil {
		return problem.Wrap(problem.Usage, err, "cannot add profile %q", name)
	}
	settings := []setting{{"url", u.String()}}
	if isOn(line, "protected") {
		settings = append(settings, setting{"protected", "true"})
	}
	for _, pair := range values(line, "set") {
		key, text, ok := strings.Cut(pair, "=")
		switch {
		case !ok:
			return problem.New(problem.Usage, "cannot use --set %q: it is KEY=VALUE", pair)
		case key == "url":
			return problem.New(problem.Usage, "cannot use --set url=…: the address is the second argument")
		}
		settings = append(settings, setting{key, s.settingText([]string{key}, text)})
	}
	err = s.edit(ctx, func(f *config.File) ([]byte, error) {
		if slices.Contains(f.Kept().Names(), name) {
			return nil, problem.New(problem.Refused, "cannot add profile %q: there is one", name).WithHint("litellm-proxy profile show %s", name).WithState(problem.Unchanged)
		}
		return apply(f, name, settings)
	})
	if err == nil {
		s.tell(s.good(), "profile %s is added; litellm-proxy --profile %s login signs in to it", name, name)
	}
	return err
}

type setting struct{ key, value string }

// apply sets several keys of one profile.
func apply(f *config.File, profile string, settings []setting) ([]byte, error) {
	if err := config.CheckName(profile); err != nil {
		return nil, problem.Wrap(problem.Usage, err, "cannot add a profile")
	}
	for _, next := range settings {
		doc, err := f.SetText([]string{"profiles", profile, next.key}, next.value)
		if err != nil {
			return nil, err
		}
		if f, err = f.With(doc); err != nil {
			return nil, err
		}
	}
	return f.Doc(), nil
}

func runProfileRemove(ctx context.Context, s *session, line *command.Line) error {
	file, err := s.settings()
	if err != nil {
		return err
	}
	kept := s.keptIn(file)
	for _, name := range values(line, "name") {
		if name == config.Sandbox {
			return problem.New(problem.Usage, "the profile sandbox is built in").WithHint("litellm-proxy --profile sandbox sandbox reset empties it").WithState(problem.Unchanged)
		}
		if err := known(kept, name); err != nil {
			return err
		}
	}
	for _, name := range values(line, "name") {
		if err := s.removeProfile(ctx, line.Globals, kept, name); err != nil {
			return err
		}
	}
	return nil
}

// removeProfile forgets the sign-in first: a profile without one does no harm, a sign-in without a profile is lost.
func (s *session) removeProfile(ctx context.Context, g command.Globals, kept config.Kept, name string) error {
	for _, p := range kept.Profiles {
		if p.Name != name {
			continue
		}
		err := s.forget(ctx, g, config.Gateway{URL: p.URL, Profile: name})
		if err != nil && !errors.Is(err, auth.ErrNone) {
			return fmt.Errorf("remove profile %s: %w", name, err)
		}
	}
	err := s.edit(ctx, func(f *config.File) ([]byte, error) { return f.RemoveProfile(name) })
	if err == nil {
		s.tell(s.good(), "profile %s is removed", name)
	}
	return err
}
