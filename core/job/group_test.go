package job

import (
	"testing"
	"testing/synctest"
	"time"
)

// What is in no hurry shares the transaction of what comes next, and does not wait for ever.
func TestGroup(t *testing.T) {
	const step = patience * 3 / 10
	lazy, urgent := func() *entry { return &entry{} }, func() *entry { return &entry{urgent: true} }
	for name, c := range map[string]struct {
		waiting []*entry
		later   []*entry // come a moment later, one after the other
		want    int
		wait    time.Duration
	}{
		"one in a hurry":             {[]*entry{urgent()}, nil, 1, 0},
		"what waits behind it":       {[]*entry{urgent(), lazy(), urgent(), lazy()}, nil, 4, 0},
		"one in a hurry behind lazy": {[]*entry{lazy(), lazy(), urgent()}, []*entry{lazy()}, 3, 0},
		"nobody in a hurry":          {[]*entry{lazy(), lazy()}, nil, 2, patience},
		"one that comes in a hurry":  {[]*entry{lazy()}, []*entry{lazy(), urgent(), lazy()}, 3, 2 * step},
		"ones that come too late":    {[]*entry{lazy()}, []*entry{lazy(), lazy(), lazy(), lazy(), lazy()}, 4, patience},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				j := &journal{queue: make(chan *entry, queueLength)}
				for _, e := range c.waiting[1:] {
					j.queue <- e
				}
				go func() {
					for _, e := range c.later {
						time.Sleep(step)
						j.queue <- e
					}
				}()
				began := time.Now()
				if got := len(j.group([]*entry{c.waiting[0]})); got != c.want || time.Since(began) != c.wait {
					t.Errorf("%d in %s, want %d in %s", got, time.Since(began), c.want, c.wait)
				}
				time.Sleep(time.Second) // until all have come
			})
		})
	}
}

// The last ones do not wait when the journal ends.
func TestGroupAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := &journal{queue: make(chan *entry, queueLength)}
		j.queue <- &entry{}
		close(j.queue)
		began := time.Now()
		if got := len(j.group([]*entry{{}})); got != 2 || time.Since(began) != 0 {
			t.Errorf("%d in %s", got, time.Since(began))
		}
	})
}
