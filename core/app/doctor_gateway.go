package app

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/auth"
	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/doctor"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// doctorLimit is how long one check may take.
const doctorLimit = 5 * time.Second

const configurationArea = "configuration"

// examineConfiguration reads the configuration; a broken one is left out from then on.
func (s *session) examineConfiguration() []doctor.Finding {
	var all []doctor.Finding
	path, pathErr := s.configPath()
	_, err := s.settings()
	switch {
	case err != nil:
		f := doctor.FromError(configurationArea, err)
		f.Text, f.Hint = strings.TrimPrefix(problem.As(err).Message, "cannot use the configuration "), "edit the file; until then no profile and no setting counts"
		for _, fact := range problem.As(err).Facts {
			f.Text += "; " + fact.Text
		}
		all = append(all, f)
		s.file, s.fileErr = &config.File{}, nil
	case pathErr != nil:
		all = append(all, doctor.Finding{Area: configurationArea, Level: doctor.Warn, Text: "there is none: " + whyNot(pathErr), Hint: "set HOME or XDG_CONFIG_HOME"})
	default:
		text := s.tilde(path) + ", " + counted(len(s.file.Profiles), "profile")
		if _, missing := os.Stat(path); errors.Is(missing, os.ErrNotExist) {
			text = "none, which is fine (" + s.tilde(path) + ")"
		}
		all = append(all, doctor.Finding{Area: configurationArea, Level: doctor.OK, Text: text})
	}
	local := doctor.Local{Home: s.Dirs.Home(), NoAudit: s.file.NoAudit}
	if pathErr == nil {
		local.Config = filepath.Dir(path)
	}
	state, err := s.Dirs.State()
	if err != nil {
		all = append(all, doctor.Finding{Area: configurationArea, Level: doctor.Warn, Text: "no directory for the log, locks and sign-ins: " + err.Error(), Hint: "set HOME or XDG_STATE_HOME"})
	} else {
		local.State, local.Credentials = state, filepath.Join(state, "credentials")
		local.Audit, _ = s.auditDir()
	}
	return append(all, local.Files()...)
}

// whyNot is an error without what was attempted.
func whyNot(err error) string {
	return cmp.Or(errors.Unwrap(err), err).Error()
}

// tilde is a path for people.
func (s *session) tilde(path string) string {
	if rest, ok := strings.CutPrefix(path, s.Dirs.Home()+string(filepath.Separator)); ok && s.Dirs.Home() != "" {
		return filepath.Join("~", rest)
	}
	return path
}

// examineGateway finds the gateway that is meant, and looks at it and the key.
func (s *session) examineGateway(ctx context.Context, line *command.Line) []doctor.Finding {
	const area = "gateway"
	gateway, err := s.resolve(lineOf(line.Globals))
	if err != nil {
		return []doctor.Finding{doctor.FromError(area, err)}
	}
	s.secrets.Add(gateway.Key)
	options, _, err := s.transportOptions(line, gateway)
	if err != nil {
		return []doctor.Finding{doctor.FromError(area, err)}
	}
	options.Retries, options.Journal = -1, nil
	g := &doctor.Gateway{Now: time.Now, Limit: doctorLimit, Inside: gateway.Profile == config.Sandbox, KeyNote: s.unusedKey(line.Globals.Profile != nil, gateway)}
	all := s.useKey(ctx, line, gateway, &options, g)
	gateway.Key = "" // it is in the options, if it can be sent
	target := s.open(ctx, gateway, options)
	defer target.close()
	all = append(all, doctor.Finding{Area: area, Level: doctor.OK, Text: target.name() + "  " + s.chosenBy(gateway)})
	opening, stop := context.WithTimeoutCause(ctx, doctorLimit, problem.New(problem.TimedOut, "it did not open in %s", doctorLimit))
	defer stop()
	if g.Client, err = target.wait(opening); err != nil {
		return append(all, doctor.FromError(area, err))
	}
	s.progress.Update("asking "+target.name(), 0, 0)
	return append(all, g.Look(ctx)...)
}

