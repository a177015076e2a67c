package config

import (
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// given is what can name a gateway: URL, key and profile of the line, then of the environment. "-" is not given.
type given struct{ url, key, profile, envURL, envKey, envProfile string }

func (g given) line() Line {
	var l Line
	for value, field := range map[*string]**string{&g.url: &l.BaseURL, &g.key: &l.APIKey, &g.profile: &l.Profile} {
		if *value != "-" {
			*field = value
		}
	}
	return l
}

func (g given) getenv(name string) string {
	value := map[string]string{"LITELLM_PROXY_URL": g.envURL, "LITELLM_PROXY_API_KEY": g.envKey, "LITELLM_PROXY_PROFILE": g.envProfile}[name]
	return strings.TrimPrefix(value, "-")
}

// TestResolve is the rule "Which gateway", a row a case. In the columns a stands for https://a.example and so on.
func TestResolve(t *testing.T) {
	for _, row := range strings.Split(strings.TrimSpace(`
	# --base-url  --api-key  --profile  URL        KEY   PROFILE   →  address    key      its source
	  -           -          -          -          -     -            default    -        -
	  a           -          -          -          -     -            a          -        -
	  a           k1         -          b          k2    sandbox      a          k1       --api-key
	  -           -          -          b          k2    -            b          k2       $LITELLM_PROXY_API_KEY
	  -           -          -          b          k2    sandbox      b          k2       $LITELLM_PROXY_API_KEY
	  -           -          -          -          -     sandbox      sandbox    -        -
	  -           -          sandbox    b          k2    -            sandbox    -        -
	  -           k1         sandbox    b          k2    -            sandbox    k1       --api-key

	# A layer that gives only a key uses the next layer's URL.
	  -           k1         -          b          -     -            b          k1       --api-key
	  -           k1         -          b          k2    -            b          k1       --api-key
	  -           k1         -          -          k2    sandbox      sandbox    k1       --api-key
	  -           k1         -          -          -     -            default    k1       --api-key
	  -           -          -          -          k2    -            default    k2       $LITELLM_PROXY_API_KEY
	  -           -          -          -          k2    sandbox      sandbox    k2       $LITELLM_PROXY_API_KEY

	# A layer that gives only a URL gets the key that is kept for exactly that origin,
	  a           -          -          a          k2    -            a          k2       $LITELLM_PROXY_API_KEY
	  a           -          -          a/         k2    -            a          k2       $LITELLM_PROXY_API_KEY
	  a           -          -          a:443      k2    -            a          k2       $LITELLM_PROXY_API_KEY
	  a           -          -          A          k2    -            a          k2       $LITELLM_PROXY_API_KEY
	  a/v1        -          -          a          k2    -            a/v1       k2       $LITELLM_PROXY_API_KEY
	  default     -          -          -          k2    -            default    k2       $LITELLM_PROXY_API_KEY
	# and no other.
	  a           -          -          b          k2    -            a          -        -
	  a           -          -          a:444      k2    -            a          -        -
	  a           -          -          http://a   k2    -            a          -        -
	  a           -          -          sub.a      k2    -            a          -        -
	  a           -          -          -          k2    -            a          -        -
	  a           -          -          -          k2    sandbox      a          -        -
	  default     -          -          -          k2    sandbox      default    -        -
	  default     -          -          -          k2    nowhere      default    -        -
	  -           -          -          b          -     -            b          -        -

	# What the line names makes a broken environment irrelevant.
	  a           -          -          nonsense   k2    nowhere      a          -        -
	  -           -          sandbox    nonsense   k2    nowhere      sandbox    -        -
	  -           -          -          b          k2    nowhere      b          k2       $LITELLM_PROXY_API_KEY
	`), "\n") {
		f := strings.Fields(row)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		g, err := Resolve(given{spell(f[0]), f[1], f[2], spell(f[3]), f[4], f[5]}.resolve())
		if err != nil {
			t.Errorf("%s: %v", row, err)
			continue
		}
		address, profile := spell(f[6]), ""
		if f[6] == Sandbox {
			address, profile = "", Sandbox
		}
		if g.URL != address || g.Profile != profile || g.Key != strings.Trim(f[7], "-") || g.KeyFrom != strings.TrimSuffix(f[8], "-") {
			t.Errorf("%s\ngot %+v", row, g)
		}
	}
}

func (g given) resolve() (Line, func(string) string, Kept) { return g.line(), g.getenv, Kept{} }

// spell writes an address of the table in full.
func spell(short string) string {
	switch {
	case short == "default":
		return Default
	case short == "-" || short == "nonsense" || strings.Contains(short, "://"):
		return short
	}
	host, path, _ := strings.Cut(short, "/")
	host, port, hasPort := strings.Cut(host, ":")
	address := "https://" + host + map[bool]string{true: ".EXAMPLE", false: ".example"}[host == "A"]
	if hasPort {
		address += ":" + port
	}
	if strings.Contains(short, "/") {
		address += "/" + path
	}
	return address
}

func TestResolveRefuses(t *testing.T) {
	none := given{"-", "-", "-", "-", "-", "-"}
	for _, c := range []struct {
		name   string
		change func(*given)
		want   string
	}{
		{"two gateways on the line", func(g *given) { g.url, g.profile = "http://a", "sandbox" }, "--base-url and --profile both name a gateway"},
		{"an unknown profile", func(g *given) { g.profile = "prod" }, `no profile "prod" (from --profile)`},
		{"an unknown profile of the environment", func(g *given) { g.envProfile = "prod" }, `no profile "prod" (from $LITELLM_PROXY_PROFILE)`},
		{"an empty profile", func(g *given) { g.profile = "" }, `no profile ""`},
		{"an empty key", func(g *given) { g.key = "" }, "--api-key is empty"},
		{"an empty address", func(g *given) { g.url = "" }, "the address from --base-url"},
		{"another scheme", func(g *given) { g.url = "ftp://a" }, "must start with http:// or https://"},
		{"no scheme", func(g *given) { g.envURL = "a.example:4000" }, "the address from $LITELLM_PROXY_URL"},
		{"a broken address of the environment", func(g *given) { g.envURL, g.key = "nonsense", "k1" }, "the address from $LITELLM_PROXY_URL"},
		{"no host", func(g *given) { g.url = "http:///x" }, "has no host"},
		{"a port alone", func(g *given) { g.url = "http://:4000" }, "has no host"},
		{"a query", func(g *given) { g.url = "http://a/?x=1" }, "a query or a fragment"},
		{"an empty query", func(g *given) { g.url = "http://a/?" }, "a query or a fragment"},
		{"a fragment", func(g *given) { g.url = "http://a/#x" }, "a query or a fragment"},
		{"a password", func(g *given) { g.url = "http://ada:hunter22@a" }, "a user name or password"},
		{"a password in a broken address", func(g *given) { g.url = "http://ada:hunter22 @a" }, "it is no URL like"},
		{"a port that is none", func(g *given) { g.url = "http://ada:hunter22" }, "it is no URL like"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := none
			c.change(&g)
			_, err := Resolve(g.resolve())
			if problem.CodeOf(err) != problem.Usage || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("%d %v, want %q", problem.CodeOf(err), err, c.want)
			}
			if strings.Contains(err.Error(), "hunter22") {
				t.Errorf("the password is repeated: %v", err)
			}
		})
	}
}

