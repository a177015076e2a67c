package app

import (
	"context"
	"errors"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/auth"
	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func logoutCommand() own {
	return ownCommands("logout", "Forget a sign-in", ownCommand{&protocol.Command{
		Summary: "Forget a sign-in.", Effect: protocol.Effect_EFFECT_READ,
		Help: "Ends it at the gateway, where that is possible, and removes what is kept for the profile: the one of --profile, or the one in use.\n" +
			"The profile stays.",
	}, runLogout})
}

func runLogout(ctx context.Context, s *session, line *command.Line) error {
	gateway, err := s.resolveKept(line.Globals)
	if err != nil {
		return err
	}
	if gateway.Profile == "" || gateway.Profile == config.Sandbox {
		return notSignedIn(gateway)
	}
	switch err := s.forget(ctx, line.Globals, gateway); {
	case errors.Is(err, auth.ErrNone):
		return notSignedIn(gateway)
	case err != nil:
		return err
	}
	if s.Getenv("LITELLM_PROXY_API_KEY") != "" {
		s.say("! LITELLM_PROXY_API_KEY is set: commands go on using it.")
	}
	return nil
}

// resolveKept finds the gateway of which something may be kept: a key on the line or in the environment does not count.
func (s *session) resolveKept(g command.Globals) (config.Gateway, error) {
	file, err := s.settings()
	if err != nil {
		return config.Gateway{}, err
	}
	line := lineOf(g)
	line.APIKey = nil
	return config.Resolve(line, withoutKey(s.Getenv), s.keptIn(file))
}

func notSignedIn(gateway config.Gateway) error {
	what := gateway.URL
	if gateway.Profile != "" {
		what = "profile " + gateway.Profile
	}
	return problem.New(problem.Denied, "not signed in: nothing is kept for %s", what)
}

// forget ends the sign-in of a profile at the gateway and removes it here; here also when the gateway cannot be asked. ErrNone
// where there is none.
func (s *session) forget(ctx context.Context, g command.Globals, gateway config.Gateway) error {
	store, err := s.store(gateway.Profile)
	if err != nil {
		return err
	}
	done, err := auth.Turn(ctx, s.lockDir(), gateway.Profile)
	if err != nil {
		return err
	}
	defer done()
	sign, err := store.Get(ctx, gateway.Profile)
	if errors.Is(err, auth.ErrNone) {
		return err
	}
	if err != nil { // what cannot be read can be removed
		if gone := store.Delete(ctx, gateway.Profile); gone != nil {
			return err
		}
		s.say("what was kept for profile %s could not be read (%v), and is removed", gateway.Profile, err)
		return nil
	}
	s.secrets.Add(sign.Key, sign.RefreshToken)
	where := store.Name()
	ended := s.revoke(ctx, g, gateway, sign)
	switch {
	case ended == nil:
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case problem.As(ended).Status >= 500: // it has not been noted there; only what is kept here can end it
		return ended
	}
	if err := store.Delete(ctx, gateway.Profile); err != nil {
		return err
	}
	s.tell(s.good(), "signed out of %s (profile %s): removed from %s", gateway.URL, gateway.Profile, where)
	switch {
	case ended != nil:
		s.say("! the gateway could not be told, so that it would renew the sign-in for whoever has a copy: %v", ended)
	case sign.Renewable() && (sign.Expires == nil || sign.Expires.Before(time.Now())):
		s.say("It cannot be renewed any more.")
	case sign.Renewable():
		s.say("It cannot be renewed any more. A copy of the credential would work until %s.", localTime(*sign.Expires))
	case sign.Flow == auth.Given:
		s.say("The key itself still works: litellm-proxy keys block or delete ends it.")
	}
	if sign.Flow != auth.Given {
		s.say("The browser's own session at the gateway is another matter: sign out there too on a shared machine.")
	}
	return nil
}

func (s *session) revoke(ctx context.Context, g command.Globals, gateway config.Gateway, sign *auth.SignIn) error {
	if !sign.Renewable() {
		return nil
	}
	if config.Origin(sign.URL) != config.Origin(gateway.URL) {
		gateway.URL = sign.URL
	}
	client, err := s.bare(g, gateway)
	if err != nil {
		return err
	}
	defer client.Close()
	return auth.Revoke(ctx, client, sign)
}
