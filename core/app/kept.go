package app

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/auth"
	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/record"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// configPath is where the configuration is.
func (s *session) configPath() (string, error) {
	dir, err := s.Dirs.Config()
	if err != nil {
		return "", problem.Wrap(problem.Failed, err, "cannot find the directory for the configuration")
	}
	return filepath.Join(dir, "config.toml"), nil
}

// settings reads the configuration, once. Without a place for it there is none.
func (s *session) settings() (*config.File, error) {
	if s.file == nil && s.fileErr == nil {
		if path, err := s.configPath(); err == nil {
			s.file, s.fileErr = config.Read(path, s.Dirs.Home(), formats())
		} else {
			s.file = &config.File{}
		}
	}
	return s.file, s.fileErr
}

func formats() []string {
	var names []string
	for _, f := range record.Formats() {
		names = append(names, string(f))
	}
	return names
}

// resolve finds the gateway that a line means, by the line, the environment and the configuration.
func (s *session) resolve(line config.Line) (config.Gateway, error) {
	file, err := s.settings()
	if err != nil {
		return config.Gateway{}, err
	}
	return config.Resolve(line, s.Getenv, s.keptIn(file))
}

// lineOf is what a command line says about the gateway.
func lineOf(g command.Globals) config.Line {
	return config.Line{BaseURL: g.BaseURL, APIKey: g.APIKey, Profile: g.Profile}
}

// keptIn is what a configuration, and the older tool's, say of gateways.
func (s *session) keptIn(file *config.File) config.Kept {
	kept := file.Kept()
	if kept.URL == "" {
		if kept.URL = config.OlderBaseURL(s.Dirs.Home()); kept.URL != "" {
			kept.URLFrom = "~/.litellm/config.json"
		}
	}
	return kept
}

// defaults fills in what a line leaves open, from the profile and the configuration.
func (s *session) defaults(g *command.Globals, profile string) error {
	file, err := s.settings()
	if err != nil {
		return err
	}
	d := file.DefaultsFor(profile)
	if g.Output == "" && g.Format == "" && g.JQ == "" { // beside -o, jq prints texts in quotes: that must be asked for
		g.Output = d.Output
	}
	if g.Timeout == nil && d.Timeout != "" {
		g.Timeout = &d.Timeout
	}
	return nil
}

// connection is how the gateway of a profile is reached, as the configuration and the line say.
func (s *session) connection(g command.Globals, gateway config.Gateway) (transport.TLS, int, error) {
	file, err := s.settings()
	if err != nil {
		return transport.TLS{}, 0, err
	}
	d := file.DefaultsFor(gateway.Profile)
	tls := transport.TLS{CACert: d.CACert, ClientCert: d.ClientCert, ClientKey: d.ClientKey}
	if g.CACert != "" {
		tls.CACert = g.CACert
	}
	if (tls.ClientCert == "") != (tls.ClientKey == "") {
		return tls, 0, problem.New(problem.Usage, "cannot show a client certificate: the configuration has only one of client_cert and client_key").
			WithHint("litellm-proxy config set the other one; both are files")
	}
	return tls, d.Concurrency, nil
}

// store is where the sign-in of a profile is kept.
func (s *session) store(profile string) (auth.Store, error) {
	file, err := s.settings()
	if err != nil {
		return nil, err
	}
	state, err := s.Dirs.State()
	if err != nil {
		return nil, problem.Wrap(problem.Failed, err, "cannot find the directory for what is kept")
	}
	return auth.NewStore(file.DefaultsFor(profile).CredentialStore, auth.StoreOptions{
		Dir: filepath.Join(state, "credentials"), Getenv: s.Getenv, Environ: s.keyless(), Mask: s.secrets.String,
	})
}

// keyless is the environment without a key, for programs that are started for the person: a browser, a helper, ourselves.
func (s *session) keyless() []string {
	return slices.DeleteFunc(slices.Clone(s.Environ), func(pair string) bool { return strings.HasPrefix(pair, "LITELLM_PROXY_API_KEY=") })
}

// keeper gives out the key that is kept for a profile.
func (s *session) keeper(g command.Globals, gateway config.Gateway) (*auth.Keeper, error) {
	store, err := s.store(gateway.Profile)
	if err != nil {
		return nil, err
	}
	return &auth.Keeper{
		Store: store, Account: gateway.Profile, URL: gateway.URL, Locks: s.lockDir(), Now: time.Now,
		Renew: func(ctx context.Context) error { return s.renewApart(ctx, g, gateway.Profile) },
		Warn:  func(err error) { s.say("the sign-in could not be renewed, and is used while it lasts: %v", err) },
	}, nil
}

// lockDir is the directory of locks; empty where there is none.
func (s *session) lockDir() string {
	state, err := s.Dirs.State()
	if err != nil {
		return ""
	}
	return filepath.Join(state, "locks")
}

// credential lets a client use what is kept for the gateway, when nothing nearer gives a key.
func (s *session) credential(g command.Globals, gateway config.Gateway, o *transport.Options) *caller {
	c := &caller{key: gateway.Key}
	switch {
	case gateway.Key != "" || gateway.Profile == config.Sandbox:
		return c
	case gateway.Profile == "":
		o.KeyFrom, o.KeyRemedy = olderFrom, "litellm-proxy login "+gateway.URL
		o.Credential = once(func(ctx context.Context) (string, error) { return s.older(ctx, gateway.URL, c) })
		return c
	}
	o.KeyFrom, o.KeyRemedy = "profile "+gateway.Profile, "litellm-proxy --profile "+gateway.Profile+" login"
	keeper, err := s.keeper(g, gateway)
	o.Credential = func(ctx context.Context) (string, error) {
		if err != nil {
			return "", err
		}
		sign, err := keeper.SignIn(ctx)
		if errors.Is(err, auth.ErrNone) {
			return "", nil // some gateways need no key; one that does says so
		}
		if err != nil {
			return "", err
		}
		s.secrets.Add(sign.RefreshToken)
		c.sign.Store(sign)
		return sign.Key, nil
	}
	return c
}

// olderFrom is the source of a key that the Python tool has left.
const olderFrom = "~/.litellm/token.json"

// older is the key of the sign-in that the Python tool has left for a gateway; empty if there is none.
func (s *session) older(ctx context.Context, url string, c *caller) (string, error) {
	sign, err := auth.Older(ctx, s.Dirs.Home(), url, s.Getenv)
	switch {
	case err == nil:
		c.sign.Store(sign)
		return sign.Key, nil
	case errors.Is(err, auth.ErrNone):
		return "", nil
	}
	return "", err
}

// once makes the first answer of a function its only one.
func once(f func(context.Context) (string, error)) func(context.Context) (string, error) {
	type answer struct {
		key string
		err error
	}
	var first = make(chan *answer, 1)
	first <- nil
	return func(ctx context.Context) (string, error) {
		a := <-first
		if a == nil {
			key, err := f(ctx)
			a = &answer{key, err}
		}
		first <- a
		return a.key, a.err
	}
}
