package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/record"
	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// output is what one command prints on standard output: records, or text. It is safe for concurrent use.
type output struct {
	mu      sync.Mutex
	s       *session
	ctx     context.Context // of the run: its end stops a jq expression
	options record.Options
	printer *record.Printer
	out     *watched
	open    bool // the last text has not ended its line
	planned int
	script  bool // a script's: its plan is a list, however long
	failed  bool
	broken  bool // something could not be printed
	held    []byte
	vault   *vault
}

// watched remembers that whoever read the output has stopped. Such an error loses its identity on its way through a
// plugin.
type watched struct {
	w      io.Writer
	closed atomic.Bool
}

func (w *watched) Write(b []byte) (int, error) {
	if len(b) > 256<<10 {
		term.WidenPipe(w.w)
	}
	n, err := w.w.Write(b)
	if closedPipe(err) {
		w.closed.Store(true)
	}
	return n, err
}

// newOutput checks everything about the output that the command line says, before anything is started.
func (s *session) newOutput(ctx context.Context, line *command.Line) (*output, error) {
	g := line.Globals
	s.debug = g.Debug
	if g.NoColor {
		s.Streams.Color = false
	}
	format, err := formatOf(strings.TrimPrefix(g.Output, "="), g.Format) // -o=json is how other programs spell it
	if err != nil {
		return nil, err
	}
	s.asJSON = format == record.JSON
	o := &output{s: s, ctx: ctx, out: &watched{w: s.Streams.Out}, vault: &vault{}}
	o.options = record.Options{
		Format: format, JQ: g.JQ, Columns: g.Columns, NoHeaders: g.NoHeaders,
		Terminal: s.Streams.OutTTY, Width: s.Streams.Width, Color: s.Streams.Color,
		Mask: o.mask, Visible: term.VisibleLine, VisibleJSON: term.VisibleJSON,
	}
	r := line.Command.GetRecord()
	if g.Format == "json" && g.JQ == "" {
		o.options.Envelope = r.GetEnvelope()
	}
	switch r.GetShape() {
	case protocol.Shape_SHAPE_LIST:
		o.options.Shape = record.List
	case protocol.Shape_SHAPE_ANY:
		o.options.Shape = record.Any
	default:
		o.options.Shape = record.One
	}
	secret := map[string]bool{}
	for _, f := range r.GetFields() {
		secret[f.GetName()] = f.GetSecret()
	}
	for _, c := range r.GetColumns() {
		o.options.Defaults = append(o.options.Defaults, record.Column{
			Name: c.GetName(), Header: c.GetHeader(), Path: c.GetPath(), Kind: kindOf(c.GetFormat()), Wide: c.GetWide(), Whole: secret[c.GetPath()],
		})
	}
	o.printer, err = record.New(ctx, o.out, o.options)
	return o, err
}

// mask hides the secrets of a record, but for those that the host has made for this run: standard output is where they are
// shown, once.
func (o *output) mask(json []byte) []byte { return o.vault.reveal(o.s.secrets.Record(json)) }

// around sets the members that stand beside a list's records under --format json.
func (o *output) around(object []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.printer.Around(object)
}

// formatOf reads -o and its older spelling --format, whose table is a table in a pipe too.
func formatOf(output, format string) (record.Format, error) {
	if output != "" && format != "" && output != format {
		return "", problem.New(problem.Usage, "--output %s and --format %s contradict each other", output, format).WithHint("give one of them")
	}
	if format != "" && format != "table" && format != "json" {
		return "", problem.New(problem.Usage, "cannot use --format %q: it is table or json", format).WithHint("-o has more formats")
	}
	if output == "" {
		output = format
	}
	if output == "" {
		return "", nil
	}
	return record.Parse(output)
}

func kindOf(f protocol.Format) record.Kind {
	switch f {
	case protocol.Format_FORMAT_UNIX_TIME:
		return record.UnixTime
	case protocol.Format_FORMAT_TIME:
		return record.Time
	case protocol.Format_FORMAT_DOLLARS:
		return record.Dollars
	case protocol.Format_FORMAT_DOLLARS_PER_MILLION:
		return record.DollarsPerMillion
	case protocol.Format_FORMAT_AGO:
		return record.Ago
	case protocol.Format_FORMAT_HASH:
		return record.Hash
	case protocol.Format_FORMAT_NUMBER:
		return record.Number
	}
	return record.Text
}

func (o *output) record(json []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.flushText(); err != nil {
		return err
	}
	err := o.printer.Record(json)
	o.broken = o.broken || err != nil
	return err
}

// prepare finds an array to print; it prints nothing.
func (o *output) prepare(doc []byte, member string) (*record.Array, error) {
	o.mu.Lock()
	p := o.printer
	o.mu.Unlock()
	return p.Prepare(doc, member)
}

