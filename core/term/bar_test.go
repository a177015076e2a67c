package term_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/mattn/go-runewidth"
)

func TestBar(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s screen
		p := term.NewProgress(&term.Streams{Err: &s, ErrTTY: true, Width: 91}, 500*time.Millisecond)
		b := term.NewBar(p)
		see := func(want string) {
			t.Helper()
			synctest.Wait()
			if got := s.show(); got != want {
				t.Errorf("see\n%q, want\n%q", got, want)
			}
		}
		b.Update(term.BarState{Total: 200, Done: 20, AtOnce: 8})
		see("")
		time.Sleep(100 * time.Millisecond)
		see("━━━╸━━━━━━━━━━━━━━━━━━━━━━━━━━━━  20/200   8 at once")
		for n := range 9 { // 10 a second
			time.Sleep(time.Second)
			b.Update(term.BarState{Total: 200, Done: 30 + n*10, AtOnce: 8, Failed: n / 4})
		}
		time.Sleep(100 * time.Millisecond)
		see("━━━━━━━━━━━━━━━━━╸━━━━━━━━━━━━━━  110/200   8 at once   9.8/s   10 s left   2 failed")

		b.Note("waiting 4 s: the gateway said 429 (now 4 at once)", 4*time.Second)
		time.Sleep(100 * time.Millisecond)
		see("━━━━━━━━━━━━━━╸━━━━━━━━━━━━  110/200   waiting 4 s: the gateway said 429 (now 4 at once)")
		time.Sleep(4 * time.Second)
		see("━━━━━━━━━━━━━━━━━╸━━━━━━━━━━━━━━  110/200   8 at once   5.4/s   17 s left   2 failed")
		time.Sleep(20 * time.Second) // nothing is done any more
		see("━━━━━━━━━━━━━━━━━╸━━━━━━━━━━━━━━  110/200   8 at once   2 failed")

		fmt.Fprintln(p.Writer(), "a warning")
		time.Sleep(100 * time.Millisecond)
		see("a warning\n━━━━━━━━━━━━━━━━━╸━━━━━━━━━━━━━━  110/200   8 at once   2 failed")
		fmt.Fprint(p.Writer(), "half a ")
		time.Sleep(300 * time.Millisecond)
		see("a warning\nhalf a ")
		fmt.Fprintln(p.Writer(), "line")
		p.Update("a command's own progress", 0, 0) // does not get through
		time.Sleep(time.Second)
		see("a warning\nhalf a line\n━━━━━━━━━━━━━━━━━╸━━━━━━━━━━━━━━  110/200   8 at once   2 failed")
		b.Update(term.BarState{Total: 200, Done: 200})
		time.Sleep(100 * time.Millisecond)
		see("a warning\nhalf a line\n━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  200/200")
		b.Stop()
		see("a warning\nhalf a line\n")
		b.Stop()
		time.Sleep(time.Second)
		see("a warning\nhalf a line\n")
		b.Update(term.BarState{Done: 5})
		time.Sleep(100 * time.Millisecond)
		see("a warning\nhalf a line\n5")
		b.Stop()
	})
}

// The line never wraps: parts go from the right, then the bar, then the end of the text.
func TestBarWidths(t *testing.T) {
	for width, want := range map[int]string{
		200: "━━━━━━━━━━━━━━━━━━━━╸━━━━━━━━━━━  131/200   8 at once   2.0/s   35 s left   2 failed",
		60:  "━━━━━━━━━━╸━━━━━  131/200   8 at once   2.0/s   35 s left",
		59:  "━━━━━━━━━╸━━━━━  131/200   8 at once   2.0/s   35 s left",
		40:  "━━━━━╸━━  131/200   8 at once   2.0/s",
		20:  "━━━━━╸━━  131/200",
		17:  "131/200",
		6:   "13…",
		1:   "",
		0:   "",
	} {
		synctest.Test(t, func(t *testing.T) {
			var s screen
			b := term.NewBar(term.NewProgress(&term.Streams{Err: &s, ErrTTY: true, Width: width}, 0))
			b.Update(term.BarState{Total: 200, Done: 129, AtOnce: 8, Failed: 2})
			time.Sleep(950 * time.Millisecond)
			b.Update(term.BarState{Total: 200, Done: 131, AtOnce: 8, Failed: 2})
			time.Sleep(60 * time.Millisecond)
			if got := s.show(); got != want {
				t.Errorf("%d columns: %q, want %q", width, got, want)
			}
			b.Note("waiting 4 s: the gateway said 429 (now 4 at once)", time.Minute)
			time.Sleep(100 * time.Millisecond)
			if got := runewidth.StringWidth(s.show()); got >= max(width, 1) {
				t.Errorf("%d columns: %q", width, s.show())
			}
			b.Stop()
		})
	}
}

// Rates and times of all sizes.
func TestBarRates(t *testing.T) {
	for _, c := range []struct {
		total, done int
		want        string
	}{
		{100000, 1234, "1234/100000   123/s   14 min left"},
		{100000000, 1234, "1234/100000000   123/s   226 h left"},
		{1000000000000, 1, "1/1000000000000   0.1/s   days left"},
		{60, 10, "10/60   1.0/s   50 s left"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			b := term.NewBar(term.NewProgress(&term.Streams{Err: &out}, 0))
			b.Update(term.BarState{Total: c.total})
			time.Sleep(9900 * time.Millisecond)
			b.Update(term.BarState{Total: c.total, Done: c.done})
			time.Sleep(100 * time.Millisecond)
			synctest.Wait()
			b.Stop()
			lines := strings.Split(out.String(), "\n")
			if got := lines[len(lines)-2]; got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// Without a terminal a line is written every five seconds, and none for what is quick.
func TestBarWithoutTerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out screen
		b := term.NewBar(term.NewProgress(&term.Streams{Err: &out, Width: 80}, 0))
		b.Update(term.BarState{Total: 200, AtOnce: 8})
		time.Sleep(4900 * time.Millisecond)
		b.Update(term.BarState{Total: 200, Done: 49, AtOnce: 8, Failed: 1})
		synctest.Wait()
		if out.show() != "" {
			t.Errorf("wrote %q", out.show())
		}
		time.Sleep(200 * time.Millisecond)
		b.Note("waiting\x1b[1m 4 s", 10*time.Second)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		b.Stop()
		time.Sleep(time.Minute)
		want := "49/200   8 at once   9.8/s   16 s left   1 failed\n49/200   waiting\\x1b[1m 4 s\n"
		if out.show() != want {
			t.Errorf("wrote %q, want %q", out.show(), want)
		}
	})
}

func TestBarFromManyGoroutines(t *testing.T) {
	var s screen
	p := term.NewProgress(&term.Streams{Err: &s, ErrTTY: true, Width: 80}, 0)
	b := term.NewBar(p)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 200 {
				b.Update(term.BarState{Total: 200, Done: n})
				b.Note("x", time.Duration(n))
				if n%50 == 0 {
					fmt.Fprintln(p.Writer(), i, n)
					p.Update("x", 0, 0)
				}
			}
		})
	}
	all.Wait()
	b.Stop()
	p.Stop()
	if s.line != "" || len(s.above) != 32 {
		t.Errorf("%d lines and %q are left", len(s.above), s.line)
	}
}
