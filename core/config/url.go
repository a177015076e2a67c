package config

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// longestEcho is how many characters of somebody's own words an error repeats.
const longestEcho = 200

// ParseURL checks a gateway's address, http(s)://host[:port][/path], and returns it without the slash at its end. An
// error repeats nothing that may be a secret: no user name, password, query or fragment.
func ParseURL(address string) (*url.URL, error) {
	address = strings.TrimSpace(address)
	u, err := url.Parse(address)
	if err != nil || address == "" { // the reason would repeat parts of the text, which may hold a password
		return nil, errors.New("it is no URL like https://llm.example.com or http://localhost:4000")
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%s must start with http:// or https://", shown(u))
	case u.Host == "" || u.Hostname() == "":
		return nil, fmt.Errorf("%s has no host", shown(u))
	case u.User != nil:
		return nil, errors.New("it holds a user name or password; give the key with LITELLM_PROXY_API_KEY")
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(address, "#"):
		return nil, fmt.Errorf("%s has a query or a fragment", shown(u))
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if segment == "." || segment == ".." {
			return nil, fmt.Errorf("%s has . or .. in its path", shown(u))
		}
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	return u, nil
}

// shown is an address as an error may repeat it: scheme, host and path, quoted.
func shown(u *url.URL) string {
	plain := url.URL{Scheme: u.Scheme, Opaque: u.Opaque, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	if strings.Contains(u.Opaque+u.Path, "@") { // what stands before it may be a password
		return "it"
	}
	return fmt.Sprintf("%q", short(plain.String()))
}

// short cuts what an error repeats.
func short(s string) string {
	if r := []rune(s); len(r) > longestEcho {
		return string(r[:longestEcho-1]) + "…"
	}
	return s
}