// useKey gives the client its key beforehand, so that one that cannot be had, or not be sent, keeps nothing else from being
// looked at.
func (s *session) useKey(ctx context.Context, line *command.Line, gateway config.Gateway, o *transport.Options, g *doctor.Gateway) (found []doctor.Finding) {
	o.Credential = nil
	ctx, stop := context.WithTimeout(ctx, doctorLimit)
	defer stop()
	kept := transport.Options{}
	me := s.credential(line.Globals, gateway, &kept)
	switch {
	case gateway.Key != "":
		o.Key, o.KeyFrom = gateway.Key, gateway.KeyFrom
	case kept.Credential == nil: // the sandbox gives its own
		return nil
	default:
		o.KeyFrom, o.KeyRemedy = kept.KeyFrom, kept.KeyRemedy
		if gateway.Profile != "" {
			var place string
			if place, found, g.KeyErr = s.examineStore(ctx, gateway.Profile); place != "" {
				o.KeyFrom += ", kept in " + place
			}
		}
		if g.KeyErr == nil {
			o.Key, g.KeyErr = kept.Credential(ctx)
			g.SignIn = me.sign.Load()
		}
	}
	// A client refuses a key that no header can carry, and the gateway could be looked at without it.
	if _, err := transport.New(transport.Options{BaseURL: config.Default, Key: o.Key, KeyFrom: o.KeyFrom, Redact: s.secrets}); err != nil {
		o.Key, g.KeyErr = "", err
	}
	return found
}

// examineStore asks the store that a profile's sign-in is kept in: where it is, empty for none, and whether the system
// keyring answers where it would be used.
func (s *session) examineStore(ctx context.Context, profile string) (place string, found []doctor.Finding, err error) {
	store, err := s.storeWithin(profile, s.file.DefaultsFor(profile).CredentialStore)
	if err != nil {
		return "", nil, err
	}
	_, err = store.Get(ctx, profile)
	switch {
	case err == nil:
		return store.Name(), nil, nil
	case !errors.Is(err, auth.ErrNone):
		return "", nil, err
	}
	if kind := s.file.DefaultsFor(profile).CredentialStore; kind != "" && kind != auth.KindAuto {
		return "", nil, nil
	}
	ring, err := s.storeWithin(profile, auth.KindKeyring)
	if err != nil {
		return "", nil, err
	}
	f := doctor.Finding{Area: configurationArea, Level: doctor.OK}
	switch _, err := ring.Get(ctx, profile); {
	case err == nil, errors.Is(err, auth.ErrNone):
		f.Text = "the system keyring answers: sign-ins are kept there"
	case errors.Is(err, auth.ErrNoKeyring):
		f.Text = "no system keyring: sign-ins are kept in files"
	default:
		f = doctor.FromError(configurationArea, err)
		f.Level, f.Code = doctor.Warn, problem.OK
	}
	return "", []doctor.Finding{f}, nil
}

// storeWithin is a store of a kind that does not wait long for a person.
func (s *session) storeWithin(profile, kind string) (auth.Store, error) {
	state, err := s.Dirs.State()
	if err != nil {
		return nil, problem.Wrap(problem.Failed, err, "cannot find the sign-in of profile %q", profile)
	}
	return auth.NewStore(kind, auth.StoreOptions{
		Dir: filepath.Join(state, "credentials"), Getenv: s.Getenv, Environ: s.keyless(), Mask: s.secrets.String, KeyringLimit: doctorLimit * 4 / 5,
	})
}

// chosenBy says why this gateway is meant.
func (s *session) chosenBy(gateway config.Gateway) string {
	from := "from " + gateway.URLFrom
	if gateway.Profile != "" {
		if origin := s.file.Origin("profiles", gateway.Profile); origin != "" {
			from += ", " + origin
		}
	}
	if gateway.Guard != "" {
		from += ", protected"
	}
	return from
}

// unusedKey says that the key of the environment is not used, where something nearer outranks it, as a profile that is named
// on the line; else empty.
func (s *session) unusedKey(named bool, gateway config.Gateway) string {
	if s.Getenv("LITELLM_PROXY_API_KEY") == "" || gateway.KeyFrom == "$LITELLM_PROXY_API_KEY" {
		return ""
	}
	why := "it is for another gateway"
	if named {
		why = "profile given on the line"
	} else if gateway.Key != "" {
		why = "key given on the line"
	}
	return "the environment's key is NOT used (" + why + ")"
}
