// Package record turns JSON records into what the user asked for: a jq expression's results, and table, JSON, JSON
// lines, YAML, CSV or TSV.
//
// A number is never changed: every format prints the digits that came in, except the columns of tables that a Kind
// formats. Members keep the order in which they came; only what a jq expression built has its members sorted by name,
// since gojq's objects have no order.
package record

import (
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Format is a way to render records. The zero value leaves the choice to where the output goes; see Options.
type Format string

// The formats. Wide is Table with every column, none of them cut.
const (
	Table Format = "table"
	Wide  Format = "wide"
	JSON  Format = "json"
	JSONL Format = "jsonl"
	YAML  Format = "yaml"
	CSV   Format = "csv"
	TSV   Format = "tsv"
)

// Formats returns the formats that -o takes, in the order in which help lists them.
func Formats() []Format { return []Format{Table, Wide, JSON, JSONL, YAML, CSV, TSV} }

// Parse returns the format that -o names; "" is the zero Format. The error carries problem.Usage.
func Parse(format string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if format == string(f) {
			return f, nil
		}
		names = append(names, string(f))
	}
	if format == "" {
		return "", nil
	}
	err := problem.New(problem.Usage, "unknown output format %q; the formats are %s", format, strings.Join(names, ", "))
	err.Field = "--output"
	return "", err
}

// Kind says how a table shows the values of a column. CSV and TSV show them as they are.
type Kind int

// The kinds.
const (
	Text              Kind = iota
	UnixTime               // seconds since 1970, as local time
	Time                   // RFC 3339, as local time; a time without a zone is UTC
	Ago                    // RFC 3339, as the time from now: 2 h ago, in 6 d
	Hash                   // the first 12 digits, on a terminal
	Dollars                // as $41.20
	DollarsPerMillion      // dollars for one token, as dollars for a million
	Number                 // as it is, aligned to the right
)

// Column is one column of a table, a CSV or a TSV file.
type Column struct {
	Name   string // what --columns calls it, and the header of CSV and TSV
	Header string // the header of a table; the name in capitals if empty
	Path   string // members joined by dots; "" is the record itself
	Kind   Kind
	Wide   bool // left out unless the format is Wide or --columns names it
	Whole  bool // never cut: a part of it is of no use
}

// Shape is what a command emits.
type Shape int

// The shapes.
const (
	One  Shape = iota // one record; several only if the command acted on several things
	List              // a list of records, also when there is one or none
	Any               // values of which nothing is known
)

// Options say how to print. With no Format, and neither JQ nor Columns:
//
//	        on a terminal          elsewhere
//	List    table, fitted          TSV with a header
//	One     a line for a member    JSON
//	Any     JSON                   the value, byte for byte
type Options struct {
	Format  Format
	JQ      string   // sees what Format JSON would print; "" for none
	Columns []string // names of Defaults, or paths; for table, wide, csv and tsv only

	NoHeaders bool
	Terminal  bool // the output is a terminal
	Width     int  // of the terminal, in columns; 0: fit to nothing
	Color     bool

	Shape    Shape
	Defaults []Column // empty: the members of the first record that are neither object nor array

	// Mask hides secrets in a JSON value before anything else is done with it, and returns a JSON value: its argument
	// itself when there is nothing to hide. It must not keep its argument, and is called from several goroutines. Nil for
	// none.
	Mask func([]byte) []byte
	// Visible makes a string harmless to a terminal and leaves no line break or tab in it. Required on a terminal;
	// applied to table cells elsewhere too.
	Visible func(string) string
	// VisibleJSON does so for JSON text, by escapes that keep its value. Required on a terminal.
	VisibleJSON func([]byte) []byte
	// Location of the times in tables; nil: time.Local.
	Location *time.Location

	// Envelope is the member that holds the records of a List printed as JSON, in an object: see Printer.Around. Empty: they
	// are a bare array.
	Envelope string

	envelope *envelope
	found    map[string]bool // the paths of Columns that some record had
}

// tabular says that the format has columns.
func (f Format) tabular() bool { return f == Table || f == Wide || f == CSV || f == TSV }
