package script

import (
	"context"
	"time"
)

// limiter says how many items may be under way: half as many at each sign of trouble, and one more after as many items went well.
type limiter struct {
	wished, limit int
	good          int // since the limit was changed
	last          time.Time
}

// trouble halves the limit, at most once a second: one overload is told by many requests. It reports whether it did.
func (l *limiter) trouble(now time.Time) bool {
	if !l.last.IsZero() && now.Sub(l.last) < time.Second || l.limit == 1 {
		return false
	}
	l.last, l.limit, l.good = now, max(1, l.limit/2), 0
	return true
}

func (l *limiter) success() {
	if l.good++; l.good >= l.limit && l.limit < l.wished {
		l.limit, l.good = l.limit+1, 0
	}
}

// pace spreads the beginnings of items evenly.
type pace struct {
	every time.Duration
	clock func() time.Time
	sleep func(context.Context, time.Duration) error
	next  time.Time
}

// wait returns when the next item may be begun. It is called by one goroutine at a time.
func (p *pace) wait(ctx context.Context) error {
	if p.every == 0 {
		return nil
	}
	now := p.clock()
	if d := p.next.Sub(now); d > 0 {
		if err := p.sleep(ctx, d); err != nil {
			return err
		}
		now = p.next
	}
	p.next = now.Add(p.every)
	return nil
}