// items prints an array of records: one that is ready, or that in a member of doc. A *record.AnswerError says that there is none.
func (o *output) items(doc []byte, member string, ready *record.Array) error {
	if ready == nil {
		var err error
		if ready, err = o.prepare(doc, member); err != nil {
			return err
		}
	}
	o.s.progress.Stop()
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.printer.Print(ready)
}

// text prints what is no record, without secrets. It may be mixed with records only in the order in which they come.
func (o *output) text(text string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	// A secret that comes in pieces is whole before it is printed, or not: what may be its beginning waits for the next piece.
	all := slices.Concat(o.held, []byte(text))
	keep := len(all) - o.s.secrets.Begun(all)
	o.held = bytes.Clone(all[keep:])
	return o.write(all[:keep])
}

// flushText prints what waits for a further piece of text, when something else is to be printed.
func (o *output) flushText() error {
	rest := o.held
	o.held = nil
	if len(rest) == 0 {
		return nil
	}
	return o.write(rest)
}

// settle is flushText before something is said on standard error.
func (o *output) settle() {
	o.mu.Lock()
	defer o.mu.Unlock()
	_ = o.flushText() // who reads the output has gone; the next text says so
}

func (o *output) write(text []byte) error {
	b := o.s.secrets.Values(text)
	if o.s.Streams.OutTTY {
		b = []byte(term.Visible(string(b)))
	}
	_, err := o.out.Write(b)
	if len(b) > 0 {
		o.open = b[len(b)-1] != '\n'
	}
	return err
}

// endLine ends the line of text that a command has left open on a terminal, before an error.
func (o *output) endLine() {
	o.mu.Lock()
	defer o.mu.Unlock()
	_ = o.flushText() // an error is about to be told
	if o.open && o.s.Streams.OutTTY {
		_, _ = io.WriteString(o.out, "\n")
	}
	o.open = false
}

// planColumns are those of the plan that a dry run prints.
func planColumns() []record.Column {
	return []record.Column{
		{Name: "result", Header: "RESULT", Path: "result"}, {Name: "method", Header: "METHOD", Path: "method"},
		{Name: "path", Header: "PATH", Path: "path"}, {Name: "body", Header: "BODY", Path: "body"},
	}
}

// hold adds a held-back request to the plan and returns its id there.
func (o *output) hold(r transport.Request) (string, error) {
	entry := struct {
		Result  string            `json:"result"`
		Method  string            `json:"method"`
		Path    string            `json:"path"`
		Headers map[string]string `json:"headers,omitempty"`
		Body    any               `json:"body,omitempty"`
	}{Result: "planned", Method: r.Method, Path: r.Path}
	if r.Query != "" {
		entry.Path += "?" + r.Query
	}
	for name := range r.Header {
		if entry.Headers == nil {
			entry.Headers = map[string]string{}
		}
		entry.Headers[name] = r.Header.Get(name)
	}
	switch {
	case json.Valid(r.Body):
		entry.Body = json.RawMessage(r.Body)
	case len(r.Body) > 0:
		entry.Body = string(r.Body)
	}
	var raw bytes.Buffer
	encoder := json.NewEncoder(&raw)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(entry); err != nil {
		return "", fmt.Errorf("plan %s %s: %w", r.Method, r.Path, err)
	}
	if err := o.plan(bytes.TrimSpace(raw.Bytes())); err != nil {
		return "", err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return strconv.Itoa(o.planned), nil
}

// plan prints one record of the plan. The first one changes the columns to those of a plan.
func (o *output) plan(raw []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.planned == 0 && o.printer.Count() == 0 {
		options := o.options
		options.Defaults = planColumns()
		if options.Shape == record.List && !o.script {
			options.Shape = record.One
		}
		printer, err := record.New(o.ctx, o.out, options)
		if err != nil {
			return err
		}
		o.printer = printer
	}
	o.planned++
	return o.printer.Record(raw)
}

// discard drops what has not been printed yet: the rest of it will never come.
func (o *output) discard() { o.failed = true }

func (o *output) close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.flushText(); err != nil {
		return err
	}
	if o.failed {
		return nil
	}
	if err := o.printer.Close(); err != nil {
		o.broken = true
		return err
	}
	if names := o.printer.Missing(); len(names) > 0 {
		fmt.Fprintf(o.s.stderr, "no record has %s (--columns)\n", term.VisibleLine(strings.Join(names, ", ")))
	}
	return nil
}

// formatted reports whether the line asks for a format, a filter or columns.
func (o *output) formatted() bool {
	return o.options.Format != "" || o.options.JQ != "" || len(o.options.Columns) > 0
}

// formatted is the same of the globals, as the plugin is told.
func formatted(g command.Globals) bool {
	return g.Output != "" || g.Format != "" || g.JQ != "" || len(g.Columns) > 0
}

func (o *output) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.printer.Count()
}
