package types

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Camel spells a plugin's or a command's name as scripts do: assign-key is assignKey.
func Camel(name string) string {
	first, rest, _ := strings.Cut(name, "-")
	return first + Pascal(rest)
}

// Pascal is Camel with a capital first letter.
func Pascal(name string) string {
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '-' || r == '_' || r == ' ' }) {
		first := []rune(word)
		first[0] = unicode.ToUpper(first[0])
		b.WriteString(string(first))
	}
	return b.String()
}

// Snake spells the name of a flag or an argument as scripts do: key-alias is key_alias.
func Snake(name string) string { return strings.ReplaceAll(name, "-", "_") }

// Flag spells a script's own argument as the command line does: max_age is max-age.
func Flag(name string) string { return strings.ReplaceAll(name, "_", "-") }

// singular is good enough for the names of types.
func singular(name string) string {
	switch {
	case strings.HasSuffix(name, "ies") && len(name) > 4:
		return name[:len(name)-3] + "y"
	case strings.HasSuffix(name, "ss"), !strings.HasSuffix(name, "s"), len(name) < 3:
		return name
	}
	return name[:len(name)-1]
}

var identifierPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*$`) })

func identifier(name string) bool { return identifierPattern().MatchString(name) }

// own are the values that the runtime itself gives, of runtime.d.ts.
var own = strings.Fields("args gateway job csv output files env run ApiError NotFound Denied Ambiguous")

// keywords are the words of the language that no constant can be called.
var keywords = strings.Fields(`await break case catch class const continue debugger default delete do else enum export extends
	false finally for function if implements import in instanceof interface let new null package private protected public return
	static super switch this throw true try typeof undefined var void while with yield`)

// Reserved reports whether no plugin can be imported under a name: the runtime has it, or the language.
func Reserved(name string) bool { return slices.Contains(own, name) || slices.Contains(keywords, name) }
