package command

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// An error repeats at most so many characters of a word, and has at most so many in all.
const longestEcho, longestFault = 200, 300

// usage returns the error of a line that kong does not understand: code 2, what was attempted, where to read on. What is
// wrong with the value of a flag is said in our own words, and the value not repeated where it may be a secret.
func usage(err error, words string, args []string, roots []*tree) error {
	var root *tree
	if len(roots) == 1 {
		root = roots[0]
	}
	text := reword(err.Error())
	if own := misused(args, root); own != nil {
		text = own.Error()
	}
	text = cut(text, longestFault)
	if words == "" {
		return problem.New(problem.Usage, "cannot read the command line: %s", text).WithHint("litellm-proxy --help")
	}
	return problem.New(problem.Usage, "cannot run %s: %s", words, text).WithHint("litellm-proxy %s --help", words)
}

var parameter = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`"?<([A-Za-z0-9_-]+)>(?: \.\.\.)?"?`) })

// reword puts what kong says in its own terms into those of somebody who types. kong has no types for these errors.
func reword(text string) string {
	if rest, ok := strings.CutPrefix(text, "unexpected argument "); ok && (rest == "" || rest[0] == ',') {
		return "an empty argument is not expected here"
	}
	for _, prefix := range []string{`expected "<`, "missing positional arguments "} {
		if strings.HasPrefix(text, prefix) {
			return "missing: " + strings.Join(parameters(text), " ")
		}
	}
	return text
}

// parameters returns the names of the parameters in one of kong's texts, as the help writes them.
func parameters(text string) []string {
	var out []string
	for _, m := range parameter().FindAllStringSubmatch(text, -1) {
		out = append(out, strings.ToUpper(m[1]))
	}
	return out
}

// misused returns what is wrong with the first flag of a line that lacks its value, or that is a switch and has one; nil
// if there is none.
func misused(args []string, root *tree) error {
	var node *tree
	for i := 0; i < len(args); i++ {
		word := args[i]
		if word == "--" {
			return nil
		}
		if len(word) < 2 || word[0] != '-' {
			node = enter(node, root, word)
			continue
		}
		f, value, joined := flagOf(word, node)
		switch {
		case f == nil || joined && !isSwitch(f):
		case isSwitch(f):
			if joined && !slices.Contains([]string{"true", "1", "yes", "false", "0", "no"}, strings.ToLower(value)) {
				return fmt.Errorf("--%s: it takes true or false, not %s", f.GetName(), shown(f, value))
			}
		case i+1 == len(args) || args[i+1] == "--":
			return fmt.Errorf("--%s: its value is missing", f.GetName())
		case len(args[i+1]) > 1 && args[i+1][0] == '-' && !f.GetRepeated():
			return looksLikeFlag(f, args[i+1])
		default:
			i++
		}
	}
	return nil
}

// enter returns the node that a word leads to, from none to the root and on to its commands; node itself if to none.
func enter(node, root *tree, word string) *tree {
	switch {
	case root == nil:
	case node == nil && word == root.word:
		return root
	case node != nil:
		if child := node.find([]string{word}); child != nil {
			return child
		}
	}
	return node
}

// flagOf returns the flag that a word such as --note, --note=x, -n, -nx or -yn ends with, and the value that is joined
// to it; nil for one that is not known.
func flagOf(word string, node *tree) (f *protocol.Parameter, value string, joined bool) {
	if strings.HasPrefix(word, "--") {
		name, value, joined := strings.Cut(word, "=")
		return lookup(name, node), value, joined
	}
	for i := 1; i < len(word); i++ {
		if f = lookup("-"+word[i:i+1], node); f == nil {
			return nil, "", false
		}
		if !isSwitch(f) {
			return f, word[i+1:], i+1 < len(word)
		}
	}
	return f, "", false
}

// looksLikeFlag returns the error of a value that begins with a dash.
func looksLikeFlag(f *protocol.Parameter, value string) error {
	if sensitive(f) {
		return fmt.Errorf("--%s: it needs a value, and what follows looks like a flag; to give it that value write --%s=…", f.GetName(), f.GetName())
	}
	value = strconv.Quote(cut(value, longestEcho/2))
	return fmt.Errorf("--%s: it needs a value, and %s looks like a flag; to give it that value write --%s=%s", f.GetName(), value, f.GetName(), value)
}

// enumerated returns an error for a value that is not among its parameter's; label names the parameter.
func enumerated(p *protocol.Parameter, label, text string) error {
	if len(p.GetEnum()) == 0 || slices.Contains(p.GetEnum(), text) {
		return nil
	}
	all := strings.Join(p.GetEnum(), ", ")
	if sensitive(p) {
		return errors.New(label + " must be one of " + all)
	}
	return fmt.Errorf("%s must be one of %s, not %s", label, all, shown(p, text))
}

// sensitive says whether a parameter's value may be a secret. Of the globals --api-key is one, and an address may hold one.
func sensitive(p *protocol.Parameter) bool {
	return p.GetSensitive() || p.GetName() == "api-key" || p.GetName() == "base-url"
}

// cut shortens a text to n characters.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
