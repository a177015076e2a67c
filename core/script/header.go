package script

import "strings"

// header returns the first line and the whole of the comment that a script begins with: `//` lines in a row, or one /* … */.
func header(text string) (summary, doc string) {
	text = strings.TrimPrefix(strings.ReplaceAll(text, "\r\n", "\n"), "\ufeff")
	if strings.HasPrefix(text, "//") && strings.Contains(strings.SplitN(text, "\n", 2)[0], "/env ") { // it was #!
		_, text, _ = strings.Cut(text, "\n")
	}
	text = strings.TrimLeft(text, " \t\n")
	var lines []string
	if rest, ok := strings.CutPrefix(text, "/*"); ok {
		comment, _, _ := strings.Cut(rest, "*/")
		for line := range strings.SplitSeq(strings.TrimPrefix(comment, "*"), "\n") {
			line = strings.TrimLeft(line, " \t")
			lines = append(lines, strings.TrimPrefix(strings.TrimPrefix(line, "*"), " "))
		}
	} else {
		for line := range strings.SplitSeq(text, "\n") {
			comment, ok := strings.CutPrefix(line, "//")
			if !ok {
				break
			}
			lines = append(lines, strings.TrimPrefix(comment, " "))
		}
	}
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t")
	}
	doc = strings.Trim(strings.Join(lines, "\n"), "\n")
	summary, _, _ = strings.Cut(doc, "\n")
	return strings.TrimSpace(summary), doc
}
