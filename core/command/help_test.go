package command

import (
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// The texts of the built-in commands are golden files beside the program's tests; these are the rules they follow.
func TestHelp(t *testing.T) {
	for _, c := range []struct{ words, want string }{
		{"acme dollar", "Costs ${price}."},
		{"acme dollar", "--template=${FILE}"},
		{"acme dollar", "Fill ${name}. (default ${HOME} $${x} ${)"},
		{"acme echo", "Usage: litellm-proxy acme echo [TEXT…] [FLAG…]"},
		{"acme say", "Usage: litellm-proxy acme echo"},
		{"acme echo", "--[no-]active"},
		{"acme echo", "--models=TEXT,…"},
		{"acme need", "Usage: litellm-proxy acme need MODEL --team=TEXT [FLAG…]"},
		{"acme members", "Members of a team."},
		{"acme members", "litellm-proxy acme members COMMAND --help"},
		{"acme", "Try the grammar."},
		{"", "Try the grammar\n"},
	} {
		text, err := Help(words(c.words), shelf{acme()}, 80)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text, c.want) {
			t.Errorf("help for %q has no %q:\n%s", c.words, c.want, text)
		}
	}
	for _, unknown := range []string{"bogus", "acme bogus", "acme list bogus"} {
		if _, err := Help(words(unknown), shelf{acme()}, 80); problem.CodeOf(err) != problem.Usage {
			t.Errorf("help for %q: %v", unknown, err)
		}
	}
}

// Help fits the screen, within reason: narrower than 40 columns and wider than 100 it stays as it is there.
func TestHelpWidth(t *testing.T) {
	for _, width := range []int{-1, 0, 40, 60, 80, 100, 500} {
		text, err := Help([]string{"acme", "echo"}, shelf{acme()}, width)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(text) {
			if n := len([]rune(strings.TrimSpace(line))); n > max(width, 80) {
				t.Errorf("at %d: %d columns: %s", width, n, line)
			}
		}
	}
}
