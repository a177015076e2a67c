package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
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

// keep puts a sign-in into its profile and into the store, and returns what was there before. When it fails, both are as they
// were.
func (s *session) keep(ctx context.Context, gateway *config.Gateway, fresh bool, store auth.Store, sign *auth.SignIn) (previous *auth.SignIn, err error) {
	added, err := s.settle(ctx, gateway, fresh)
	if err != nil {
		return nil, err
	}
	done, err := auth.Turn(ctx, s.lockDir(), gateway.Profile)
	if err == nil {
		defer done()
		previous, _ = store.Get(ctx, gateway.Profile) // a renewal may have been faster than the person
		err = store.Put(ctx, gateway.Profile, sign)
	}
	if err != nil && added {
		_ = s.edit(context.WithoutCancel(ctx), func(f *config.File) ([]byte, error) { return f.RemoveProfile(gateway.Profile) })
	}
	return previous, err
}

// settle adds the profile of a sign-in if it is fresh, and says so; it uses the profile if none is in use. Another process may
// have been faster: then a fresh profile gets another name, unless it was named.
func (s *session) settle(ctx context.Context, gateway *config.Gateway, fresh bool) (added bool, err error) {
	err = s.edit(ctx, func(f *config.File) (doc []byte, err error) {
		kept := f.Kept()
		there := slices.IndexFunc(kept.Profiles, func(p config.Address) bool { return p.Name == gateway.Profile })
		switch {
		case there >= 0 && kept.Profiles[there].URL == gateway.URL:
		case there >= 0 && gateway.URLFrom == namedBoth:
			return nil, problem.New(problem.Usage, "profile %q has become one for %s meanwhile", gateway.Profile, kept.Profiles[there].URL)
		case there < 0 && !fresh:
			return nil, problem.New(problem.Usage, "profile %q has been removed meanwhile", gateway.Profile)
		default:
			gateway.Profile, added = unique(gateway.Profile, kept.Names()), true
			if doc, err = apply(f, gateway.Profile, []setting{{"url", gateway.URL}}); err != nil {
				return nil, err
			}
			if f, err = f.With(doc); err != nil {
				return nil, err
			}
		}
		if f.InUse != "" {
			return f.Doc(), nil
		}
		return f.SetText([]string{"profile"}, gateway.Profile)
	})
	return added && err == nil, err
}

// namedBoth is where an address comes from that stands on the line beside a profile's name.
const namedBoth = "the command line"

// endNow ends a sign-in at the gateway that nobody can keep.
func endNow(ctx context.Context, client *transport.Client, sign *auth.SignIn) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer stop()
	_ = auth.Revoke(ctx, client, sign) // what cannot be ended ends by itself
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

// loginTo finds the gateway to sign in to, and the profile that the sign-in is kept under: the one that is named, the one of
// that gateway, or a fresh one with the gateway's name.
func (s *session) loginTo(line *command.Line) (gateway config.Gateway, fresh bool, err error) {
	file, err := s.settings()
	if err != nil {
		return gateway, false, err
	}
	kept := s.keptIn(file)
	g := lineOf(line.Globals)
	if g.APIKey != nil {
		return gateway, false, problem.New(problem.Usage, "login takes no --api-key").WithHint("give the key on standard input: litellm-proxy login --with-token")
	}
	address := value(line, "url")
	if address != "" {
		if g.BaseURL != nil {
			return gateway, false, problem.New(problem.Usage, "%q and --base-url both name a gateway", address).WithHint("give one of them")
		}
		parsed, err := config.ParseURL(address)
		if err != nil {
			return gateway, false, problem.Wrap(problem.Usage, err, "cannot sign in to %q", address)
		}
		address = parsed.String()
	}
	switch {
	case g.Profile != nil && address != "":
		if *g.Profile == config.Sandbox {
			return gateway, false, noSignIn()
		}
		gateway = config.Gateway{URL: address, URLFrom: namedBoth, Profile: *g.Profile}
		for _, p := range kept.Profiles {
			switch {
			case p.Name != *g.Profile:
			case p.URL != address:
				return gateway, false, problem.New(problem.Usage, "profile %q is for %s, not for %s", p.Name, p.URL, address).
					WithHint("another --profile name makes another profile")
			default:
				return gateway, false, nil
			}
		}
		return gateway, true, nil
	case address != "":
		g.BaseURL = &address
	}
	gateway, err = config.Resolve(g, withoutKey(s.Getenv), kept)
	if err != nil {
		return gateway, false, err
	}
	if gateway.Profile == config.Sandbox {
		return gateway, false, noSignIn()
	}
	for _, p := range kept.Profiles {
		if p.Name == gateway.Profile && p.URL == gateway.URL { // one of another path is another gateway's
			return gateway, false, nil
		}
	}
	gateway.Profile = nameFor(gateway.URL, kept.Names())
	return gateway, true, nil
}

// withoutKey is an environment without a key: who signs in wants another one.
func withoutKey(getenv func(string) string) func(string) string {
	return func(name string) string {
		if name == "LITELLM_PROXY_API_KEY" {
			return ""
		}
		return getenv(name)
	}
}

func noSignIn() error {
	return problem.New(problem.Usage, "the sandbox needs no sign-in").WithHint("name a gateway: litellm-proxy login https://…")
}

// nameFor makes a profile's name of an address: its host, and its port where it has one.
func nameFor(address string, taken []string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "gateway"
	}
	base := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, u.Host)
	base = strings.Trim(base[:min(len(base), 60)], "-.")
	return unique(cmp.Or(base, "gateway"), taken)
}

// unique is a name that is not taken: with a number behind it if need be.
func unique(name string, taken []string) string {
	for n := 2; ; n++ {
		if !slices.Contains(taken, name) {
			return name
		}
		name = fmt.Sprintf("%s-%d", strings.TrimSuffix(name, fmt.Sprintf("-%d", n-1)), n)
	}
}

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

// secretLine reads one line from standard input; on a terminal it asks, and what is typed is not shown.
func (s *session) secretLine(ctx context.Context, question string) (string, error) {
	line, err := term.NewPrompter(s.Streams).Secret(ctx, question)
	if errors.Is(err, term.ErrInterrupted) {
		return "", problem.New(problem.Interrupted, "interrupted at the question for a key")
	}
	return strings.TrimSpace(line), err
}
