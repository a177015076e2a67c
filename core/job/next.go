package job

import (
	"cmp"
	"context"
	"io"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/ncruces/go-sqlite3"
)

// pageLength is how many items are read at a time.
const pageLength = 64

// cursor is how far a run has come: first through what was begun before, then through what is new.
type cursor struct {
	fresh bool
	next  int // number of an item
	over  bool
}

// pending is an item as the journal has it.
type pending struct {
	Entry
	n, state, tries int
}

const pendingColumns = `SELECT id, key, line, data, source, state, tries FROM item `

func scanPending(s *sqlite3.Stmt) pending {
	return pending{
		Entry: Entry{Key: s.ColumnText(1), Line: s.ColumnInt(2), Data: blob(s, 3), Source: blob(s, 4)},
		n:     int(s.ColumnInt64(0) & (1<<batchShift - 1)), state: s.ColumnInt(5), tries: s.ColumnInt(6),
	}
}

// Next returns the next item that no run has finished, in their order, and io.EOF behind the last. What was begun and not
// finished comes first.
func (b *Batch) Next(ctx context.Context) (*Item, error) {
	b.turn.Lock()
	defer b.turn.Unlock()
	for len(b.page) == 0 {
		// What a run that was killed has loaded in part is nothing.
		if is, err := b.Loaded(ctx); err != nil || !is || b.at.over {
			return nil, cmp.Or(err, io.EOF)
		}
		if err := b.turnPage(); err != nil {
			return nil, err
		}
	}
	p := b.page[0]
	b.page = b.page[1:]
	if len(b.page) == pageLength/2 && b.ahead == nil && !b.at.over {
		b.ahead = b.readPage() // whose error is that of its turn
	}
	return b.begin(p)
}

// page is some of the items that follow, being read or read.
type page struct {
	items []pending
	at    cursor // behind them
	read  *entry
	err   error // why it cannot be read
}

// turnPage waits for the next page, and goes on behind it.
func (b *Batch) turnPage() error {
	p := b.ahead
	if b.ahead = nil; p == nil {
		p = b.readPage()
	}
	if p.err == nil {
		p.err = <-p.read.done
	}
	if p.err != nil {
		return p.err
	}
	b.page, b.at = p.items, p.at
	return nil
}

// readPage begins to read the next page, behind what waits in the journal.
func (b *Batch) readPage() *page {
	p := &page{at: b.at}
	p.read = &entry{do: func(db *database) error { return p.fill(db, b.n) }, urgent: true, done: make(chan error, 1)}
	p.err = b.job.journal.put(p.read)
	return p
}

func (p *page) fill(db *database, batch int) error {
	sql := pendingColumns + `WHERE state = 1 AND id >= ? AND id < ? ORDER BY id LIMIT ?`
	if p.at.fresh {
		sql = pendingColumns + `WHERE state = 0 AND id >= ? AND id < ? ORDER BY id LIMIT ?`
	}
	p.items = make([]pending, 0, pageLength)
	err := db.query(sql, func(s *sqlite3.Stmt) error {
		p.items = append(p.items, scanPending(s))
		return nil
	}, itemID(batch, p.at.next), itemID(batch+1, 0), pageLength)
	if err != nil {
		return err
	}
	switch n := len(p.items); {
	case n == pageLength:
		p.at.next = p.items[n-1].n + 1
	case p.at.fresh:
		p.at.over = true
	default:
		p.at = cursor{fresh: true}
	}
	return nil
}

// Begin begins the item of a key, where something else than Next decides on the order. Ended tells what an earlier run has made
// of it. For a key that the batch does not have the error has the code NotFound.
func (b *Batch) Begin(ctx context.Context, key string) (*Item, error) {
	is, err := b.Loaded(ctx)
	if err != nil {
		return nil, err
	}
	b.turn.Lock()
	defer b.turn.Unlock()
	var p *pending
	err = b.job.journal.read(func(db *database) error {
		return db.query(pendingColumns+`WHERE batch = ? AND key = ?`, func(s *sqlite3.Stmt) error {
			one := scanPending(s)
			p = &one
			return nil
		}, b.n, key)
	})
	switch {
	case err != nil:
		return nil, err
	case !is || p == nil:
		return nil, problem.New(problem.NotFound, "cannot begin with %q: job %s has no such item", key, b.job.id)
	}
	return b.begin(*p)
}

// begin notes that an item is under way. Only one that was begun before has anything to read.
func (b *Batch) begin(p pending) (*Item, error) {
	i := &Item{Entry: p.Entry, batch: b, n: p.n, again: p.tries > 0, steps: map[stepKey]*Step{}, names: map[string]*Step{}}
	if p.state == stateOK || p.state == stateFailed {
		return i, b.job.journal.read(i.readEnd)
	}
	id := i.id()
	err := b.job.journal.note(func(db *database) error {
		return db.exec(`UPDATE item SET state = 1, tries = tries + 1 WHERE id = ?`, id)
	})
	if err == nil && i.again {
		err = b.job.journal.read(i.readSteps)
	}
	if err != nil {
		return nil, err
	}
	b.enter(i)
	if p.state == stateNew {
		b.move(stateNew, stateBegun)
	}
	return i, nil
}
