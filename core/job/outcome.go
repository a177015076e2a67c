package job

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// Effects of a write, the stronger the higher.
const (
	effectNone = iota
	effectExisted
	effectChanged
	effectCreated
)

// effectOf is the effect that a command's "result" names.
func effectOf(outcome string) int {
	switch outcome {
	case "", "planned":
		return effectNone
	case "exists", "unchanged", "not_found":
		return effectExisted
	case "created":
		return effectCreated
	}
	return effectChanged // updated, deleted, and what plugins call it
}

// longestOutcome is the most bytes of a word that is counted: another text is no outcome.
const longestOutcome = 32

// outcomeOf is the strongest "result" of a step's records: {"result": …}, a list of such, or either as {"records": …}. It is
// empty for what is no JSON.
func outcomeOf(result []byte) string {
	d := jsontext.NewDecoder(bytes.NewBuffer(result), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	best, err := outcomeIn(d)
	if err != nil {
		return ""
	}
	return best
}

// outcomeIn reads one value.
func outcomeIn(d *jsontext.Decoder) (best string, err error) {
	switch d.PeekKind() {
	case '{':
		return outcomeOfObject(d)
	case '[':
	default:
		return "", d.SkipValue()
	}
	_, err = d.ReadToken()
	for err == nil && d.PeekKind() != ']' {
		var word string
		if word, err = outcomeIn(d); effectOf(word) > effectOf(best) || best == "" {
			best = word
		}
	}
	if err == nil {
		_, err = d.ReadToken()
	}
	return best, err
}

// outcomeOfObject reads an object, whose records, if it has them, say what came of it.
func outcomeOfObject(d *jsontext.Decoder) (best string, err error) {
	_, err = d.ReadToken()
	records := false
	for err == nil && d.PeekKind() != '}' {
		var name jsontext.Token
		if name, err = d.ReadToken(); err != nil {
			break
		}
		switch member := name.String(); {
		case member == "records":
			records = true
			best, err = outcomeIn(d)
		case member == "result" && !records && d.PeekKind() == '"':
			var word jsontext.Token
			if word, err = d.ReadToken(); err == nil && len(word.String()) <= longestOutcome {
				best = word.String()
			}
		default: // what is no text is no outcome
			err = d.SkipValue()
		}
	}
	if err == nil {
		_, err = d.ReadToken()
	}
	return best, err
}
