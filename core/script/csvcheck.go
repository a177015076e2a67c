package script

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// shownFaults is how many wrong lines are told.
const shownFaults = 20

func (t *table) checkOnce(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.checked {
		return nil
	}
	err := t.check(ctx)
	t.checked = err == nil
	return err
}

// badLine is what is wrong with a line.
type badLine struct {
	line int
	text string
}

// check reads the whole file, and tells all that is wrong with it.
func (t *table) check(ctx context.Context) error {
	var faults []badLine
	bad := 0
	fault := func(line int, format string, args ...any) {
		if bad++; bad <= shownFaults {
			faults = append(faults, badLine{line, fmt.Sprintf(format, args...)})
		}
	}
	seed := maphash.MakeSeed()
	seen := map[uint64]int{} // lines by the hash of the unique cell: a file may be large
	var page []record
	parse := func() error {
		err := t.parsed(ctx, page, func(r record, name string, err error) { fault(r.line, "%s: %s", name, err) })
		page = page[:0]
		return err
	}
	own := !slices.ContainsFunc(t.columns, func(c column) bool { return c.parse != nil })
	err := t.read(ctx, func(r record, wrong error) error {
		if wrong != nil {
			fault(r.line, "%s", wrong)
			return nil
		}
		ok := true
		for i, c := range t.columns {
			if _, _, err := c.own(r.fields[t.at[i]]); err != nil {
				ok = false
				fault(r.line, "%s: %s", t.names[i], err)
			}
		}
		if t.unique >= 0 {
			cell := strings.TrimSpace(r.fields[t.at[t.unique]])
			hash := maphash.String(seed, cell)
			if first, twice := seen[hash]; twice {
				fault(r.line, "%s: %q is in line %d, too", t.names[t.unique], shorten(cell), first)
			} else {
				seen[hash] = r.line
			}
		}
		if own || !ok {
			return nil
		}
		if page = append(page, r); len(page) < pageSize {
			return nil
		}
		return parse()
	})
	if err == nil && len(page) > 0 {
		err = parse()
	}
	if err != nil {
		return err
	}
	if bad == 0 {
		return nil
	}
	e := problem.New(problem.Usage, "cannot read %s: %s wrong", t.file.shown, are(bad)).WithState(problem.Unchanged)
	slices.SortStableFunc(faults, func(a, b badLine) int { return a.line - b.line })
	for _, f := range faults {
		e.Facts = append(e.Facts, problem.Fact{Label: fmt.Sprintf("line %d", f.line), Text: f.text})
	}
	if bad > len(faults) {
		e.Facts = append(e.Facts, problem.Fact{Label: "and", Text: fmt.Sprintf("%d more", bad-len(faults))})
	}
	return e
}

func are(n int) string {
	if n == 1 {
		return "1 cell or line is"
	}
	return fmt.Sprintf("%d cells or lines are", n)
}
