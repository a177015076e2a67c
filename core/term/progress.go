package term

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/mattn/go-runewidth"
)

// frame is the time between two drawings.
const frame = 100 * time.Millisecond

// Progress is one line on the terminal of stderr that says what is going on: a spinner, a text, how many of how many,
// and the seconds so far. It is drawn only after a while, so that what is quick shows nothing. Where stderr is no
// terminal it does nothing. It is safe for concurrent use.
//
// mpb draws bars from their first moment, cannot hold one back, and keeps goroutines for each; for one line that is
// mostly never drawn, a timer is enough.
type Progress struct {
	streams *Streams
	after   time.Duration

	mu          sync.Mutex
	timer       *time.Timer // nil: not running
	began       time.Time
	text        string
	done, total int64
	drawn       bool          // the line is on the screen
	midline     bool          // the cursor stands behind text of others
	over        func() string // a bar's line, which is drawn instead; nil for none
	frames      int
}

// NewProgress returns a Progress that is drawn when after has passed since the first Update.
func NewProgress(s *Streams, after time.Duration) *Progress {
	return &Progress{streams: s, after: after}
}

func (p *Progress) silent() bool { return !p.streams.ErrTTY || p.streams.dumb }

// Update says what is going on. Done and total are not shown where total is 0, and done alone where total is negative.
func (p *Progress) Update(text string, done, total int64) {
	if p.silent() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text, p.done, p.total = text, done, total
	if p.timer == nil {
		p.began = time.Now()
		p.timer = time.AfterFunc(p.after, p.tick)
	}
}

// Stop erases the line. A later Update begins anew.
func (p *Progress) Stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer != nil {
		p.timer.Stop()
		p.timer = nil
	}
	p.erase()
}

// Writer returns a writer to stderr that leaves the line intact; see Around.
func (p *Progress) Writer() io.Writer { return p.Around(p.streams.Err) }

// Around returns a writer to w, a stream of the same terminal, that erases the line, writes, and draws the line again.
// Everything that is written there while the Progress runs must pass it.
func (p *Progress) Around(w io.Writer) io.Writer {
	if p.silent() {
		return w
	}
	return &around{p, w}
}

type around struct {
	p *Progress
	w io.Writer
}

func (a *around) Write(b []byte) (int, error) {
	a.p.mu.Lock()
	defer a.p.mu.Unlock()
	drawn := a.p.drawn
	a.p.erase()
	n, err := a.w.Write(b)
	if n > 0 {
		a.p.midline = b[n-1] != '\n'
	}
	if drawn {
		a.p.draw()
	}
	return n, err
}

func (p *Progress) tick() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer == nil {
		return
	}
	p.draw()
	p.timer.Reset(frame)
}

func (p *Progress) erase() {
	if p.drawn {
		_, _ = io.WriteString(p.streams.Err, "\r\x1b[K")
		p.drawn = false
	}
}

func (p *Progress) draw() {
	if p.midline {
		return
	}
	line := p.line
	if p.over != nil {
		line = p.over
	}
	_, _ = io.WriteString(p.streams.Err, "\r"+line()+"\x1b[K")
	p.drawn = true
}

// line returns the line, shorter than the terminal is wide so that it never wraps.
func (p *Progress) line() string {
	spinner := []rune("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
	parts := []string{string(spinner[p.frames%len(spinner)])}
	p.frames++
	if p.text != "" {
		parts = append(parts, VisibleLine(p.text))
	}
	switch {
	case p.total > 0:
		parts = append(parts, fmt.Sprintf("%d/%d", p.done, p.total))
	case p.total < 0:
		parts = append(parts, fmt.Sprint(p.done))
	}
	seconds := fmt.Sprintf(" %d s", int(time.Since(p.began).Seconds()))
	measure := runewidth.Condition{StrictEmojiNeutral: true}
	room := p.streams.Width - 1 - len(seconds)
	if room < 1 {
		return ""
	}
	return measure.Truncate(strings.Join(parts, " "), room, "…") + seconds
}
