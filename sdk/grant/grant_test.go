package grant

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func allow(methods, path string) *protocol.Grant {
	return &protocol.Grant{Methods: strings.Split(methods, ","), Path: path}
}

// TestCheck has a row for each grant: what it allows, and what looks like it and is refused.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		grant            *protocol.Grant
		allowed, refused string
	}{
		{allow("GET", "/key/list"),
			"GET /key/list,GET /k%65y/list",
			"POST /key/list,get /key/list,GET /key/list/,GET /key,GET /,GET key/list,GET //key/list,GET /key//list,GET /key%2Flist,GET /key%2flist,GET /key%252Flist,GET /key%5Clist,GET /key\\list,GET /Key/list"},
		{allow("GET,PATCH", "/team/{id}"),
			"GET /team/eng,PATCH /team/a%20b,GET /team/%65ng,GET /team/a.b,GET /team/...,GET /team/a:b@c;d,GET /team/é,GET /team/%C3%A9",
			"POST /team/eng,GET /team/,GET /team,GET /team/a/b,GET /team/.,GET /team/..,GET /team/%2e%2e,GET /team/.%2E,GET /team/a%2Fb,GET /team/a%5cb,GET /team/a%25b,GET /team/a%00,GET /team/a%0d%0ab,GET /team/a b,GET /team/%,GET /team/%zz,GET /team/..;x"},
		{allow("POST", "/a/{b}/c"), "POST /a/b/c", "POST /a/b/d,POST /a//c,POST /a/b/c/d"},
		{allow("*", "/openai/{rest…}"),
			"GET /openai/v1,DELETE /openai/,POST /openai/v1/chat,GET /openai/a%2Fb,GET /openai/a//b,GET /openai/a%25b",
			"GET /openai,GET /openai%2Fv1,GET /openai/../key,GET /openai/%2e%2e/key,GET /openai/a%2F..%2F..%2Fkey,GET /openai/%252e%252e/key,GET /openai/..%5ckey,GET /openaix/v1,CONNECT /openai/v1,TRACE /openai/v1"},
		{allow("GET", "/x/{y}/{z...}"), "GET /x/1/2,GET /x/1/2/3", "GET /x/1,GET /x//3,GET /x/1%2F2/3"},
		{allow("*", "/{all…}"), "GET /,GET /key/list,POST /x//y", "GET //key/list,GET http://other/x,GET /x?y=1,GET /x#y,GET /x\r\ny,GET "},
		// Patterns that are none allow nothing.
		{allow("GET", "no/slash"), "", "GET no/slash,GET /no/slash"},
		{allow("GET", "/bad/{rest…}/more"), "", "GET /bad/1/more"},
		{allow("GET", "/empty/{}"), "", "GET /empty/x"},
		{allow("GET", ""), "", "GET /,GET "},
		{allow("", "/x"), "", "GET /x"},
	} {
		grants := []*protocol.Grant{c.grant}
		for _, line := range split(c.allowed) {
			method, path, _ := strings.Cut(line, " ")
			if err := Check(grants, method, path); err != nil {
				t.Errorf("%s refuses %q: %v", c.grant.GetPath(), line, err)
			}
		}
		for _, line := range split(c.refused) {
			method, path, _ := strings.Cut(line, " ")
			if err := Check(grants, method, path); err == nil {
				t.Errorf("%s allows %q", c.grant.GetPath(), line)
			}
		}
	}
}

func split(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

// One grant of several is enough; none allows nothing.
func TestCheckAny(t *testing.T) {
	grants := []*protocol.Grant{allow("GET", "/a"), allow("POST", "/b")}
	for line, want := range map[string]bool{"GET /a": true, "POST /b": true, "POST /a": false, "GET /b": false} {
		method, path, _ := strings.Cut(line, " ")
		if got := Check(grants, method, path) == nil; got != want {
			t.Errorf("%s: %v", line, got)
		}
		if Check(nil, method, path) == nil {
			t.Errorf("%s is allowed without a grant", line)
		}
	}
}

// The reason is the one that helps: what is wrong with the path comes before what is missing among the grants.
func TestReasons(t *testing.T) {
	grants := []*protocol.Grant{allow("GET", "/team/{id}")}
	for path, want := range map[string]string{
		"/team/a%2Fb": "an encoded slash", "/team/a%25b": "an encoded percent sign", "/team/..": "a dot segment", "/team//": "an empty segment",
		"/team/a?b": "a query or fragment", "//host/x": "another host", "team": "begins with a slash", "/user/x": "not among its grants",
	} {
		if err := Check(grants, "GET", path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}

func TestDecode(t *testing.T) {
	for path, want := range map[string]string{"/a%20b/%C3%A9": "/a b/é", "/key%2Flist": "/key/list", "/a/..": "/a/..", "x": "x", "/%zz": "/%zz"} {
		if got := Decode(path); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}

// FuzzCheck holds that what is allowed by {name} patterns is what arrives: decoded once, with net/http in between, it
// has as many segments as it had, none of them empty, a dot, or able to become a separator later on.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{"/key/list", "/key%2Flist", "/team/..", "/team/%2e%2e", "//evil/x", "/team/a%25b", "/team/é", "/a;b/c", "/team/a%C3%A9", "/%ff/a", "/files/a%2F..%2Fb", "/files//"} {
		f.Add("GET", s)
	}
	named := []*protocol.Grant{allow("*", "/{a}"), allow("*", "/{a}/{b}"), allow("*", "/{a}/{b}/{c}")}
	rest := []*protocol.Grant{allow("*", "/files/{rest…}")}
	f.Fuzz(func(t *testing.T, method, path string) {
		if Valid(method, path) != nil && (Check(named, method, path) == nil || Check(rest, method, path) == nil) {
			t.Fatalf("%q %q is allowed and not valid", method, path)
		}
		if Check(named, method, path) == nil {
			arrives(t, method, path)
		}
		if Check(rest, method, path) == nil {
			stays(t, path)
		}
	})
}

func arrives(t *testing.T, method, path string) {
	decoded, err := url.PathUnescape(path)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(decoded, "/")
	if len(parts) != strings.Count(path, "/")+1 || parts[0] != "" || Decode(path) != decoded {
		t.Fatalf("%q has other segments decoded", path)
	}
	for _, s := range parts[1:] {
		if s == "" || s == "." || s == ".." || strings.ContainsAny(s, "\\%") || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Fatalf("%q in %q", s, path)
		}
	}
	u, err := url.Parse("http://gateway" + path)
	if err != nil {
		return // it is not sent at all
	}
	if u.Host != "gateway" || u.Path != decoded || u.RawQuery != "" || u.Fragment != "" {
		t.Fatalf("%q would be sent as %#v", path, u)
	}
	if _, err := http.NewRequest(method, u.String(), nil); err != nil {
		t.Fatal(err)
	}
}

// stays holds that a path below a prefix cannot leave it, however often it is decoded.
func stays(t *testing.T, path string) {
	if !strings.HasPrefix(Decode(path), "/files/") {
		t.Fatalf("%q is not below /files/", path)
	}
	for s := path; ; {
		for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '\\' }) {
			if part == ".." {
				t.Fatalf("%q climbs", path)
			}
		}
		d, err := url.PathUnescape(s)
		if err != nil || d == s {
			return
		}
		s = d
	}
}
