package job

import (
	"context"
	"sync"

	"github.com/ncruces/go-sqlite3"
)

// Batch is a set of items. It is safe for concurrent use.
type Batch struct {
	job *Job
	n   int

	turn  sync.Mutex // of Load and Next
	page  []pending  // read and not given yet
	at    cursor     // behind it
	ahead *page      // the page behind it; nil: it has not been asked for

	mu     sync.Mutex
	loaded bool
	counts Counts
	active map[int]*Item // under way, by number
}

// Entry is an item before it is begun.
type Entry struct {
	Key  string // unlike that of all others of its batch
	Line int    // in the file that it came from; 0 for none
	Data []byte // JSON
	// Source is a JSON object: the columns of the line as they came, for failed.csv and unprocessed.csv. Without it these have
	// the members of Data.
	Source []byte
}

// Counts of the items of a batch. Each item is in one of OK, Failed, Begun and Left.
type Counts struct {
	Total  int
	OK     int
	Failed int
	Begun  int // and not finished: under way, or in the run that was killed
	Left   int // not begun
}

func (c *Counts) add(d Counts) {
	c.Total += d.Total
	c.OK += d.OK
	c.Failed += d.Failed
	c.Begun += d.Begun
	c.Left += d.Left
}

// count adds n items in a state.
func (c *Counts) count(state, n int) {
	c.Total += n
	*c.of(state) += n
}

func (c *Counts) of(state int) *int {
	switch state {
	case stateBegun:
		return &c.Begun
	case stateOK:
		return &c.OK
	case stateFailed:
		return &c.Failed
	}
	return &c.Left
}

// countItems reads whether the items of a batch are all there, and their counts.
func countItems(db *database, batch int) (loaded bool, c Counts, err error) {
	err = db.query(`SELECT 1 FROM batch WHERE n = ?`, func(*sqlite3.Stmt) error {
		loaded = true
		return nil
	}, batch)
	if err != nil || !loaded {
		return false, Counts{}, err
	}
	err = db.query(`SELECT state, count(*) FROM item WHERE id >= ? AND id < ? GROUP BY state`, func(s *sqlite3.Stmt) error {
		c.count(s.ColumnInt(0), s.ColumnInt(1))
		return nil
	}, itemID(batch, 0), itemID(batch+1, 0))
	return true, c, err
}

// Loaded reports whether the items are in the journal.
func (b *Batch) Loaded(ctx context.Context) (bool, error) {
	if err := context.Cause(ctx); err != nil {
		return false, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.loaded, nil
}

// Counts returns them as they are now.
func (b *Batch) Counts() Counts {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.counts
}

// move counts an item in another state.
func (b *Batch) move(from, to int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	*b.counts.of(from)--
	*b.counts.of(to)++
}

// underWay is the item of a number while it is worked on.
func (b *Batch) underWay(n int) *Item {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.active[n]
}

func (b *Batch) enter(i *Item) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.active == nil {
		b.active = map[int]*Item{}
	}
	b.active[i.n] = i
}

func (b *Batch) leave(i *Item) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.active, i.n)
}
