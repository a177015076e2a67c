package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/script"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// scriptCommand describes the commands of scripts. taken adds the arguments of the script that a line runs; nil for none.
func scriptCommand(taken *script.Signature) own {
	name := func() *protocol.Parameter {
		return completed("scripts", placed("NAME|FILE", required(text("script", "A script that ships with the program, or a .ts or .js file."))))
	}
	run := &protocol.Command{
		Path: []string{"run"}, Summary: "Run a script.", Effect: protocol.Effect_EFFECT_WRITE,
		Help: "The script's own arguments follow its name; its --help shows them. It may read the files and use the profiles that they name, " +
			"and no others unless a flag allows it. What it does in job.each is kept in a journal, and can be resumed: see job.",
		Examples: []*protocol.Example{
			{Command: "script run spend --chart"},
			{Command: "script run clean-keys --apply --dry-run", Note: "what would be written"},
		},
		Arguments: []*protocol.Parameter{name()},
		Flags:     scriptFlags(),
		Record:    &protocol.Record{Shape: protocol.Shape_SHAPE_LIST},
	}
	if taken != nil {
		run.Arguments = append(run.Arguments, taken.Arguments...)
		run.Flags = slices.Concat(taken.Flags, run.Flags)
	}
	several := repeated(name())
	to := text("to", "The new file; NAME.ts in this directory if not given.")
	dir := placed("DIR", text("dir", "The directory; this one if not given."))
	create := name()
	create.Help, create.Completion, create.Placeholder = "The new file, with or without .ts.", "", "NAME"
	return ownCommands("script", "Run batch scripts in JavaScript or TypeScript",
		ownCommand{run, nil},
		ownCommand{&protocol.Command{
			Path: []string{"list"}, Summary: "List the scripts that ship with the program.", Effect: protocol.Effect_EFFECT_READ,
			Record: listOf("scripts", "NAME", "SUMMARY"),
		}, runScriptList},
		ownCommand{&protocol.Command{
			Path: []string{"check"}, Summary: "Find what is wrong with scripts, without running them.", Effect: protocol.Effect_EFFECT_READ,
			Help:      "Syntax, imports, the commands that are called, and the fields that they are given. For types in your editor see script types.",
			Examples:  []*protocol.Example{{Command: "script check onboard"}},
			Arguments: []*protocol.Parameter{several}, Record: listOf("findings", "FILE", "LINE", "COLUMN", "MESSAGE"),
		}, runScriptCheck},
		ownCommand{&protocol.Command{
			Path: []string{"types"}, Summary: "Write litellm.d.ts and tsconfig.json, with which an editor knows all commands.", Effect: protocol.Effect_EFFECT_WRITE,
			Arguments: []*protocol.Parameter{dir},
		}, runScriptTypes},
		ownCommand{&protocol.Command{
			Path: []string{"new"}, Summary: "Begin a script.", Effect: protocol.Effect_EFFECT_WRITE, Arguments: []*protocol.Parameter{create},
		}, runScriptNew},
		ownCommand{&protocol.Command{
			Path: []string{"show"}, Summary: "Print the text of a script.", Effect: protocol.Effect_EFFECT_READ,
			Examples: []*protocol.Example{{Command: "script show onboard"}}, Arguments: []*protocol.Parameter{name()},
		}, runScriptShow},
		ownCommand{&protocol.Command{
			Path: []string{"copy"}, Summary: "Make a shipped script one of your own.", Effect: protocol.Effect_EFFECT_WRITE,
			Arguments: []*protocol.Parameter{name(), to},
		}, runScriptCopy},
	)
}

