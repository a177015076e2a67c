package chat

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

type talkCmd struct {
	sdk.Emits[Completion]
	Model       string      `arg:"" optional:"" complete:"models" help:"The model to talk with. A conversation without it begins with a choice."`
	System      string      `short:"s" placeholder:"TEXT" help:"A system message before all others."`
	Temperature json.Number `short:"t" placeholder:"NUMBER" help:"How freely the model chooses its words. The model's own default if not given."`
	MaxTokens   *int64      `placeholder:"N" help:"The longest answer, in tokens."`
	Input       sdk.Input   `default:"-" placeholder:"FILE" help:"Ask what the file holds, once. Standard input that is no terminal is asked as well."`
}

func (talkCmd) Help() string {
	return "On a terminal this is a conversation: a line is a message, /help lists what else can be typed, Ctrl-C ends an answer " +
		"and Ctrl-D the conversation. Elsewhere all of standard input is one message, and the answer goes to standard output. " +
		"A model that is called as one of the commands is named behind --: chat -- completions."
}

func (talkCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "chat mock-gpt -s 'Be brief.' --input question.txt", Note: "one question; without --input, and on a terminal, a conversation"},
		{Command: "chat mock-gpt --jq .usage.total_tokens < question.txt"},
	}
}

// Run holds a conversation, or asks once where nobody is there to hold one. Then the answer is text, or under -o and --jq
// the record of `chat completions`, and so are the exit codes.
func (c *talkCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	if inv.Terminal().Stdin && !inv.Given("input") {
		if inv.Formatted() {
			return problem.New(problem.Usage, "cannot format a conversation: -o, --format, --jq and --columns are for one answer").
				WithHint("litellm-proxy chat completions, or a question on standard input")
		}
		s := &session{inv: inv, settings: c.settings()}
		s.Model, s.System = c.Model, c.System
		return s.run(ctx)
	}
	return c.once(ctx, inv)
}

// settings are what every request has besides the model and the messages.
func (c *talkCmd) settings() map[string]any {
	out := map[string]any{}
	if c.Temperature != "" {
		out["temperature"] = c.Temperature
	}
	if c.MaxTokens != nil {
		out["max_tokens"] = *c.MaxTokens
	}
	return out
}

// once asks what the input holds. The command is an interactive one, and told of an interrupt, which ends it.
func (c *talkCmd) once(ctx context.Context, inv *sdk.Invocation) error {
	if c.Model == "" {
		return problem.New(problem.Usage, "cannot ask: MODEL is missing, and there is no terminal to choose it at").
			WithHint("litellm-proxy models list shows them").WithState("nothing was sent")
	}
	ctx, stop := interruptible(ctx, inv)
	defer stop()
	content, err := inv.Input(ctx, "input", 0)
	if ctx.Err() != nil {
		return problem.New(problem.Interrupted, "chat was interrupted").WithState("nothing was sent")
	}
	if err != nil {
		return err
	}
	text, err := textOf(content)
	if err != nil {
		return (&problem.Error{Code: problem.Usage, Message: "cannot ask " + c.Model + ": " + err.Error(), Field: "input"}).WithState("nothing was sent")
	}
	request := c.settings()
	request["model"] = c.Model
	request["stream"] = !inv.Formatted()
	request["messages"] = conversation{System: c.System}.with(text)
	err = once(ctx, inv, &call{model: c.Model, request: request}, !inv.Formatted())
	if errors.Is(err, context.Canceled) {
		return problem.New(problem.Interrupted, "chat was interrupted").WithState("no part of the answer came; the call may have cost something all the same")
	}
	return err
}

// interruptible returns a context that the next interrupt ends. stop ends the watching: when it returns, no interrupt is taken
// any more that is meant for what comes next.
func interruptible(ctx context.Context, inv *sdk.Invocation) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-inv.Interrupts():
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		cancel()
		<-ended
	}
}
