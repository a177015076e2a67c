package record

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Printer prints the records of one command. It is not safe for concurrent use.
type Printer struct {
	sink  sink
	out   *output
	mask  func([]byte) []byte
	count int
	fixed []Column // that --columns names
	found map[string]bool
	// envelope is around the array; nil for none.
	envelope *envelope
	// uncounted are arrays that were passed on whole: their items are counted when somebody asks.
	uncounted [][]byte
}

// A sink renders records. A record given to it is valid JSON in valid UTF-8 without space around it, and is the
// caller's again when put returns.
type sink interface {
	put(record []byte) error
	end() error
}

// New returns a Printer to w. It compiles the jq expression and checks that the options fit together; both errors carry
// problem.Usage. The end of ctx stops a jq expression that runs.
func New(ctx context.Context, w io.Writer, o Options) (*Printer, error) {
	if o.Terminal && (o.Visible == nil || o.VisibleJSON == nil) {
		return nil, errors.New("print records: a terminal needs Options.Visible and Options.VisibleJSON")
	}
	if o.Location == nil {
		o.Location = time.Local
	}
	fixed, err := named(o.Columns, o.Defaults)
	if err != nil {
		return nil, err
	}
	if fixed != nil {
		o.found = map[string]bool{}
	}
	if o.Format == "" && fixed != nil {
		o.Format = TSV
		if o.Terminal {
			o.Format = Table
		}
	}
	if fixed != nil && !o.Format.tabular() {
		err := problem.New(problem.Usage, "--columns is for tables: -o %s prints whole records", o.Format).
			WithHint("use -o table, csv or tsv, or choose members with --jq")
		err.Field = "--columns"
		return nil, err
	}
	p := &Printer{out: &output{w: w}, mask: o.Mask, fixed: fixed, found: o.found}
	if p.mask == nil {
		p.mask = func(json []byte) []byte { return json }
	}
	if o.JQ != "" {
		q, err := newQuery(ctx, p.out, o, fixed)
		if err != nil {
			return nil, err
		}
		p.sink = q
		return p, nil
	}
	if o.Envelope != "" {
		p.envelope = &envelope{member: o.Envelope}
		o.envelope = p.envelope
	}
	p.sink = plain(p.out, o, fixed)
	return p, nil
}

// plain returns the sink for records that no jq expression sees.
func plain(out *output, o Options, fixed []Column) sink {
	format := o.Format
	if format == "" {
		switch {
		case o.Shape == List && o.Terminal, o.Shape == One && o.Terminal:
			format = Table
		case o.Shape == List:
			format = TSV
		case o.Shape == Any && !o.Terminal:
			return &verbatim{out: out}
		default:
			format = JSON
		}
	}
	text := newText(out, o)
	switch format {
	case JSONL:
		return spread(o.Shape, &lines{text})
	case YAML:
		switch o.Shape {
		case List:
			return &yamlList{text: text}
		case One:
			return &single{one: &yamlDocuments{text: text}, many: &yamlList{text: text}}
		}
		return &yamlDocuments{text: text}
	case CSV:
		return spread(o.Shape, &delimited{text: text, columns: columns{fixed: fixed, o: o}, row: csvRow})
	case TSV:
		return spread(o.Shape, &delimited{text: text, columns: columns{fixed: fixed, o: o}, row: tsvRow})
	case Table, Wide:
		t := &table{text: text, columns: columns{fixed: fixed, o: o}, wide: format == Wide}
		if o.Shape == List {
			return t
		}
		return &single{one: &sheet{text: text, columns: columns{fixed: fixed, o: o, all: true}}, many: t, spread: o.Shape == Any}
	}
	switch o.Shape {
	case List:
		return &jsonArray{text: text, envelope: o.envelope}
	case One:
		return &single{one: &jsonValues{text: text}, many: &jsonArray{text: text}}
	}
	return &jsonValues{text: text}
}

// Record prints one JSON value. What need not wait for other records has reached the writer when it returns. A value
// that is not valid JSON is an error and leaves no trace in the output; bytes that are not UTF-8 become U+FFFD.
func (p *Printer) Record(json []byte) error {
	value, err := one(json)
	if err != nil {
		return err
	}
	p.count++
	if err := p.sink.put(p.mask(value)); err != nil {
		_ = p.out.flush() // what a jq expression gave before it failed
		return err
	}
	return p.out.flush()
}

