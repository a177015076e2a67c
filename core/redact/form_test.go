package redact

import "testing"

// A secret of letters, digits and the like has one spelling in all of the languages.
func TestSpellingsOfWhatNeedsNoEscape(t *testing.T) {
	for _, secret := range []string{"sk-Az09_.~-x", "%", "a b", "a/b", "é", `a"b`, "a+b", "\x00"} {
		all := map[string]bool{secret: true}
		for _, s := range []string{component(secret), lowerHex(component(secret)), jsonEscape(secret, true, true)} {
			all[s] = true
		}
		got := map[string]bool{}
		for _, s := range spellings(secret) {
			got[s] = true
		}
		for s := range all {
			if !got[s] {
				t.Errorf("%q: %q is missing", secret, s)
			}
		}
		if secret == "sk-Az09_.~-x" && (len(all) > 1 || len(got) > 1) {
			t.Errorf("%q has %d spellings", secret, len(got))
		}
	}
}
