package sdk

import (
	"context"
	"errors"
	"io"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// ErrInterrupted is returned by Prompt when the person presses Ctrl-C instead of giving a line.
var ErrInterrupted = errors.New("interrupted at the prompt")

// Prompt asks the person for a line; text stands before the cursor. Off a terminal it is the next line of standard input,
// and nothing is shown. At the end of the input the error is io.EOF.
func (inv *Invocation) Prompt(ctx context.Context, text string) (string, error) {
	answer, err := inv.link.ask(ctx, func(id uint64) *protocol.ToHost {
		return &protocol.ToHost{Message: &protocol.ToHost_Prompt{Prompt: &protocol.Prompt{Id: id, Text: text}}}
	})
	if err != nil {
		return "", err
	}
	switch a := answer.GetPrompt(); {
	case a.GetError() != nil:
		return "", a.GetError().Problem()
	case a.GetInterrupted():
		return "", ErrInterrupted
	case a.GetEnd():
		return "", io.EOF
	default:
		return a.GetText(), nil
	}
}
