package app

import (
	"fmt"
	"sync"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/script"
	"github.com/litellm-proxy/litellm-proxy/core/term"
)

// runBar shows how far a script is: first where it works, then a bar.
type runBar struct {
	s   *scripted
	bar *term.Bar

	mu     sync.Mutex
	header string // what is said first
	said   bool   // it was
}

func newRunBar(s *scripted) *runBar { return &runBar{s: s, bar: term.NewBar(s.progress)} }

// Name sets what is said first: where, as whom, and which job.
func (b *runBar) Name(header string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.header = header
}

// Show shows how far a batch is.
func (b *runBar) Show(t script.Tally) {
	b.mu.Lock()
	header := b.header
	first := header != "" && !b.said
	b.said = b.said || first
	b.mu.Unlock()
	if first {
		b.s.say("%s · %s", header, counted(t.Total, "item"))
	}
	b.bar.Update(term.BarState{Total: t.Total, Done: t.OK + t.Failed, Failed: t.Failed, AtOnce: t.Running})
}

// Wait shows that the gateway is waited for.
func (b *runBar) Wait(reason string, d time.Duration) {
	b.bar.Note(fmt.Sprintf("waiting %s: %s", d.Round(100*time.Millisecond), reason), d)
}

// Stop ends it.
func (b *runBar) Stop() { b.bar.Stop() }
