package job

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/ncruces/go-sqlite3"
)

// shownDuplicates is how many keys that are there twice an error lists.
const shownDuplicates = 20

// Load puts the items into the journal: all of them, or none. next returns some of them at a time, and io.EOF behind the last.
// Keys that are there twice are a *problem.Error that lists them, and so are more items than limit; 0 is no limit.
//
// The items count as loaded with the last write. What was written before, by a run that was killed meanwhile, the next Load
// removes; so other batches go on while next waits for a gateway.
func (b *Batch) Load(ctx context.Context, limit int, next func(context.Context) ([]Entry, error)) error {
	b.turn.Lock()
	defer b.turn.Unlock()
	if loaded, err := b.Loaded(ctx); err != nil || loaded {
		return err
	}
	if err := b.job.journal.note(b.empty); err != nil {
		return err
	}
	l := loader{batch: b, limit: limit}
	err := l.all(ctx, next)
	if err == nil {
		err = l.refusal()
	}
	if err != nil {
		_ = b.job.journal.note(b.empty)
		return err
	}
	err = b.job.journal.write(func(db *database) error { return db.exec(`INSERT INTO batch VALUES (?)`, b.n) })
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.loaded, b.counts = true, Counts{Total: l.n, Left: l.n}
	return nil
}

func (b *Batch) empty(db *database) error {
	return db.exec(`DELETE FROM item WHERE id >= ? AND id < ?`, itemID(b.n, 0), itemID(b.n+1, 0))
}

// loader counts what it has put in.
type loader struct {
	batch      *Batch
	limit      int
	n          int
	duplicates int
	shown      []problem.Fact
}

func (l *loader) all(ctx context.Context, next func(context.Context) ([]Entry, error)) error {
	for {
		entries, err := next(ctx)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if l.limit > 0 && l.n+len(entries) > l.limit {
			return problem.New(problem.Guarded, "cannot begin: there are more than %d items", l.limit).WithState(problem.Unchanged)
		}
		if len(entries) > 0 {
			if err := l.batch.job.journal.write(func(db *database) error { return l.put(db, entries) }); err != nil {
				return err
			}
		}
		if err != nil {
			return nil //nolint:nilerr // the end
		}
		if err := context.Cause(ctx); err != nil {
			return err
		}
	}
}

func (l *loader) put(db *database, entries []Entry) error {
	for _, e := range entries {
		err := db.exec(`INSERT OR IGNORE INTO item (id, batch, key, line, data, source, state, tries, secrets, effect)
			VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, 0)`, itemID(l.batch.n, l.n), l.batch.n, e.Key, e.Line, e.Data, e.Source)
		if err != nil {
			return err
		}
		if db.conn.Changes() == 1 {
			l.n++
			continue
		}
		if l.duplicates++; l.duplicates > shownDuplicates {
			continue
		}
		err = db.query(`SELECT line FROM item WHERE batch = ? AND key = ?`, func(s *sqlite3.Stmt) error {
			l.show(e, s.ColumnInt(0))
			return nil
		}, l.batch.n, e.Key)
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) show(e Entry, first int) {
	f := problem.Fact{Label: "twice", Text: e.Key}
	if e.Line > 0 {
		f = problem.Fact{Label: fmt.Sprintf("line %d", e.Line), Text: fmt.Sprintf("%s, as line %d", e.Key, first)}
	}
	l.shown = append(l.shown, f)
}

// refusal is the error for keys that are there twice.
func (l *loader) refusal() error {
	if l.duplicates == 0 {
		return nil
	}
	items := "1 item has the key of another"
	if l.duplicates > 1 {
		items = fmt.Sprintf("%d items have the key of another", l.duplicates)
	}
	e := problem.New(problem.Usage, "cannot begin: %s", items).WithState(problem.Unchanged).WithHint("keys tell the items apart: choose another key, or remove what is there twice")
	e.Facts = l.shown
	if more := l.duplicates - len(l.shown); more > 0 {
		e.Facts = append(e.Facts, problem.Fact{Label: "more", Text: fmt.Sprint(more)})
	}
	return e
}
