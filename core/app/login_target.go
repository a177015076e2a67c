package app

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// namedBoth is where an address comes from that stands on the line beside a profile's name.
const namedBoth = "the command line"

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
			case !config.Same(p.URL, address):
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
		if p.Name == gateway.Profile && config.Same(p.URL, gateway.URL) { // one of another path is another gateway's
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
