package term

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// Wrap breaks a text at spaces, so that no line is wider than width columns where that can be helped; lines after the first
// begin with indent, which counts, as if the first one had begun there too. Lines that begin with a space stay as they are: they are laid out, or to be copied whole.
func Wrap(text string, width int, indent string) string {
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		if strings.HasPrefix(line, " ") {
			b.WriteString(line)
			continue
		}
		at := runewidth.StringWidth(indent)
		for j, word := range strings.Split(line, " ") {
			w := runewidth.StringWidth(word)
			switch {
			case j == 0:
			case at+1+w > width:
				b.WriteString("\n" + indent)
				at = runewidth.StringWidth(indent)
			default:
				b.WriteByte(' ')
				at++
			}
			b.WriteString(word)
			at += w
		}
	}
	return b.String()
}