// FuzzResolve gives any texts as names of a gateway. A key may only go to the origin of its own layer, or of the next
// one that has an address.
func FuzzResolve(f *testing.F) {
	f.Add("http://a", "k1", "-", "http://b", "k2", "-")
	f.Add("-", "k1", "sandbox", "b", "-", "sandbox")
	f.Add("https://A.example:443/", "-", "-", "https://a.example", "k2", "-")
	f.Add("http://localhost:4000", "-", "-", "-", "k2", "sandbox")
	f.Add("http://[::1]", "-", "-", "http://[::1]:80/x", "k2", "x")
	f.Fuzz(func(t *testing.T, url, key, profile, envURL, envKey, envProfile string) {
		in := given{url, key, profile, envURL, envKey, envProfile}
		g, err := Resolve(in.resolve())
		if err != nil {
			if problem.CodeOf(err) != problem.Usage {
				t.Fatalf("%+v: code %d, %v", in, problem.CodeOf(err), err)
			}
			return
		}
		if g.KeyFrom != "$LITELLM_PROXY_API_KEY" {
			return // the line's key goes to what the line, or else the next layer, names
		}
		owner := in.getenv("LITELLM_PROXY_URL")
		if owner == "" && in.getenv("LITELLM_PROXY_PROFILE") == "" {
			owner = Default
		}
		switch {
		case owner == "" && (g.Profile == "" || g.URLFrom != "$LITELLM_PROXY_PROFILE"):
			t.Fatalf("%+v: the environment's key, which is its profile's, goes to %+v", in, g)
		case owner != "" && (g.Profile != "" || Origin(strings.TrimSpace(owner)) != Origin(g.URL)):
			t.Fatalf("%+v: the environment's key, which is for %s, goes to %+v", in, owner, g)
		}
	})
}
