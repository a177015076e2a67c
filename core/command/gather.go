package command

import (
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// gather moves the arguments of a command that takes any number of them to the end of the line, behind a "--": kong
// wants them in one piece, people write flags between them. It returns every other line as it is. at is where the
// plugin's name stands.
func gather(args []string, at int, root *tree) []string {
	node, kept := root, append([]string{}, args[:at+1]...)
	var moved []string
	for i := at + 1; i < len(args); i++ {
		word := args[i]
		switch {
		case word == "--":
			moved = append(moved, args[i+1:]...)
			i = len(args)
		case len(word) > 1 && word[0] == '-':
			kept = append(kept, word)
			if takesNext(word, node) {
				if i++; i == len(args) {
					return args // kong says what is missing
				}
				kept = append(kept, args[i])
			}
		default:
			if child := node.find([]string{word}); child != nil && len(moved) == 0 {
				node, kept = child, append(kept, word)
				continue
			}
			moved = append(moved, word)
		}
	}
	arguments := node.command.GetArguments()
	if len(moved) == 0 || len(arguments) == 0 || !arguments[len(arguments)-1].GetRepeated() {
		return args
	}
	return append(append(kept, "--"), moved...)
}

// takesNext reports whether the word after a flag such as --param, -p or -yp is its value.
func takesNext(word string, node *tree) bool {
	if strings.HasPrefix(word, "--") {
		f := lookup(word, node)
		return f != nil && !isSwitch(f)
	}
	for i := 1; i < len(word); i++ {
		f := lookup("-"+word[i:i+1], node)
		if f == nil {
			return false
		}
		if !isSwitch(f) {
			return i == len(word)-1
		}
	}
	return false
}

// isSwitch reports whether a flag has no value.
func isSwitch(p *protocol.Parameter) bool {
	return p.GetKind() == protocol.Kind_KIND_BOOL && !p.GetRepeated()
}
