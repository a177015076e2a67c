package script

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// table is a CSV file that is being read.
type table struct {
	s         *session
	file      *opened
	names     []string // of the columns that are wanted
	columns   []column
	unique    int // the column whose cells must differ; -1 for none
	delimiter rune

	mu      sync.Mutex // of an iteration's check, which comes first
	head    []string   // the names in the first line
	at      []int      // where the columns are in it
	content string     // of what is no regular file, and cannot be read twice
	checked bool
}

// record is a row of the file.
type record struct {
	line   int
	fields []string
}

// csvRead gives the rows of a CSV file. All of it is checked before the first row is given.
func (s *session) csvRead(call goja.FunctionCall) goja.Value {
	s.ask("csv.read()")
	t := &table{s: s, file: s.file("csv.read()", call.Argument(0)), unique: -1, delimiter: ','}
	if err := t.options(call.Argument(1)); err != nil {
		s.refuse(err)
	}
	return s.listing(nil, t.row, t.open)
}

func (t *table) options(v goja.Value) error {
	o, ok := v.(*goja.Object)
	if !ok {
		return wrongf(`csv.read() needs the columns of the file, as in {columns: {email: csv.email}}`)
	}
	for _, name := range o.Keys() {
		if known := []string{"columns", "unique", "delimiter"}; !slices.Contains(known, name) {
			return wrongf("csv.read() has no option %q%s", name, types.DidYouMean(name, known))
		}
	}
	list, ok := o.Get("columns").(*goja.Object)
	if !ok || len(list.Keys()) == 0 {
		return wrongf(`csv.read() needs the columns of the file, as in {columns: {email: csv.email}}`)
	}
	for _, name := range list.Keys() {
		c, err := t.s.columnOf("csv.read(): "+name, list.Get(name))
		if err != nil {
			return err
		}
		t.names, t.columns = append(t.names, name), append(t.columns, c)
	}
	if name, ok := exported[string](o, "unique"); ok {
		if t.unique = slices.Index(t.names, name); t.unique < 0 {
			return wrongf("csv.read(): the file has no column %q to be unique%s", name, types.DidYouMean(name, t.names))
		}
	}
	if text, ok := exported[string](o, "delimiter"); ok {
		r, size := utf8.DecodeRuneInString(text)
		if text == `\t` {
			r, size = '\t', 2
		}
		if size != len(text) || size == 0 || strings.ContainsRune("\"\r\n\uFFFD", r) {
			return wrongf("csv.read(): the delimiter must be one character, not %q", text)
		}
		t.delimiter = r
	}
	return nil
}

// open checks the file, the first time, and then gives its rows.
func (t *table) open(ctx context.Context, emit func(any) error) error {
	if err := t.checkOnce(ctx); err != nil {
		return err
	}
	return t.read(ctx, func(r record, bad error) error {
		if bad != nil {
			return problem.Wrap(problem.Usage, bad, "cannot read %s: it has changed meanwhile: line %d", t.file.shown, r.line)
		}
		return emit(r)
	})
}

// read goes through the file. A line that is no CSV is a bad one.
func (t *table) read(ctx context.Context, row func(r record, bad error) error) error {
	reader, end, err := t.reader()
	if err != nil {
		return err
	}
	defer end.Close()
	c := csv.NewReader(reader)
	c.Comma, c.ReuseRecord, c.FieldsPerRecord = t.delimiter, true, -1
	head, err := c.Read()
	if errors.Is(err, io.EOF) {
		return problem.New(problem.Usage, "cannot read %s: the file is empty", t.file.shown).WithState(problem.Unchanged)
	} else if err != nil {
		return problem.Wrap(problem.Usage, err, "cannot read %s", t.file.shown).WithState(problem.Unchanged)
	}
	if err := t.places(slices.Clone(head)); err != nil {
		return err
	}
	width := len(head)
	for {
		fields, err := c.Read()
		var syntax *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &syntax):
			if err := row(record{line: syntax.Line}, syntax.Err); err != nil {
				return err
			}
			continue
		case err != nil:
			return cannot("read", t.file, err)
		case ctx.Err() != nil:
			return context.Cause(ctx)
		}
		line, _ := c.FieldPos(0)
		r := record{line: line}
		var bad error
		if len(fields) != width {
			bad = fmt.Errorf("it has %s, and the first line has %d", counted(len(fields), "cell"), width)
		} else if r.fields = slices.Clone(fields); !utf8.ValidString(strings.Join(fields, "")) {
			bad = errors.New("it is not UTF-8 text")
		}
		if err := row(r, bad); err != nil {
			return err
		}
	}
}

// reader opens the file. What can be read once alone, such as a pipe, is kept.
func (t *table) reader() (io.Reader, io.Closer, error) {
	if t.content != "" {
		return strings.NewReader(t.content), io.NopCloser(nil), nil
	}
	file, err := t.s.open(t.file)
	if err != nil {
		return nil, nil, err
	}
	if info, err := file.Stat(); err == nil && !info.Mode().IsRegular() {
		defer file.Close()
		raw, err := io.ReadAll(io.LimitReader(file, largestText))
		if err != nil {
			return nil, nil, cannot("read", t.file, err)
		}
		t.content = string(raw)
		return strings.NewReader(t.content), io.NopCloser(nil), nil
	}
	return skipMark(file), file, nil
}

// skipMark reads past the mark that some spreadsheets put in front of UTF-8.
func skipMark(file *os.File) io.Reader {
	mark := make([]byte, 3)
	n, err := io.ReadFull(file, mark)
	if err == nil && string(mark) == "\uFEFF" {
		return file
	}
	return io.MultiReader(strings.NewReader(string(mark[:n])), file)
}

// places finds the columns in the first line.
func (t *table) places(head []string) error {
	for i := range head {
		head[i] = strings.TrimSpace(head[i])
	}
	if t.head != nil { // it is read again
		if !slices.Equal(t.head, head) {
			return problem.New(problem.Usage, "cannot read %s: it has changed meanwhile", t.file.shown)
		}
		return nil
	}
	have := map[string]int{}
	for i, name := range head {
		if _, twice := have[name]; twice && slices.Contains(t.names, name) {
			return problem.New(problem.Usage, "cannot read %s: the column %s is there twice", t.file.shown, name).WithState(problem.Unchanged)
		}
		have[name] = i
	}
	var at []int
	var missing []string
	for _, name := range t.names {
		n, ok := have[name]
		if !ok {
			missing = append(missing, name+types.DidYouMean(name, slices.Sorted(maps.Keys(have))))
		}
		at = append(at, n)
	}
	if len(missing) == 0 {
		t.head, t.at = head, at
		return nil
	}
	e := problem.New(problem.Usage, "cannot read %s: it has no column %s", t.file.shown, strings.Join(missing, ", ")).WithState(problem.Unchanged)
	if len(head) == 1 && t.delimiter == ',' {
		for _, other := range []string{";", "\t"} {
			if strings.Contains(head[0], other) {
				return e.WithHint("its cells seem to be separated by %q: give csv.read the delimiter", other)
			}
		}
	}
	return e.WithHint("its columns are %s", shorten(strings.Join(head, ", ")))
}
