package config

import (
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// profiles are those of the tests: two gateways with one profile, one with two.
func profiles(inUse string) Kept {
	k := Kept{Profiles: []Address{
		{Name: "prod", URL: "https://prod.example", Protected: true}, {Name: "dev", URL: "https://dev.example/llm"},
		{Name: "two-a", URL: "https://two.example"}, {Name: "two-b", URL: "https://two.example:443"},
	}}
	if inUse != "-" {
		k.InUse, k.InUseFrom = inUse, "config.toml:1"
	}
	return k
}

// TestResolveProfiles is the rule "Which gateway" where there are profiles. The profile in the result is the one whose kept
// key is used when there is no other.
func TestResolveProfiles(t *testing.T) {
	for _, row := range strings.Split(strings.TrimSpace(`
	# --base-url       --api-key --profile URL            KEY  PROFILE  in use    →  address               key  profile
	  -                -         prod      -              -    -        -            https://prod.example      -    prod
	  -                -         prod      https://b.ex   k2   dev      dev          https://prod.example      -    prod
	  -                k1        prod      https://b.ex   k2   dev      dev          https://prod.example      k1   prod
	  -                -         sandbox   https://b.ex   k2   dev      prod         -                         -    sandbox
	  -                -         -         -              -    dev      prod         https://dev.example/llm   -    dev
	  -                -         -         -              -    -        prod         https://prod.example      -    prod
	  -                -         -         -              -    sandbox  prod         -                         -    sandbox

	# A key without an address goes to the next layer's.
	  -                k1        -         -              -    -        prod         https://prod.example      k1   prod
	  -                -         -         -              k2   -        prod         https://prod.example      k2   prod
	  -                -         -         -              k2   dev      prod         https://dev.example/llm   k2   dev

	# An address without a key means the profile of exactly that origin,
	  https://prod.example  -    -         -              -    -        -            https://prod.example      -    prod
	  https://PROD.example:443/x - -       -              -    -        dev          https://PROD.example:443/x -   prod
	  -                -         -         https://dev.example -  -     prod         https://dev.example       -    dev
	# unless a later layer has one,
	  https://prod.example  -    -         -              k2   -        prod         https://prod.example      k2   -
	  https://prod.example  -    -         https://prod.example k2 dev  -            https://prod.example      k2   -
	  https://prod.example  k1   -         -              -    -        dev          https://prod.example      k1   -
	# and no other.
	  http://prod.example   -    -         -              -    -        prod         http://prod.example       -    -
	  https://prod.example:8443 - -        -              -    -        prod         https://prod.example:8443 -    -
	  https://dev.example   -    -         -              k2   -        prod         https://dev.example       -    dev
	  https://two.example   -    -         -              -    -        two-b        https://two.example       -    two-b

	# What is exported and in use never reaches a profile that is named.
	  -                -         dev       https://prod.example k2 prod prod         https://dev.example/llm   -    dev
	`), "\n") {
		f := strings.Fields(row)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		line, getenv, _ := given{f[0], f[1], f[2], f[3], f[4], f[5]}.resolve()
		g, err := Resolve(line, getenv, profiles(f[6]))
		if err != nil {
			t.Errorf("%s: %v", row, err)
			continue
		}
		if g.URL != strings.TrimPrefix(f[7], "-") || g.Key != strings.TrimPrefix(f[8], "-") || g.Profile != strings.TrimPrefix(f[9], "-") {
			t.Errorf("%s\ngot %+v", row, g)
		}
		guarded := g.Profile == "prod" || g.Profile == "" && Origin(g.URL) == "https://prod.example:443"
		if (g.Guard == "prod") != guarded || g.Named != (guarded && f[2] == "prod") {
			t.Errorf("%s\ngot %+v", row, g)
		}
	}
}

func TestResolveRefusesProfiles(t *testing.T) {
	for name, c := range map[string]struct {
		g     given
		inUse string
		want  string
	}{
		"one that is not there":          {given{"-", "-", "nope", "-", "-", "-"}, "-", `no profile "nope" (from --profile)`},
		"one in use that is gone":        {given{"-", "-", "-", "-", "-", "-"}, "gone", `no profile "gone" (from config.toml:1)`},
		"an origin of several":           {given{"https://two.example", "-", "-", "-", "-", "-"}, "prod", "is the gateway of 2 profiles: two-a, two-b"},
		"an origin of several, exported": {given{"-", "-", "-", "https://two.example", "-", "-"}, "prod", "$LITELLM_PROXY_URL"},
	} {
		line, getenv, _ := c.g.resolve()
		_, err := Resolve(line, getenv, profiles(c.inUse))
		if problem.CodeOf(err) != problem.Usage || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The address of the configuration, or of the older tool's, stands in for the default.
func TestResolveKeptAddress(t *testing.T) {
	kept := profiles("-")
	kept.URL, kept.URLFrom = "https://dev.example", "~/.litellm/config.json"
	line, getenv, _ := given{"-", "-", "-", "-", "-", "-"}.resolve()
	g, err := Resolve(line, getenv, kept)
	if err != nil || g.URL != "https://dev.example" || g.URLFrom != "~/.litellm/config.json" || g.Profile != "dev" {
		t.Errorf("%+v %v", g, err)
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"https://a.example", "https://A.example:443", true}, {"https://a.example/x", "https://a.example/x", true}, {"https://a.example", "https://a.example/x", false},
		{"https://a.example", "http://a.example", false}, {"https://a.example", "https://b.example", false}, {"http://%zz", "http://a", false},
	} {
		if Same(c.a, c.b) != c.want || Same(c.b, c.a) != c.want {
			t.Errorf("%s, %s: not %t", c.a, c.b, c.want)
		}
	}
}
