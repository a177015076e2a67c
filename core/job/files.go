package job

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"

	"filippo.io/age"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/ncruces/go-sqlite3"
)

// Kinds of files.
const (
	Results     = "results"     // the rows that items ended with, secrets resolved
	Failures    = "failed"      // the items that failed
	Unprocessed = "unprocessed" // the items that were not finished
)

// File is one that End or Export has written.
type File struct {
	Kind      string
	Path      string
	Batch     int
	Rows      int
	Secrets   int    // in it
	Recipient string // it is encrypted for; empty: it is a CSV of mode 0600
}

// writer writes the files of a job.
type writer struct {
	ctx       context.Context
	job       *Job
	dir       string
	own       bool // dir is the job's own: files of an earlier end are replaced
	recipient string
	sealTo    []age.Recipient
	files     []File
}

// line is an item on its way into a file.
type line struct {
	id                  int64
	key                 string
	row, data, src, err []byte
}

func (l *line) n() int { return int(l.id & (1<<batchShift - 1)) }

// The items of the files, a page at a time, in the order of the items.
const (
	okLines     = `SELECT id, key, row, NULL, NULL, NULL FROM item NOT INDEXED WHERE id >= ? AND id < ? AND state = 2 AND row IS NOT NULL ORDER BY id LIMIT 256`
	failedLines = `SELECT id, key, NULL, data, source, error FROM item NOT INDEXED WHERE id >= ? AND id < ? AND state = 3 ORDER BY id LIMIT 256`
	otherLines  = `SELECT id, key, NULL, data, source, NULL FROM item NOT INDEXED WHERE id >= ? AND id < ? AND state < 2 ORDER BY id LIMIT 256`
	pageOfLines = 256
)

// each calls do for all lines of a batch.
func (w *writer) each(sql string, batch int, do func(*line) error) error {
	from := itemID(batch, 0)
	for {
		if err := context.Cause(w.ctx); err != nil {
			return err
		}
		page := make([]line, 0, pageOfLines)
		err := w.job.journal.read(func(db *database) error {
			return db.query(sql, func(s *sqlite3.Stmt) error {
				page = append(page, line{s.ColumnInt64(0), s.ColumnText(1), blob(s, 2), blob(s, 3), blob(s, 4), blob(s, 5)})
				return nil
			}, from, itemID(batch+1, 0))
		})
		if err != nil {
			return err
		}
		for i := range page {
			if err := do(&page[i]); err != nil {
				return err
			}
		}
		if len(page) < pageOfLines {
			return nil
		}
		from = page[len(page)-1].id + 1
	}
}

// all writes the files of all batches.
func (w *writer) all(batches int) error {
	for n := range batches {
		if err := w.results(n); err != nil {
			return err
		}
		if err := w.items(Failures, n, failedLines); err != nil {
			return err
		}
		if err := w.items(Unprocessed, n, otherLines); err != nil {
			return err
		}
	}
	return nil
}

// results writes the rows of a batch. The columns are those of all rows, in the order in which they are first seen.
func (w *writer) results(batch int) error {
	columns, err := w.columns(okLines, batch, func(l *line) []byte { return l.row })
	if err != nil {
		return err
	}
	f := File{Kind: Results, Batch: batch, Recipient: w.recipient}
	name, other := fileName(Results, batch), fileName(Results, batch)+encrypted
	if w.recipient != "" {
		name, other = other, name
	}
	err = w.file(&f, name, columns, w.sealTo, func(s *sheet) error {
		return w.each(okLines, batch, func(l *line) error {
			o, err := readObject(l.row)
			if err != nil {
				return err
			}
			keyOf := func(p place) (string, bool) {
				if p.batch == batch && p.n == l.n() { // as good as always
					return l.key, true
				}
				return w.job.keyOf(p)
			}
			cells := make([]string, len(columns))
			for i, c := range columns {
				text, secrets := w.job.reveal(cell(o.values[c]), keyOf)
				cells[i] = text
				f.Secrets += secrets
			}
			return s.line(cells)
		})
	})
	if err == nil && w.own {
		err = removeFile(filepath.Join(w.dir, other))
	}
	return err
}

// Columns that are added to the items that failed.
const (
	errorColumn = "_error"
	saidColumn  = "_said"
)

// items writes items as they came; beside those that failed is why.
func (w *writer) items(kind string, batch int, sql string) error {
	columns, err := w.columns(sql, batch, func(l *line) []byte { return l.columns() })
	if err != nil {
		return err
	}
	// What failed twice has them already.
	columns = slices.DeleteFunc(columns, func(c string) bool { return c == errorColumn || c == saidColumn })
	own := len(columns)
	if kind == Failures && own > 0 {
		columns = append(columns, errorColumn, saidColumn)
	}
	f := File{Kind: kind, Batch: batch}
	return w.file(&f, fileName(kind, batch), columns, nil, func(s *sheet) error {
		return w.each(sql, batch, func(l *line) error {
			o, err := readObject(l.columns())
			if err != nil {
				return err
			}
			cells := make([]string, len(columns))
			for i, c := range columns[:own] {
				cells[i] = cell(o.values[c])
			}
			if e := decodeProblem(l.err); e != nil && kind == Failures {
				cells[own], cells[own+1] = e.Message, e.Said
			}
			return s.line(cells)
		})
	})
}

// columns is what an item is written as: its columns as they came, else its value, else its key.
func (l *line) columns() []byte {
	switch {
	case l.src != nil:
		return l.src
	case l.data != nil:
		return l.data
	}
	text, _ := json.Marshal(map[string]string{"key": l.key}) // cannot fail
	return text
}

// columns collects those of all lines.
func (w *writer) columns(sql string, batch int, of func(*line) []byte) (columns []string, err error) {
	seen := map[string]bool{}
	err = w.each(sql, batch, func(l *line) error {
		o, err := readObject(of(l))
		if err != nil {
			return problem.Wrap(problem.Failed, err, "cannot read item %q of the journal", l.key)
		}
		for _, name := range o.names {
			if !seen[name] {
				seen[name] = true
				columns = append(columns, name)
			}
		}
		return nil
	})
	return columns, err
}

// file writes one file, or removes that of an earlier end where there is nothing to write. It is on disk when file returns.
func (w *writer) file(f *File, name string, columns []string, to []age.Recipient, fill func(*sheet) error) error {
	f.Path = filepath.Join(w.dir, name)
	if len(columns) == 0 {
		if w.own {
			return removeFile(f.Path)
		}
		return nil
	}
	if !w.own {
		if _, err := os.Lstat(f.Path); err == nil {
			return problem.New(problem.Refused, "cannot export job %s: %s exists already", w.job.id, f.Path).WithHint("choose another directory")
		}
	}
	err := replaceFile(w.dir, name, func(out io.Writer) error {
		return sealed(out, to, func(out io.Writer) error {
			s, err := newSheet(out, columns)
			if err == nil {
				err = fill(s)
			}
			f.Rows = s.rows
			if err == nil {
				err = s.end()
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	w.files = append(w.files, *f)
	return nil
}
