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
	s      *scripted
	bar    *term.Bar
	once   sync.Once
	header string // what is said first
}

func newRunBar(s *scripted) *runBar { return &runBar{s: s, bar: term.NewBar(s.progress)} }

// Show shows how far a batch is.
func (b *runBar) Show(t script.Tally) {
	b.once.Do(func() {
		if b.header != "" {
			b.s.say("%s · %s", b.header, counted(t.Total, "item"))
		}
	})
	b.bar.Update(term.BarState{Total: t.Total, Done: t.OK + t.Failed, Failed: t.Failed, AtOnce: t.Running})
}

// Wait shows that the gateway is waited for.
func (b *runBar) Wait(reason string, d time.Duration) {
	b.bar.Note(fmt.Sprintf("waiting %s: %s", d.Round(100*time.Millisecond), reason), d)
}

// Stop ends it.
func (b *runBar) Stop() { b.bar.Stop() }
