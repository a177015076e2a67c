package chat

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// once asks, and prints the answer as text or emits it as a record. The error of an answer that is not whole says what
// became of the part that came: text stays where it is, and half a record is none.
func once(ctx context.Context, inv *sdk.Invocation, c *call, asText bool) error {
	p := &printer{inv: inv}
	if asText {
		c.show = p.print
	}
	r, err := c.ask(ctx, inv)
	switch {
	case err != nil && asText:
		if ended := p.end(); ended != nil {
			return ended
		}
		return incomplete(err, r, "the answer is incomplete: what is printed is all that came")
	case err != nil:
		return incomplete(err, r, fmt.Sprintf("the answer is incomplete: %d characters of it came, and are not printed", utf8.RuneCountInString(r.text())))
	case asText:
		if err := p.rest(r); err != nil {
			return err
		}
		p.usage(r)
		return nil
	}
	record, err := r.record()
	if err != nil {
		return fmt.Errorf("put the answer of %s together: %w", c.model, err)
	}
	return inv.Emit(record)
}

// incomplete says of an error after which nothing more comes what is true of the answer.
func incomplete(err error, r *reply, state string) error {
	if r == nil || errors.Is(err, sdk.ErrPlanned) {
		return err
	}
	e := problem.As(err)
	if e.State = state; r.text() == "" {
		e.State = "no part of the answer came; the call may have cost something all the same"
	}
	return e
}
