package app

import (
	"fmt"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/doctor"
	"github.com/litellm-proxy/litellm-proxy/core/term"
)

// narrow is the width below which an area has a line of its own.
const narrow = 60

// drawn is the findings for a terminal: the area once, a mark, the text, and below it what to do.
func drawn(all []doctor.Finding, width int, colour bool) string {
	left := 0
	for _, f := range all {
		left = max(left, len(f.Area))
	}
	marks := map[doctor.Level]string{doctor.OK: "✓", doctor.Warn: "!", doctor.Bad: "✗"}
	if colour {
		marks = map[doctor.Level]string{doctor.OK: "\x1b[32m✓\x1b[0m", doctor.Warn: "\x1b[33m!\x1b[0m", doctor.Bad: "\x1b[31m✗\x1b[0m"}
	}
	indent := strings.Repeat(" ", left+4)
	if width < narrow {
		indent = "  "
	}
	var b strings.Builder
	area := ""
	for _, f := range all {
		name := ""
		if f.Area != area {
			area, name = f.Area, f.Area
		}
		switch {
		case width >= narrow:
			fmt.Fprintf(&b, "%-*s  %s ", left, name, marks[f.Level])
		case name != "":
			fmt.Fprintf(&b, "%s\n%s ", name, marks[f.Level])
		default:
			b.WriteString(marks[f.Level] + " ")
		}
		write := func(text, indent string) {
			b.WriteString(term.Wrap(term.VisibleLine(text), width, indent) + "\n")
		}
		write(f.Text, indent)
		if f.Hint != "" {
			b.WriteString(indent + "→ ")
			write(f.Hint, indent+"  ")
		}
	}
	return b.String()
}
