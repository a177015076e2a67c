package config

import (
	"strings"
	"testing"
)

// What is wrong with an address is said without what may be a secret in it.
func TestURLErrorsHoldNoSecret(t *testing.T) {
	for _, address := range []string{
		"https://h/?token=CANARY", "https://h/#CANARY", "https://ada:CANARY@h/", "https://CANARY@h/?x", "ftp://ada:CANARY@h/?token=CANARY#CANARY",
		"ada:CANARY@h", "CANARY@h", "h/?token=CANARY", "http:///x?CANARY", "http://ada:CANARY", "https://ada:CANARY@:80/", "mailto:x?CANARY",
	} {
		_, err := ParseURL(address)
		if err == nil || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := ParseURL("ftp://h/" + strings.Repeat("x", 1000)); len(err.Error()) > 300 {
		t.Error(err)
	}
	_, err := Resolve(given{"-", "-", strings.Repeat("x", 1000), "-", "-", "-"}.resolve())
	if err == nil || len(err.Error()) > 300 {
		t.Error(err)
	}
	for _, address := range []string{"http://h/a/../b", "http://h/.", ""} {
		if u, err := ParseURL(address); err == nil {
			t.Errorf("%s: %s", address, u)
		}
	}
	for address, want := range map[string]string{"http://h/": "http://h", " https://h:1/p/ ": "https://h:1/p", "http://[::1]:4000": "http://[::1]:4000", "http://h/a%2Fb/": "http://h/a%2Fb"} {
		if u, err := ParseURL(address); err != nil || u.String() != want {
			t.Errorf("%s: %v %v", address, u, err)
		}
	}
}
