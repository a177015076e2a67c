package record

import (
	"encoding/csv"
	"strings"
)

// delimited prints records as lines of cells, below a header of the columns' names. Cells are whole and as they came:
// no number and no time is formatted. A cell that begins with =, +, - or @ is not changed either, though a spreadsheet
// takes it for a formula: who opens a CSV of strangers' text in one must import it as text.
type delimited struct {
	text
	columns columns
	row     func(text, []string) error

	chosen []Column
}

func (d *delimited) put(record []byte) error {
	if d.chosen == nil {
		chosen, err := d.columns.at(record)
		if err != nil {
			return err
		}
		if err := d.start(chosen); err != nil {
			return err
		}
	}
	values, err := row(record, d.chosen, d.columns.o.found)
	if err != nil {
		return err
	}
	cells := make([]string, len(values))
	for i, v := range values {
		if cells[i], err = plainCell(v); err != nil {
			return err
		}
	}
	return d.row(d.text, cells)
}

func (d *delimited) start(chosen []Column) error {
	d.chosen = chosen
	if d.columns.o.NoHeaders {
		return nil
	}
	names := make([]string, len(chosen))
	for i, c := range chosen {
		names[i] = c.Name
	}
	return d.row(d.text, names)
}

func (d *delimited) end() error {
	if before := d.columns.before(); d.chosen == nil && before != nil {
		return d.start(before)
	}
	return nil
}

// tsvRow writes the cells with \t, \n, \r and \\ for what would end a cell.
func tsvRow(t text, cells []string) error {
	for i, cell := range cells {
		if i > 0 {
			t.str("\t")
		}
		if strings.ContainsAny(cell, "\\\t\n\r") {
			cell = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`).Replace(cell)
		}
		t.raw(cell)
	}
	t.str("\n")
	return nil
}

// csvRow writes the cells as RFC 4180 has it, with \n at the end.
func csvRow(t text, cells []string) error {
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.Write(cells); err != nil {
		return err
	}
	w.Flush()
	t.raw(b.String())
	return w.Error()
}
