package command

import "slices"

// itself is the word that stands, in what kong reads, for a command that has others below it, such as `chat` beside `chat
// completions`: kong has no such commands, and takes a word after "--" for one too. Nobody can type it, for no argument of a
// process holds a zero byte.
const itself = "\x00"

// both reports whether the node is a command and has commands below it.
func (t *tree) both() bool { return t.runnable() && len(t.children) > 0 }

// settle puts that word behind those of such a command where it is meant: where the next word is none of the commands below
// it, or comes after "--". It returns every other line as it is. at is where the plugin's name stands.
func settle(args []string, at int, root *tree) []string {
	node, last := root, at
	for i := at + 1; i < len(args) && args[i] != "--"; i++ {
		if word := args[i]; len(word) > 1 && word[0] == '-' {
			if takesNext(word, node) {
				i++
			}
			continue
		}
		child := node.find(args[i : i+1])
		if child == nil {
			break
		}
		node, last = child, i
	}
	if !node.both() {
		return args
	}
	return slices.Insert(slices.Clone(args), last+1, itself)
}
