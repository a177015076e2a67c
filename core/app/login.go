package app

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/auth"
	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func loginCommand() own {
	team := placed("TEAM", text("team", "Act in this team: its id, or its exact name."))
	return ownCommands("login", "Sign in to a gateway", ownCommand{&protocol.Command{
		Summary: "Sign in to a gateway.", Effect: protocol.Effect_EFFECT_READ,
		Help: "Opens the gateway's sign-in page in the browser, or prints its address and a code. What comes back is kept under a profile, in the\n" +
			"system's keyring or, without one, in a file that only you can read; it renews itself where the gateway allows it.\n" +
			"--with-token keeps a key that you have: it is read from standard input.",
		Examples: []*protocol.Example{
			{Command: "login https://llm.example.com", Note: "in the browser"},
			{Command: "login https://llm.example.com --no-browser --team eng", Note: "by an address and a code, in the team eng"},
			{Command: "login https://llm.example.com --with-token < gateway-key.txt", Note: "with a key"},
		},
		Arguments: []*protocol.Parameter{text("url", "Address of the gateway; the one that is meant otherwise, if it is left out.")},
		Flags: []*protocol.Parameter{
			team,
			switched("no-browser", "Open no browser: print an address and a code that can be used on any machine."),
			switched("pkce", "Sign in by the flow that renews itself, also with --no-browser."),
			switched("with-token", "Keep the key that standard input holds."),
		},
		Record: oneRecord("PROFILE", "GATEWAY", "USER=user_id", "EMAIL=user_email", "ROLE=user_role", "TEAM=team_id", "EXPIRES:time", "KEPT IN=kept_in"),
	}, runLogin})
}

// unstored is what is true after a sign-in that failed.
const unstored = "nothing was stored"

func runLogin(ctx context.Context, s *session, line *command.Line) error {
	if isOn(line, "with-token") {
		for _, flag := range []string{"team", "no-browser", "pkce"} {
			if values(line, flag) != nil {
				return problem.New(problem.Usage, "--with-token and --%s contradict each other: a key needs no sign-in", flag)
			}
		}
	}
	gateway, fresh, err := s.loginTo(line)
	if err != nil {
		return err
	}
	store, err := s.store(gateway.Profile)
	if err != nil {
		return err
	}
	client, err := s.bare(line.Globals, gateway)
	if err != nil {
		return err
	}
	defer client.Close()
	previous, err := store.Get(ctx, gateway.Profile)
	if err != nil && !errors.Is(err, auth.ErrNone) {
		s.say("what is kept for profile %s cannot be read, and will be replaced: %v", gateway.Profile, err)
	}
	sign, err := s.signIn(ctx, line, gateway, client, previous)
	if err == nil {
		if previous, err = s.keep(ctx, &gateway, fresh, store, sign); err != nil {
			endNow(ctx, client, sign)
		}
	}
	if err != nil {
		if ctx.Err() != nil { // whatever it made of that
			err = context.Cause(ctx)
		}
		e := *problem.As(err)
		if e.State == "" || e.State == problem.Unchanged {
			e.State = unstored
		}
		return &e
	}
	if previous != nil && previous.Renewable() && config.Origin(previous.URL) == config.Origin(sign.URL) {
		s.secrets.Add(previous.Key, previous.RefreshToken)
		if err := auth.Revoke(ctx, client, previous); err != nil {
			s.say("the sign-in before this one could not be ended at the gateway: %v", err)
		}
	}
	return s.signedIn(ctx, line, gateway, store, sign)
}

// signIn gets a credential: from standard input, or from the gateway.
func (s *session) signIn(ctx context.Context, line *command.Line, gateway config.Gateway, client *transport.Client, previous *auth.SignIn) (*auth.SignIn, error) {
	if isOn(line, "with-token") {
		return s.givenKey(ctx, gateway, client)
	}
	person := &person{session: s, browser: !isOn(line, "no-browser")}
	login := &auth.Login{
		Client: client, Redact: s.secrets, Person: person, Team: value(line, "team"), Browser: person.hasBrowser(),
		ForcePKCE: isOn(line, "pkce"), Previous: previous,
	}
	return login.Run(ctx)
}

// givenKey reads a key, and asks the gateway whether it knows it.
func (s *session) givenKey(ctx context.Context, gateway config.Gateway, client *transport.Client) (*auth.SignIn, error) {
	key, err := s.secretLine(ctx, "Key for "+gateway.URL+": ")
	if err != nil {
		return nil, err
	}
	if key == "" {
		return nil, problem.New(problem.Usage, "cannot keep a key: standard input holds none").WithHint("litellm-proxy login %s --with-token < FILE", gateway.URL)
	}
	s.secrets.Add(key)
	if err := auth.CheckAddress(client); err != nil { // here it is only said: a key may be for an inner network
		s.say("! the address is plain http: the key can be read on its way there, now and whenever it is used")
	}
	who, err := auth.Verify(ctx, client, key)
	if err != nil {
		return nil, err
	}
	return &auth.SignIn{
		URL: gateway.URL, Flow: auth.Given, Key: key, UserID: who.UserID, Email: who.Email, Role: who.Role, Since: time.Now(),
	}, nil
}

// secretLine reads one line from standard input; on a terminal it asks, and what is typed is not shown.
func (s *session) secretLine(ctx context.Context, question string) (string, error) {
	line, err := term.NewPrompter(s.Streams).Secret(ctx, question)
	switch {
	case errors.Is(err, io.EOF): // there is none
		return "", nil
	case errors.Is(err, term.ErrInterrupted):
		return "", problem.New(problem.Interrupted, "interrupted at the question for a key")
	}
	return strings.TrimSpace(line), err
}
