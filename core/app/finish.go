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
func (h *host) finish(ctx context.Context, err error) error {
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
		h.output.endLine()
	}
	if h.output.out.closed.Load() {
		return &silent{problem.OK}
	}
	if problem.CodeOf(err) == problem.Plugin || err != nil && h.output.count() == 0 {
		h.output.discard()
	}
	if closed := h.output.close(); err == nil {
		err = closed
	}
	if err == nil {
		h.summary()
	}
	return err
}

// summary ends a list: on a terminal how many of how many there are, whether the caller sees all, and where they came
// from; elsewhere only that the caller sees a part.
func (h *host) summary() {
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
	n := h.output.count()
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
