package record

import (
	"slices"
	"strings"
	"time"
)

// missing stands in tables for what is null or absent.
const missing = "–"

// narrowest is the width below which no column is cut.
const narrowest = 5

// table prints records as rows below a header, two spaces between columns. It holds all of them until the end.
//
// go-pretty draws such tables but cannot fit one to a width by cutting the widest columns, which is most of this file.
type table struct {
	text
	columns columns
	wide    bool

	chosen []Column
	rows   [][]string
}

func (t *table) put(record []byte) error {
	if t.chosen == nil {
		chosen, err := t.columns.at(record)
		if err != nil {
			return err
		}
		t.chosen = chosen
	}
	values, err := row(record, t.chosen, t.columns.o.found)
	if err != nil {
		return err
	}
	cells := make([]string, len(values))
	for i, v := range values {
		switch kind := t.chosen[i].Kind; {
		case kind == Ago:
			cells[i], err = t.shownCell(v, Text, nil)
			cells[i] = ago(cells[i], time.Now())
		case kind == Hash && t.terminal && !t.wide:
			cells[i], err = t.shownCell(v, Text, nil)
			cells[i] = shortHash(cells[i])
		default:
			cells[i], err = t.shownCell(v, kind, t.columns.o.Location)
		}
		if err != nil {
			return err
		}
	}
	t.rows = append(t.rows, cells)
	return nil
}

func (t *table) end() error {
	if t.chosen == nil {
		t.chosen = t.columns.before()
	}
	if t.chosen == nil {
		return nil
	}
	titles := make([]string, len(t.chosen))
	widths := make([]int, len(t.chosen))
	for i, c := range t.chosen {
		if !t.columns.o.NoHeaders {
			titles[i] = t.cell(c.title())
			widths[i] = width(titles[i])
		}
		for _, r := range t.rows {
			widths[i] = max(widths[i], width(r[i]))
		}
	}
	if t.terminal && !t.wide && t.columns.o.Width > 0 {
		t.fit(widths, t.columns.o.Width-2*(len(widths)-1))
	}
	if !t.columns.o.NoHeaders {
		t.header(titles, widths)
	}
	for _, r := range t.rows {
		t.line(r, widths)
		t.str("\n")
		if err := t.border(); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) header(titles []string, widths []int) {
	if t.columns.o.Color {
		t.str("\x1b[1m")
		defer t.str("\x1b[0m\n")
	} else {
		defer t.str("\n")
	}
	t.line(titles, widths)
}

// line writes cells, each cut or filled to its column's width; nothing follows the last.
func (t *table) line(cells []string, widths []int) {
	for i, cell := range cells {
		if i > 0 {
			t.str("  ")
		}
		w := width(cell)
		if w > widths[i] {
			cell, w = cut(cell, widths[i])
		}
		space := strings.Repeat(" ", widths[i]-w)
		switch {
		case t.chosen[i].Kind >= Dollars:
			t.str(space)
			t.str(cell)
		case i == len(cells)-1:
			t.str(cell)
		default:
			t.str(cell)
			t.str(space)
		}
	}
}

// fit lowers the largest of widths until their sum is at most total, or none is above narrowest. A hash is not cut: what is
// shown of it is the least that names something; nor is a column that is Whole.
func (t *table) fit(widths []int, total int) {
	free := make([]int, 0, len(widths)) // columns that may be cut
	for i, w := range widths {
		if t.chosen[i].Kind == Hash || t.chosen[i].Whole {
			total -= w
		} else {
			free = append(free, i)
		}
	}
	sum := 0
	for _, i := range free {
		sum += widths[i]
	}
	for sum > total {
		widest := 0
		for _, i := range free {
			widest = max(widest, widths[i])
		}
		if widest <= narrowest {
			return
		}
		for _, i := range slices.Backward(free) {
			if sum > total && widths[i] == widest {
				widths[i]--
				sum--
			}
		}
	}
}

// sheet prints a record as lines of a name and a value, none of them cut.
type sheet struct {
	text
	columns columns
}

func (s *sheet) put(record []byte) error {
	chosen, err := s.columns.at(record)
	if err != nil {
		return err
	}
	values, err := row(record, chosen, s.columns.o.found)
	if err != nil {
		return err
	}
	names, widest := make([]string, len(chosen)), 0
	for i, c := range chosen {
		names[i] = s.cell(c.Name)
		widest = max(widest, width(names[i]))
	}
	for i, v := range values {
		cell, err := s.shownCell(v, chosen[i].Kind, s.columns.o.Location)
		if err != nil {
			return err
		}
		if !s.columns.o.NoHeaders {
			s.str(names[i])
			s.str(strings.Repeat(" ", widest-width(names[i])+2))
		}
		s.str(cell)
		s.str("\n")
	}
	return nil
}

func (s *sheet) end() error { return nil }
