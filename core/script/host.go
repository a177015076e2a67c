// Package script runs scripts in JavaScript and TypeScript: it builds them, gives them the commands of plugins as functions, and keeps
// what they do to each item of a batch in a journal.
package script

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Host does what a script asks for. Its methods are called from goroutines of their own, several at once.
type Host interface {
	// Call runs a command of a plugin. emit gets its records, JSON in which references stand for secrets, as they come; the
	// end of a READ command that nobody listens to any more is told by emit's error. text is what it printed otherwise.
	// Where --dry-run has held a write back, the record that stands for it has "result": "planned".
	Call(ctx context.Context, c *Call, emit func(record []byte) error) (text string, err error)
	// Job is the job of this run: it is made, or opened, at the first call.
	Job(ctx context.Context) (*job.Job, error)
	// Secret returns the secret that a reference stands for, and says that it was asked for, and why.
	Secret(ref, why string) (string, error)
	// Veil makes a text fit for the journal: references in the place of secrets that the script has opened, and all others hidden.
	Veil(text []byte) []byte
	// Hint is how a secret is shown: sk-…9Qx2.
	Hint(ref string) string
	// Record prints one record on standard output, in the format that the line asks for.
	Record(json []byte) error
	// Print prints text on standard output.
	Print(text string) error
	// Say prints a line on standard error, for the person.
	Say(text string)
	// Progress of a batch; see Tally.
	Progress(t Tally)
	// Trouble is signalled each time the gateway answers 429 or 5xx.
	Trouble() <-chan struct{}
}

// Call is one command of a plugin.
type Call struct {
	Profile string // another gateway's; empty for the run's own
	Plugin  string
	Command *protocol.Command
	Values  []*protocol.Value
	Step    *job.Step // of an item; nil for a call outside one, and for one that only reads
}

// Tally is how far a batch is.
type Tally struct {
	Batch                   int // from 0
	Total, OK, Failed, Left int
	Running, Limit          int // how many items are under way, and how many may be
	Finishing               bool
}
