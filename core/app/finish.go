package app

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// finish closes the output of a run that ended with err, and explains it.
func (h *host) finish(ctx context.Context, output *output, err error) error {
	err = cause(ctx, err)
	defer func() { h.closeSaves(err) }()
	if problem.CodeOf(err) == problem.TimedOut {
		if known := h.outcome.unknown(); known != nil {
			err = known // what became of the write matters more than that the time was up
		}
	}
	if e := (*problem.Error)(nil); errors.As(err, &e) && e.State == "" {
		e.State = h.state()
	}
	h.progress.Stop()
	if err != nil {
		output.endLine()
	}
	if output.out.closed.Load() {
		_ = h.rescue(nil) // it says what there is to say
		return &silent{problem.OK}
	}
	if problem.CodeOf(err) == problem.Plugin || err != nil && output.count() == 0 {
		output.discard()
	}
	if closed := output.close(); err == nil {
		err = closed
	}
	if output.broken {
		return h.rescue(err)
	}
	if err == nil {
		h.warnPlanned()
		h.summary(output.count())
	}
	return err
}

// rescue keeps the secrets of what was made and could not be printed: nobody will ever tell them again.
func (h *host) rescue(err error) error {
	lines := h.vault.unsaved()
	if len(lines) == 0 {
		return err
	}
	path, saveErr := h.Save("", "unprinted-keys.txt", lines)
	if saveErr != nil {
		h.Notice("the keys were made, and could neither be printed nor saved: "+saveErr.Error(), false)
		return err
	}
	state := "the keys were made; they are in " + path + " (0600), each behind its hash"
	if err == nil {
		h.Notice(state, false)
		return nil
	}
	e := problem.As(err)
	e.State = state
	return e
}

// summary ends a list: on a terminal how many of how many there are, whether the caller sees all, and where they came
// from; elsewhere only that the caller sees a part.
func (h *host) summary(n int) {
	noun := h.line.Command.GetRecord().GetNoun()
	if noun == "" || h.line.Command.GetRecord().GetShape() != protocol.Shape_SHAPE_LIST {
		return
	}
	scope := h.listed.GetScope()
	if !h.Streams.ErrTTY {
		if h.listed.GetPartial() {
			fmt.Fprintf(h.stderr, "%s\n", scope)
		}
		return
	}
	many := strconv.Itoa(n)
	if h.listed.GetTotal() != int64(n) && h.listed != nil && h.listed.Total != nil {
		many += fmt.Sprintf(" of %d", h.listed.GetTotal())
	} else if n == 1 {
		noun = noun[:len(noun)-1]
	}
	parts := []string{many + " " + noun}
	if scope != "" {
		parts = append(parts, term.VisibleLine(scope))
	}
	fmt.Fprintf(h.stderr, "%s\n", strings.Join(append(parts, h.gatewayName()), " · "))
}
