package record

import "github.com/mattn/go-runewidth"

// ellipsis ends what was cut.
const ellipsis = "…"

// measure counts columns alike in every locale. Terminals draw characters of ambiguous width narrow unless told otherwise.
func measure() *runewidth.Condition { return &runewidth.Condition{StrictEmojiNeutral: true} }

// width returns how many columns of a terminal s takes.
func width(s string) int {
	for i := range len(s) {
		if s[i] >= 0x80 {
			if s == missing {
				return 1
			}
			return measure().StringWidth(s)
		}
	}
	return len(s)
}

// cut returns the start of s and an ellipsis, at most w columns wide together, and their width.
func cut(s string, w int) (string, int) {
	if w < 1 {
		return "", 0
	}
	s = measure().Truncate(s, w-1, "") + ellipsis
	return s, width(s[:len(s)-len(ellipsis)]) + 1
}