// Around sets the members of the object that Options.Envelope asks for, beside the records, as one JSON object. It counts
// until Close.
func (p *Printer) Around(object []byte) {
	if p.envelope != nil {
		p.envelope.around = object
	}
}

// Items prints the items of an array, each as a record: the array is the member of the JSON object doc that is so called,
// or doc itself if member is "". If doc is not valid JSON to its end, or has no such array, the error is an *AnswerError
// and nothing is written.
func (p *Printer) Items(doc []byte, member string) error {
	a, err := p.Prepare(doc, member)
	if err != nil {
		return err
	}
	return p.Print(a)
}

// Array is an array that has been found in a document and may be printed.
type Array struct {
	raw   []byte
	plain bool // nothing in it needs to be masked
}

// Prepare does the first and larger part of Items, which prints nothing. It may run while p is in use elsewhere.
func (p *Printer) Prepare(doc []byte, member string) (*Array, error) {
	// To look for something to mask takes as long as to validate, so they are done side by side.
	plain := make(chan bool, 1)
	go func() {
		masked := p.mask(doc)
		plain <- len(masked) == len(doc) && (len(doc) == 0 || &masked[0] == &doc[0])
	}()
	raw, err := list(doc, member)
	if err != nil {
		return nil, &AnswerError{err}
	}
	return &Array{raw: raw, plain: <-plain}, nil
}

// Print does the rest of Items.
func (p *Printer) Print(a *Array) error {
	inside := bytes.TrimSpace(a.raw[1 : len(a.raw)-1])
	if j, ok := p.sink.(*jsonArray); ok && a.plain && j.raw(inside) {
		p.uncounted = append(p.uncounted, a.raw)
		return p.out.writeThrough(inside)
	}
	if err := each(a.raw, func(item []byte) error {
		p.count++
		if !a.plain {
			item = p.mask(item)
		}
		if err := p.sink.put(item); err != nil {
			return err
		}
		return p.out.border()
	}); err != nil {
		_ = p.out.flush() // as in Record
		return err
	}
	return p.out.flush()
}

// Close prints what had to wait for the last record, runs the jq expression if there is one, and ends what is open:
// after it, JSON output is complete. A command that failed may leave it out, and must if an empty list would be a lie.
func (p *Printer) Close() error {
	if err := p.sink.end(); err != nil {
		_ = p.out.flush() // as in Record
		return err
	}
	return p.out.flush()
}

// Missing returns the names of columns that --columns asked for and no record had, after Close; nil when there was no
// record.
func (p *Printer) Missing() []string {
	var names []string
	for _, c := range p.fixed {
		if c.Path != "" && !p.found[c.Path] && p.count > 0 {
			names = append(names, c.Name)
		}
	}
	return names
}

// Count returns how many records were given.
func (p *Printer) Count() int {
	for _, a := range p.uncounted {
		if items, err := array(decoder(a)); err == nil {
			p.count += len(items)
		}
	}
	p.uncounted = nil
	return p.count
}

// single passes a lone record to one and several to many; with spread, also the items of a lone array.
type single struct {
	one, many sink
	spread    bool
	first     []byte
	n         int
}

func (s *single) put(record []byte) error {
	s.n++
	if s.n == 1 {
		s.first = bytes.Clone(record)
		return nil
	}
	if s.n == 2 {
		if err := s.many.put(s.first); err != nil {
			return err
		}
	}
	return s.many.put(record)
}

func (s *single) end() error {
	switch {
	case s.n == 0:
		return nil
	case s.n > 1:
		return s.many.end()
	case s.spread && s.first[0] == '[':
		if err := each(s.first, s.many.put); err != nil {
			return err
		}
		return s.many.end()
	}
	if err := s.one.put(s.first); err != nil {
		return err
	}
	return s.one.end()
}

// spread makes the items of an array records by themselves where the shape of the records is not known.
func spread(shape Shape, to sink) sink {
	if shape != Any {
		return to
	}
	return &spreader{to}
}

type spreader struct{ sink }

func (s *spreader) put(record []byte) error {
	if record[0] == '[' {
		return each(record, s.sink.put)
	}
	return s.sink.put(record)
}
