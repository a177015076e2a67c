//go:build unix

package plugin_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

// badPlugin is a plugin, written with the SDK, that tries what a plugin must not do, and what it may do at its worst.
func badPlugin(name string) *sdk.Plugin {
	return &sdk.Plugin{
		Name: name, Version: "1.0.0", Summary: "Misbehave", Commands: &badCommands{},
		Completers: map[string]sdk.Completer{"things": completeThings},
		Grants: []sdk.Grant{
			{Methods: "GET", Path: "/key/list", Why: "be refused its other spellings"},
			{Methods: "GET,POST", Path: "/thing/{id}", Why: "be refused to write while reading"},
			{Methods: "POST", Path: "/chat/completions", Why: "be refused to spend elsewhere"},
		},
	}
}

type badCommands struct {
	Ask     askCmd     `cmd:"" effect:"read" help:"Make one request."`
	Echo    echoCmd    `cmd:"" effect:"write" help:"Send a large body and count the answer."`
	Count   countCmd   `cmd:"" effect:"read" help:"Emit numbered records."`
	Flood   floodCmd   `cmd:"" effect:"read" help:"Say much."`
	Print   printCmd   `cmd:"" effect:"read" help:"Print to the process's own streams."`
	Die     dieCmd     `cmd:"" effect:"read" help:"End in the middle."`
	Environ environCmd `cmd:"" effect:"read" help:"Show the process's environment and arguments."`
	Spy     spyCmd     `cmd:"" effect:"read" help:"Look into the host."`
	Wait    waitCmd    `cmd:"" effect:"read" help:"Wait for an answer, and leave a file when cancelled."`
	Read    readCmd    `cmd:"" effect:"read" help:"Count an input's bytes."`
	Many    manyCmd    `cmd:"" effect:"read" help:"Make many requests at once."`
	Talk    talkCmd    `cmd:"" effect:"read" help:"Ask the host to confirm, again and again."`
	Save    saveCmd    `cmd:"" effect:"write" help:"Save to a file."`
	Secret  secretCmd  `cmd:"" effect:"write" help:"Make secrets, and tell all that is known of them."`
	Prompt  promptCmd  `cmd:"" effect:"read" help:"Ask for lines."`
	Lock    lockCmd    `cmd:"" effect:"write" help:"Take locks."`
	Other   otherCmd   `cmd:"" effect:"write" help:"Make a request elsewhere, or with another key."`
	Make    makeCmd    `cmd:"" effect:"write" help:"Make a thing, once."`
	Tell    tellCmd    `cmd:"" effect:"write" help:"Send what nothing identifies."`
	Stream  streamCmd  `cmd:"" effect:"read" help:"Pass an answer on as it comes."`
}

type askCmd struct {
	Method string   `arg:""`
	Path   string   `arg:"" complete:"things"`
	Header []string `help:"A header."`
}

func (c *askCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	r := sdk.Request{Method: c.Method, Path: c.Path}
	for _, h := range c.Header {
		name, value, _ := strings.Cut(h, ":")
		r.Headers = append(r.Headers, sdk.Header{Name: name, Value: strings.TrimPrefix(value, " ")})
	}
	response, err := inv.Do(ctx, r)
	if err != nil {
		return err
	}
	return inv.Print(string(response.Body))
}

type echoCmd struct {
	Size int `arg:""`
}

func (c *echoCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	body := []byte(`"` + strings.Repeat("x", c.Size-2) + `"`)
	response, err := inv.Do(ctx, sdk.Request{Method: "POST", Path: "/thing/echo", Body: body,
		Headers: []sdk.Header{{Name: "Content-Type", Value: "application/json"}}})
	if err != nil {
		return err
	}
	return inv.Print(fmt.Sprint(len(response.Body)))
}

type countCmd struct {
	sdk.Lists[any]
	N int `arg:""`
}

func (c *countCmd) Run(_ context.Context, inv *sdk.Invocation) error {
	for i := range c.N {
		if err := inv.Emit(map[string]int{"i": i}); err != nil {
			return err
		}
	}
	return nil
}

type floodCmd struct {
	sdk.Lists[any]
	What string `arg:""`
	N    int    `arg:""`
	Size int    `arg:""`
}

func (c *floodCmd) Run(_ context.Context, inv *sdk.Invocation) error {
	text := strings.Repeat("x", c.Size)
	for range c.N {
		var err error
		switch c.What {
		case "records":
			err = inv.Emit(json.RawMessage(`{"x":"` + text + `"}`))
		case "log":
			inv.Log("%s", text)
		case "progress":
			inv.Progress(1, 0, "%s", text)
		case "stderr":
			_, err = fmt.Fprint(os.Stderr, text)
		case "descriptor":
			_, err = syscall.Write(1, []byte(text)) // past os.Stdout, as a library in C would
		default:
			err = errors.New("no such flood")
		}
		if err != nil {
			return err
		}
	}
	return inv.Emit(map[string]string{"said": "all"})
}

type printCmd struct{}

func (printCmd) Run(_ context.Context, inv *sdk.Invocation) error {
	fmt.Println("words for stdout")
	fmt.Fprintln(os.Stderr, "words for stderr")
	_, _ = syscall.Write(1, []byte("words for descriptor 1\n"))
	_, _ = syscall.Write(2, []byte("words for descriptor 2\n"))
	return inv.Print("the output\n")
}

type dieCmd struct {
	How string `arg:""`
}

func (c *dieCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	if err := inv.Print("half of the output\n"); err != nil {
		return err
	}
	switch c.How {
	case "killed":
		fmt.Fprintln(os.Stderr, "my last words")
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		<-ctx.Done()
	case "exit":
		os.Exit(0)
	case "panic":
		panic("out of tea")
	case "deep-panic":
		deep(200)
	}
	return errors.New("still alive")
}

// deep panics below a stack whose trace is far longer than what a host keeps of a plugin's words.
func deep(n int) int {
	if n == 0 {
		panic("out of depth")
	}
	return deep(n-1) + 1
}

type talkCmd struct {
	N int `arg:""`
}

func (c *talkCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	for range c.N {
		if err := inv.Confirm(ctx, "go on?"); err != nil {
			return err
		}
	}
	return nil
}

type waitCmd struct {
	File string `arg:""`
}

func (c *waitCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	_, err := inv.Do(ctx, sdk.Request{Method: "GET", Path: "/thing/slow"})
	<-ctx.Done()
	_ = os.WriteFile(c.File, fmt.Appendf(nil, "%v", err), 0o600)
	return ctx.Err()
}

type readCmd struct{}

func (readCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	data, err := inv.Input(ctx, "file", 0)
	if err != nil {
		return err
	}
	return inv.Print(fmt.Sprint(len(data)))
}

type manyCmd struct {
	N int `arg:""`
}

func (c *manyCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	var all sync.WaitGroup
	for range c.N {
		all.Go(func() { _, _ = inv.Do(ctx, sdk.Request{Method: "GET", Path: "/thing/1"}) })
	}
	all.Wait()
	return nil
}
