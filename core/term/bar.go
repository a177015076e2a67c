package term

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/mattn/go-runewidth"
)

const (
	// plainFrame is the time between two lines where there is no terminal.
	plainFrame = 5 * time.Second
	// rateWindow is how far back the rate looks, sampleEvery how exactly, and rateAfter when there is something to say.
	rateWindow  = 10 * time.Second
	sampleEvery = 250 * time.Millisecond
	rateAfter   = time.Second
)

// Columns of the bar itself.
const (
	longestBar  = 32
	shortestBar = 8
)

// BarState is how far a batch is.
type BarState struct {
	Total  int // 0: not known yet
	Done   int // also those that failed
	Failed int
	AtOnce int // under way
}

// Bar is one line on the terminal of stderr that says how far a batch is:
//
//	━━━━━━━━━━━━━━━━━━━━╸━━━━━━━━━━━  131/200   8 at once   11.4/s   6 s left   2 failed
//
// It takes the place of a Progress, with which it shares the line: what is written to the writers of that one does not tear it.
// Where stderr is no terminal a plain line is written every 5 seconds. It is safe for concurrent use.
type Bar struct {
	p *Progress

	// All below is guarded by the Progress's mutex.
	timer   *time.Timer // nil: not running
	began   time.Time
	state   BarState
	samples []sample
	note    string
	noted   time.Time // when the note ends
}

type sample struct {
	at   time.Time
	done int
}

// NewBar returns a bar in the place of p. Nothing is drawn before the first Update.
func NewBar(p *Progress) *Bar { return &Bar{p: p} }

// Update says how far the batch is.
func (b *Bar) Update(s BarState) {
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	b.state = s
	now := time.Now()
	if n := len(b.samples); n == 0 || now.Sub(b.samples[n-1].at) >= sampleEvery {
		b.samples = append(b.window(now), sample{now, s.Done})
	}
	if b.timer == nil {
		b.began = now
		b.timer = time.AfterFunc(b.every(), b.tick)
	}
}

// Note shows a text in place of the rate for a while: "waiting 4 s: the gateway said 429 (now 4 at once)".
func (b *Bar) Note(text string, lasts time.Duration) {
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	b.note, b.noted = VisibleLine(text), time.Now().Add(lasts)
}

// Stop erases the line. A later Update begins anew.
func (b *Bar) Stop() {
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	if b.timer == nil {
		return
	}
	b.timer.Stop()
	b.timer, b.samples, b.p.over = nil, nil, nil
	b.p.erase()
}

func (b *Bar) every() time.Duration {
	if b.p.silent() {
		return plainFrame
	}
	return frame
}

func (b *Bar) tick() {
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	if b.timer == nil {
		return
	}
	b.draw()
	b.timer.Reset(b.every())
}

// draw writes the line, over that of the Progress.
func (b *Bar) draw() {
	p := b.p
	now := time.Now()
	if p.silent() {
		_, _ = io.WriteString(p.streams.Err, strings.Join(b.parts(now), between)+"\n")
		return
	}
	if p.timer != nil {
		p.timer.Stop()
		p.timer = nil
	}
	p.over = func() string { return b.line(time.Now(), p.streams.Width-3) }
	p.draw()
}

// parts are what the line says, the least important last.
func (b *Bar) parts(now time.Time) []string {
	parts := []string{b.count()}
	if b.note != "" && now.Before(b.noted) {
		return append(parts, b.note)
	}
	if b.state.AtOnce > 0 {
		parts = append(parts, fmt.Sprintf("%d at once", b.state.AtOnce))
	}
	if rate := b.rate(now); rate > 0 {
		parts = append(parts, rateText(rate))
		if rest := b.state.Total - b.state.Done; rest > 0 {
			parts = append(parts, leftText(float64(rest)/rate))
		}
	}
	if b.state.Failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", b.state.Failed))
	}
	return parts
}

const between = "   " // two parts

// line is the line with its bar in some columns: parts go from the right, then the bar, then the end of the text.
func (b *Bar) line(now time.Time, columns int) string {
	if columns < 1 {
		return ""
	}
	measure := runewidth.Condition{StrictEmojiNeutral: true}
	parts := b.parts(now)
	text := "  " + parts[0]
	for _, part := range parts[1:] {
		longer := text + between + part
		if part == b.note {
			longer = measure.Truncate(longer, columns-shortestBar, "…")
		}
		if measure.StringWidth(longer) > columns-shortestBar {
			break
		}
		text = longer
	}
	room := columns - measure.StringWidth(text)
	if b.state.Total == 0 || room < shortestBar {
		return measure.Truncate(strings.TrimSpace(text), columns, "…")
	}
	return picture(b.state, min(room, longestBar)) + text
}

// picture is what is done, and behind the gap what is not.
func picture(s BarState, width int) string {
	done := min(width, width*s.Done/s.Total)
	if done == width {
		return strings.Repeat("━", width)
	}
	return strings.Repeat("━", done) + "╸" + strings.Repeat("━", width-done-1)
}

func (b *Bar) count() string {
	if b.state.Total == 0 {
		return fmt.Sprint(b.state.Done)
	}
	return fmt.Sprintf("%d/%d", b.state.Done, b.state.Total)
}

// rate is how many items a second were done in the window; 0 if that is not known.
func (b *Bar) rate(now time.Time) float64 {
	b.samples = b.window(now)
	if len(b.samples) == 0 || now.Sub(b.samples[0].at) < rateAfter {
		return 0
	}
	return float64(b.state.Done-b.samples[0].done) / now.Sub(b.samples[0].at).Seconds()
}

// window is the samples that are not too old, and at least the last.
func (b *Bar) window(now time.Time) []sample {
	s := b.samples
	for len(s) > 1 && now.Sub(s[0].at) > rateWindow {
		s = s[1:]
	}
	return s
}

func rateText(rate float64) string {
	switch {
	case rate >= 100:
		return fmt.Sprintf("%.0f/s", rate)
	case rate >= 0.1:
		return fmt.Sprintf("%.1f/s", rate)
	}
	return fmt.Sprintf("%.1f/min", rate*60)
}

func leftText(seconds float64) string {
	switch n := int(seconds + 0.999); {
	case n < 100:
		return fmt.Sprintf("%d s left", n)
	case n < 100*60:
		return fmt.Sprintf("%d min left", (n+59)/60)
	case n < 1000*3600:
		return fmt.Sprintf("%d h left", (n+3599)/3600)
	}
	return "days left"
}
