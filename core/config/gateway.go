// Package config decides which gateway is meant, and where files live.
package config

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Sandbox is the profile that is always there: the gateway embedded in this program.
const Sandbox = "sandbox"

// Default is the gateway's address when nothing names one.
const Default = "http://localhost:4000"

// Line is what the command line says about the gateway; nil is not given.
type Line struct {
	BaseURL, APIKey, Profile *string
	// Flags are those that say it, for messages; those of the command's own gateway if they are not named.
	Flags Flags
}

// Flags are the names of flags, with their dashes.
type Flags struct{ BaseURL, APIKey, Profile string }

func (f Flags) named() Flags {
	return Flags{cmp.Or(f.BaseURL, "--base-url"), cmp.Or(f.APIKey, "--api-key"), cmp.Or(f.Profile, "--profile")}
}

// Kept is what is known of gateways beside the line and the environment.
type Kept struct {
	Profiles         []Address // in the order of the file
	InUse, InUseFrom string    // the profile that is used when nothing else names a gateway, and where it is said
	URL, URLFrom     string    // the address in place of Default; empty: Default
}

// Address is a profile's: to which gateway it leads.
type Address struct {
	Name, URL string
	Protected bool // a delete there needs more than a yes
}

func (k Kept) find(name string) (Address, bool) {
	for _, p := range k.Profiles {
		if p.Name == name {
			return p, true
		}
	}
	return Address{}, false
}

// Names are the names of all profiles, the built-in one first.
func (k Kept) Names() []string {
	names := []string{Sandbox}
	for _, p := range k.Profiles {
		names = append(names, p.Name)
	}
	return names
}

// Gateway is the gateway that is meant. Each value knows where it came from, for messages.
type Gateway struct {
	URL     string // without a final slash; empty for the sandbox, whose address is known once it runs
	URLFrom string
	Key     string // empty when no layer has one for this address
	KeyFrom string
	Profile string // empty when the gateway was given directly
	Named   bool   // the name of Guard stands on the command line

	// Guard is the protected profile whose name a delete asks for: the gateway's own or, where it was given by its address and
	// key, one that is kept for its origin; empty for none.
	Guard string
}

// layer is one source of a URL, a key, or both.
type layer struct {
	url, urlFrom string
	key, keyFrom string
	profile      string
}

// Resolve applies the rule of precedence: URL and key come from one layer, the first of the line, --profile, the
// environment, LITELLM_PROXY_PROFILE or the profile in use, and the default. A layer that has only a key uses the next
// layer's URL. A layer that has only a URL gets the key of a later layer with exactly the same origin; without one, it means
// the profile that is kept for that origin: a key never goes to an origin it was not given for. What is kept for a profile is
// its key when Key is empty.
func Resolve(line Line, getenv func(string) string, kept Kept) (Gateway, error) {
	if line.BaseURL != nil && line.Profile != nil {
		return Gateway{}, problem.New(problem.Usage, "--base-url and --profile both name a gateway").WithHint("give one of them")
	}
	layers, err := layersOf(line, getenv, kept)
	if err != nil {
		return Gateway{}, err
	}
	var g Gateway
	for i, l := range layers {
		if l.key != "" && g.Key == "" && g.URLFrom == "" {
			g.Key, g.KeyFrom = l.key, l.keyFrom
		}
		if l.urlFrom == "" {
			continue
		}
		g.URL, g.URLFrom, g.Profile = l.url, l.urlFrom, l.profile
		if g.Key == "" && g.Profile == "" {
			g.Key, g.KeyFrom = keyFor(g.URL, layers[i+1:])
		}
		break
	}
	if g.Key == "" && g.Profile == "" {
		g.Profile, err = kept.profileFor(g.URL, g.URLFrom)
	}
	g.Guard = kept.guardOf(g)
	g.Named = line.Profile != nil && *line.Profile == g.Guard
	return g, err
}

// guardOf is the protected profile that guards a gateway; empty for none.
func (k Kept) guardOf(g Gateway) string {
	for _, p := range k.Profiles {
		if p.Protected && (p.Name == g.Profile || g.Profile == "" && Origin(p.URL) == Origin(g.URL)) {
			return p.Name
		}
	}
	return ""
}

