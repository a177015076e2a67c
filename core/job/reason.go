package job

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// shortestOwn is the least bytes of an item's text that are looked for in a message: shorter ones are in all of them.
const shortestOwn = 3

// reasonOf is a failure without what is this item's alone, so that those of one reason are found together: "cannot generate key
// …/default: the alias is in use".
func (i *Item) reasonOf(e *problem.Error) string {
	if e == nil {
		return ""
	}
	own := []string{i.Key}
	var data any
	if json.Unmarshal(i.Data, &data) == nil {
		for _, text := range texts(nil, data, 2) {
			// A plain word such as "user" or "eng" is not this item's alone.
			if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
				own = append(own, text)
			}
		}
	}
	// The longest first: "ada@example.com" before "ada".
	slices.SortFunc(own, func(a, b string) int { return len(b) - len(a) })
	text := messageOf(e)
	for _, o := range own {
		if len(o) >= shortestOwn {
			text = replaceWord(text, o)
		}
	}
	return hideIDs(text)
}

// replaceWord puts an ellipsis in the places of a word that is no part of a longer one.
func replaceWord(text, word string) string {
	var b strings.Builder
	for {
		n := strings.Index(text, word)
		if n < 0 {
			return b.String() + text
		}
		before, _ := utf8.DecodeLastRuneInString(text[:n])
		after, _ := utf8.DecodeRuneInString(text[n+len(word):])
		b.WriteString(text[:n])
		if inWord(before) || inWord(after) {
			b.WriteString(word)
		} else {
			b.WriteString("…")
		}
		text = text[n+len(word):]
	}
}

func inWord(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// messageOf is a failure in one line.
func messageOf(e *problem.Error) string {
	if e.Said == "" {
		return e.Message
	}
	return e.Message + " · " + e.Said
}

// texts adds the texts of a value, some levels deep.
func texts(to []string, value any, depth int) []string {
	switch v := value.(type) {
	case string:
		return append(to, v)
	case map[string]any:
		if depth > 0 {
			for _, inner := range v {
				to = texts(to, inner, depth-1)
			}
		}
	case []any:
		if depth > 0 {
			for _, inner := range v {
				to = texts(to, inner, depth-1)
			}
		}
	}
	return to
}

// shortestID is the least hexadecimal digits and dashes that are taken for the id of a thing.
const shortestID = 12

// hideIDs replaces hashes and UUIDs.
func hideIDs(text string) string {
	var b strings.Builder
	for text != "" {
		n := strings.IndexFunc(text, isID)
		if n < 0 {
			break
		}
		b.WriteString(text[:n])
		text = text[n:]
		length := strings.IndexFunc(text, func(r rune) bool { return !isID(r) })
		if length < 0 {
			length = len(text)
		}
		if word := text[:length]; length >= shortestID && strings.ContainsAny(word, "0123456789") {
			b.WriteString("…")
		} else {
			b.WriteString(word)
		}
		text = text[length:]
	}
	return b.String() + text
}

func isID(r rune) bool { return r >= '0' && r <= '9' || r >= 'a' && r <= 'f' || r == '-' }
