package app

import (
	"fmt"

	"github.com/litellm-proxy/litellm-proxy/core/script"
)

// runBar shows how far a script is: first where it works, then a bar.
type runBar struct {
	s      *scripted
	header string
	named  bool
}

// Name sets what is said before the bar.
func (b *runBar) Name(header string) { b.header = header }

// Show shows how far a batch is.
func (b *runBar) Show(t script.Tally) {
	if b.header != "" && !b.named {
		b.named = true
		b.s.say("%s · %s", b.header, counted(t.Total, "item"))
	}
	b.s.progress.Update(fmt.Sprintf("%d at once, %d failed", t.Limit, t.Failed), int64(t.OK+t.Failed), int64(t.Total))
}

// Stop ends it.
func (b *runBar) Stop() { b.s.progress.Stop() }