// profileFor is the profile that is kept for exactly the origin of an address: the one in use if it is among several.
func (k Kept) profileFor(address, from string) (string, error) {
	var names []string
	for _, p := range k.Profiles {
		if Origin(p.URL) != Origin(address) {
			continue
		}
		if p.Name == k.InUse {
			return p.Name, nil
		}
		names = append(names, p.Name)
	}
	if len(names) > 1 {
		return "", problem.New(problem.Usage, "%s (from %s) is the gateway of %d profiles: %s", address, from, len(names), strings.Join(names, ", ")).
			WithHint("say which: --profile %s", names[0])
	}
	return strings.Join(names, ""), nil
}

func layersOf(line Line, getenv func(string) string, kept Kept) ([]layer, error) {
	var layers []layer
	add := func(l layer) error {
		if l.urlFrom != "" && l.profile == "" {
			u, err := ParseURL(l.url)
			if err != nil {
				return problem.Wrap(problem.Usage, err, "cannot use the address from %s", l.urlFrom)
			}
			l.url = u.String()
		}
		layers = append(layers, l)
		return nil
	}
	profile := func(name, from string) error {
		p, ok := kept.find(name)
		if !ok && name != Sandbox {
			return problem.New(problem.Usage, "there is no profile %q (from %s)", short(name), from).
				WithHint("the profiles are: %s; litellm-proxy profile add makes one", strings.Join(kept.Names(), ", "))
		}
		return add(layer{urlFrom: from, profile: name, url: p.URL})
	}
	first, flags := layer{}, line.Flags.named()
	if line.APIKey != nil {
		if *line.APIKey == "" {
			return nil, problem.New(problem.Usage, "%s is empty", flags.APIKey).WithHint("leave it out to use the key of the environment or of a profile")
		}
		first.key, first.keyFrom = *line.APIKey, flags.APIKey
	}
	if line.BaseURL != nil {
		first.url, first.urlFrom = *line.BaseURL, flags.BaseURL
	}
	if err := add(first); err != nil {
		return nil, err
	}
	if line.Profile != nil {
		if err := profile(*line.Profile, flags.Profile); err != nil {
			return nil, err
		}
	}
	env := layer{}
	if v := getenv("LITELLM_PROXY_URL"); v != "" {
		env.url, env.urlFrom = v, "$LITELLM_PROXY_URL"
	}
	if v := getenv("LITELLM_PROXY_API_KEY"); v != "" {
		env.key, env.keyFrom = v, "$LITELLM_PROXY_API_KEY"
	}
	// An address on the line or by profile makes the environment's irrelevant, broken or not.
	if line.BaseURL == nil && line.Profile == nil || valid(env.url) {
		if err := add(env); err != nil {
			return nil, err
		}
	}
	used, from := getenv("LITELLM_PROXY_PROFILE"), "$LITELLM_PROXY_PROFILE"
	if used == "" {
		used, from = kept.InUse, kept.InUseFrom
	}
	switch {
	case used == "" || env.urlFrom != "":
	case line.BaseURL != nil || line.Profile != nil:
		// Not looked at, but a key of the environment belongs to it and not to the default.
		p, _ := kept.find(used)
		layers = append(layers, layer{urlFrom: from, profile: used, url: p.URL})
	default:
		if err := profile(used, from); err != nil {
			return nil, err
		}
	}
	return layers, add(layer{url: cmp.Or(kept.URL, Default), urlFrom: cmp.Or(kept.URLFrom, "the default")})
}

// keyFor returns the key that later layers hold for exactly this origin. A layer's own key belongs to its own URL, or
// to the URL of the next layer that has one.
func keyFor(address string, layers []layer) (key, from string) {
	for i, l := range layers {
		if l.key == "" {
			continue
		}
		for _, owner := range layers[i:] {
			if owner.urlFrom == "" {
				continue
			}
			if owner.url != "" && Origin(owner.url) == Origin(address) {
				return l.key, l.keyFrom
			}
			break
		}
	}
	return "", ""
}

func valid(address string) bool {
	if address == "" {
		return true
	}
	_, err := ParseURL(address)
	return err == nil
}

// Same says whether two addresses are one gateway's: of one origin and path.
func Same(a, b string) bool {
	first, err := url.Parse(a)
	if err != nil {
		return a == b
	}
	second, err := url.Parse(b)
	return err == nil && Origin(a) == Origin(b) && first.EscapedPath() == second.EscapedPath()
}

// Origin is scheme, host and port, the port made explicit.
func Origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}
