package job

import "encoding/json"

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

// outcomeOf is the strongest "result" of a step's records: {"result": …}, a list of such, or either as {"records": …}.
func outcomeOf(result []byte) string {
	var top struct {
		Result  json.RawMessage `json:"result"`
		Records json.RawMessage `json:"records"`
	}
	var list []json.RawMessage
	best := ""
	switch {
	case json.Unmarshal(result, &list) == nil:
	case json.Unmarshal(result, &top) != nil:
		return ""
	case top.Records != nil && json.Unmarshal(top.Records, &list) == nil:
	case top.Records != nil:
		return outcomeOf(top.Records)
	default:
		_ = json.Unmarshal(top.Result, &best) // what is no text is no outcome
		if len(best) > longestOutcome {
			return ""
		}
		return best
	}
	for _, one := range list {
		if word := outcomeOf(one); effectOf(word) > effectOf(best) || best == "" {
			best = word
		}
	}
	return best
}