// scriptFlags are those of script run, beside the script's own.
func scriptFlags() []*protocol.Parameter {
	return []*protocol.Parameter{
		repeated(placed("DIR", text("allow-read", "Let the script read files in this directory."))),
		repeated(placed("DIR", text("allow-write", "Let the script write files in this directory."))),
		repeated(placed("NAME", text("allow-env", "Let the script read this variable of the environment."))),
		repeated(completed("profiles", placed("PROFILE", text("allow-profile", "Let the script use this profile, beside the run's own.")))),
		placed("AGE1…", text("recipient", "Encrypt the results for this age recipient, instead of a file that only you can read.")),
		defaulted(defaultMemory, placed("SIZE", text("memory", "Most memory that the script may use, such as 512M or 2G."))),
		defaulted(defaultCompute, placed("DURATION", text("compute", "Longest time that the script may compute without waiting for anything."))),
	}
}

// Limits of a script where the line gives none.
const (
	defaultMemory  = "512M"
	defaultCompute = "10s"
)

func defaulted(v string, p *protocol.Parameter) *protocol.Parameter {
	p.Default = &v
	return p
}

// runsScript returns the name of the script that a line runs; empty for none.
func runsScript(args []string) string {
	words, at := command.Words(args, 3)
	if len(words) < 3 || words[0] != "script" || words[1] != "run" || at[2] != at[1]+1 && !onlyGlobals(args[at[1]+1:at[2]]) {
		return ""
	}
	return words[2]
}

// onlyGlobals says whether words are flags that every command has: behind others, such as the script's own, nobody could tell
// the script's name from a value.
func onlyGlobals(args []string) bool {
	for _, a := range args {
		name, _, _ := strings.Cut(a, "=")
		if flag, ok := strings.CutPrefix(name, "--"); ok && flag != "" && !protocol.ReservedFlag(flag) {
			return false
		}
	}
	return true
}

// prepare builds the script that a line runs, and learns what arguments it takes.
func (s *session) prepare(ctx context.Context, args []string) error {
	name := runsScript(args)
	if name == "" {
		return nil
	}
	n, err := s.findScript(name)
	if err != nil {
		return err
	}
	p, err := s.build(ctx, n)
	if err != nil {
		return err
	}
	limits, err := limitsIn(args)
	if err != nil {
		return err
	}
	switch { // who only asks what a script takes does not expect that it runs
	case s.child:
		confine(limits.Memory)
	case s.completing:
		limits = script.Limits{Turn: 200 * time.Millisecond, Memory: 128 << 20}
	default:
		limits = asked()
	}
	taken, err := s.signature(ctx, p, limits)
	if err != nil {
		return err
	}
	for _, own := range scriptFlags() {
		for _, theirs := range slices.Concat(taken.Flags, taken.Arguments) {
			if own.GetName() == theirs.GetName() {
				return problem.New(problem.Usage, "cannot run %s: its argument %q has the name of a flag of script run", name, own.GetName())
			}
		}
	}
	s.program, s.taken = p, taken
	return nil
}

// signature learns what arguments a script takes. Its own code runs up to there, and an interrupt ends it.
func (s *session) signature(ctx context.Context, p *script.Program, limits script.Limits) (*script.Signature, error) {
	type answer struct {
		taken *script.Signature
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		taken, err := p.Describe(ctx, limits)
		done <- answer{taken, err}
	}()
	select {
	case a := <-done:
		return a.taken, a.err
	case <-s.Interrupts:
		return nil, problem.New(problem.Interrupted, "%s was interrupted", p.Name).WithState(problem.Unchanged)
	}
}

// asked are the limits of a script that is only asked what it takes.
func asked() script.Limits { return script.Limits{Turn: 2 * time.Second, Memory: 256 << 20} }

// limitsIn are the limits that a line gives, which is not understood yet.
func limitsIn(args []string) (script.Limits, error) {
	typed := func(name, otherwise string) string {
		if v := command.Typed(append(slices.Clone(args), ""), name); v != nil {
			return *v
		}
		return otherwise
	}
	return limitsOf(typed("compute", defaultCompute), typed("memory", defaultMemory))
}

// failureOf is the failure of a script in err; nil for none.
func failureOf(err error) *script.Failure {
	var f *script.Failure
	if errors.As(err, &f) {
		return f
	}
	return nil
}
