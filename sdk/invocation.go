package sdk

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Invocation is one run of a command: what surrounds it, and the way to speak to the host. Its methods are safe for
// concurrent use.
type Invocation struct {
	link    *link
	start   *protocol.Invocation
	gateway string // a flag of kind gateway; empty for the command's own
	as      string // an argument whose value is the key; empty for the command's own
	asHash  string
}

// Terminal says which streams are a terminal, how wide it is, and whether colour is wanted.
type Terminal struct {
	Stdin, Stdout, Stderr bool
	Width                 int
	Color                 bool
}

// Terminal describes the user's terminal.
func (inv *Invocation) Terminal() Terminal {
	t := inv.start.GetTerminal()
	return Terminal{Stdin: t.GetStdin(), Stdout: t.GetStdout(), Stderr: t.GetStderr(), Width: int(t.GetWidth()), Color: t.GetColor()}
}

// Profile is the name of the profile in use; empty when the gateway was given directly.
func (inv *Invocation) Profile() string { return inv.start.GetProfile() }

// Gateway is the gateway's address, for messages.
func (inv *Invocation) Gateway() string { return inv.start.GetGateway() }

// Formatted reports whether the line asks for a format, a filter or columns. A command that prints text for a person emits
// records then.
func (inv *Invocation) Formatted() bool { return inv.start.GetFormatted() }

// DryRun reports whether writes are held back. Commands rarely need it: a held-back write returns ErrPlanned.
func (inv *Invocation) DryRun() bool { return inv.start.GetDryRun() }

// DataDir is a directory that is this plugin's alone; it may not exist yet.
func (inv *Invocation) DataDir() string { return inv.start.GetDataDir() }

// Path makes a path of the command line, which begins at the user's working directory, one that this process can use.
func (inv *Invocation) Path(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(inv.start.GetWorkDir(), path)
}

// Given reports whether a flag or argument was on the command line, rather than taken from its default.
func (inv *Invocation) Given(name string) bool {
	for _, v := range inv.start.GetValues() {
		if v.GetName() == name {
			return v.GetGiven()
		}
	}
	return false
}

// Interrupts tells an interactive command of each interrupt; a second one within two seconds cancels the context. For every
// other command the first one does.
func (inv *Invocation) Interrupts() <-chan struct{} { return inv.link.interrupts }

// Emit sends one record to the output. v is marshalled by encoding/json; pass json.RawMessage to keep numbers and the
// order of members as they are.
func (inv *Invocation) Emit(v any) error {
	raw, ok := v.(json.RawMessage)
	if !ok {
		var err error
		if raw, err = json.Marshal(v); err != nil {
			return fmt.Errorf("emit a record: %w", err)
		}
	}
	return inv.EmitAll(raw)
}

// EmitAll sends records to the output in one message where they fit.
func (inv *Invocation) EmitAll(records ...json.RawMessage) error {
	var batch [][]byte
	size := 0
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := inv.link.send(&protocol.ToHost{Message: &protocol.ToHost_Records{Records: &protocol.Records{Json: batch}}})
		batch, size = nil, 0
		return err
	}
	for _, r := range records {
		if len(r) > protocol.MaxMessage-1024 {
			return problem.New(problem.Failed, "emit a record: it has %d bytes, the limit is %d", len(r), protocol.MaxMessage-1024)
		}
		if size+len(r) > protocol.ChunkSize {
			if err := flush(); err != nil {
				return err
			}
		}
		batch, size = append(batch, r), size+len(r)
	}
	return flush()
}

// Print sends text to standard output as it is, for commands whose output is no record.
func (inv *Invocation) Print(text string) error {
	return inv.link.send(&protocol.ToHost{Message: &protocol.ToHost_Text{Text: &protocol.Text{Text: text}}})
}

// Notice shows a line to the person, on standard error.
func (inv *Invocation) Notice(format string, args ...any) {
	inv.link.tell(&protocol.ToHost{Message: &protocol.ToHost_Notice{Notice: &protocol.Notice{Text: fmt.Sprintf(format, args...)}}})
}

// Aside is Notice for what matters less than what stands around it.
func (inv *Invocation) Aside(format string, args ...any) {
	inv.link.tell(&protocol.ToHost{Message: &protocol.ToHost_Notice{Notice: &protocol.Notice{Text: fmt.Sprintf(format, args...), Faint: true}}})
}

// Progress says what is being done; total is 0 when unknown. The host shows it on a terminal if it lasts.
func (inv *Invocation) Progress(done, total int, format string, args ...any) {
	inv.link.tell(&protocol.ToHost{Message: &protocol.ToHost_Progress{Progress: &protocol.Progress{
		Text: fmt.Sprintf(format, args...), Done: int64(done), Total: int64(total)}}})
}

// Log adds a line to the output of --debug. The host redacts it; all the same, log no secrets.
func (inv *Invocation) Log(format string, args ...any) {
	inv.link.tell(&protocol.ToHost{Message: &protocol.ToHost_Log{Log: &protocol.Log{Text: fmt.Sprintf(format, args...)}}})
}

// Plan adds a record to the plan of a dry run: what would follow a held-back write.
func (inv *Invocation) Plan(v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("plan: %w", err)
	}
	return inv.link.send(&protocol.ToHost{Message: &protocol.ToHost_Plan{Plan: &protocol.Plan{Json: raw}}})
}

// Input reads the content behind a flag or argument: of an Input, of an @FILE or @- value, of the @ part of an
// Assignment, of what follows the colon of a value with the tag atfile:"colon". index selects among repeated values. At most 16 MiB; the host reads no other file.
func (inv *Invocation) Input(ctx context.Context, name string, index int) ([]byte, error) {
	answer, err := inv.link.ask(ctx, func(id uint64) *protocol.ToHost {
		return &protocol.ToHost{Message: &protocol.ToHost_Input{Input: &protocol.InputRequest{Id: id, Name: name, Index: int32(index)}}}
	})
	if err != nil {
		return nil, err
	}
	in := answer.GetInput()
	if in.GetError() != nil {
		return nil, in.GetError().Problem()
	}
	return in.GetData(), nil
}

// Confirm asks the person before something is destroyed; lines say what. It returns nil for yes. Off a terminal, and
// with --yes, the answer is yes: what was named is done as told. Under --dry-run nothing is asked.
func (inv *Invocation) Confirm(ctx context.Context, lines ...string) error {
	return inv.confirm(ctx, &protocol.ConfirmRequest{Lines: lines})
}

// ConfirmSelection asks before something is done to what a filter or standard input has selected: "block 3 keys", and the
// first of lines. The host refuses more than --max of them, and needs --yes off a terminal.
func (inv *Invocation) ConfirmSelection(ctx context.Context, verb, noun string, lines []string) error {
	if len(lines) == 0 {
		return nil
	}
	return inv.confirm(ctx, &protocol.ConfirmRequest{Lines: lines, Selected: int32(len(lines)), Noun: noun, Verb: verb})
}

func (inv *Invocation) confirm(ctx context.Context, request *protocol.ConfirmRequest) error {
	answer, err := inv.link.ask(ctx, func(id uint64) *protocol.ToHost {
		request.Id = id
		return &protocol.ToHost{Message: &protocol.ToHost_Confirm{Confirm: request}}
	})
	if err != nil {
		return err
	}
	if e := answer.GetConfirm().GetError(); e != nil {
		return e.Problem()
	}
	return nil
}
