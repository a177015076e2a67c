package transport

import (
	"fmt"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Grant allows methods on the paths that a pattern names.
type Grant struct {
	Methods []string // "*": any
	Path    string   // segments; {name} is any one, and {name…} or {name...}, last, the rest
}

// Policy is what one command of a plugin may ask for.
type Policy struct {
	Plugin string
	Effect Effect
	Grants []Grant
	DryRun bool
}

// Verdict says what becomes of a request that is allowed.
type Verdict int

// The verdicts.
const (
	Send Verdict = iota
	Hold         // a dry run: to be shown, not sent
)

// Check returns what becomes of a request; an error (*problem.Error, code Plugin) if the plugin may not make it.
//
// The path is decoded once and compared segment by segment, since the gateway routes /key%2Flist as /key/list (observed
// on LiteLLM 1.106.2). So encoded slashes, backslashes and percent signs, dot segments and empty ones are refused, but
// for the first three and the last where the pattern ends in {rest…}.
func (p Policy) Check(r Request) (Verdict, error) {
	if why := badMethod(r.Method); why != "" {
		return Send, p.refuse(r, why)
	}
	path, why := splitPath(r.Path)
	if why == "" {
		why = badQuery(r.Query)
	}
	if why == "" {
		why = badHeader(r.Header)
	}
	if why != "" {
		return Send, p.refuse(r, why)
	}
	if !slices.ContainsFunc(p.Grants, func(g Grant) bool { return g.allows(r.Method, path) }) {
		if path.unclean != "" {
			return Send, p.refuse(r, path.unclean)
		}
		return Send, p.refuse(r, "that is not among its grants")
	}
	decoded := "/" + strings.Join(path.decoded, "/")
	write, spending := IsWrite(r.Method, decoded), IsSpending(r.Method, decoded)
	if p.Effect == Read && write && !spending {
		return Send, p.refuse(r, "the command is declared as one that only reads")
	}
	if p.DryRun && (write || spending) {
		return Hold, nil
	}
	return Send, nil
}

func (p Policy) refuse(r Request, why string) *problem.Error {
	e := problem.New(problem.Plugin, "plugin %s asked for %s %s, which is refused: %s", p.Plugin, oneLine(r.Method, 20), oneLine(r.Path, 200), why)
	e.Hint = fmt.Sprintf("what it may ask for: litellm-proxy plugin info %s", p.Plugin)
	return e
}

func (g Grant) allows(method string, path *path) bool {
	return slices.ContainsFunc(g.Methods, func(m string) bool { return m == "*" || m == method }) && g.matches(path)
}

func (g Grant) matches(path *path) bool {
	pattern, ok := strings.CutPrefix(g.Path, "/")
	if !ok {
		return false
	}
	want := strings.Split(pattern, "/")
	rest := isRest(want[len(want)-1])
	if rest {
		want = want[:len(want)-1]
		if len(path.decoded) <= len(want) {
			return false
		}
	} else if path.unclean != "" || len(path.decoded) != len(want) {
		return false
	}
	for i, w := range want {
		if unclean(path.raw[i], path.decoded[i]) != "" {
			return false
		}
		if w != path.decoded[i] && !isName(w) {
			return false
		}
	}
	return true
}

// isName says whether a segment of a pattern is {name}.
func isName(s string) bool {
	return len(s) > 2 && s[0] == '{' && s[len(s)-1] == '}' && !isRest(s)
}

// isRest says whether a segment of a pattern is {name…} or {name...}.
func isRest(s string) bool {
	return strings.HasPrefix(s, "{") && (strings.HasSuffix(s, "…}") || strings.HasSuffix(s, "...}"))
}
