package job

import (
	"bytes"
	"context"
	"encoding/json"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/ncruces/go-sqlite3"
)

// Item is one that is being worked on. It is safe for concurrent use.
type Item struct {
	Entry
	batch *Batch
	n     int
	again bool
	end   *ending // what an earlier run has made of it

	mu     sync.Mutex
	effect int // the strongest of its steps
	steps  map[stepKey]*Step
	names  map[string]*Step
}

type stepKey struct {
	kind byte
	n    int
}

type ending struct {
	row     []byte
	failure *problem.Error
}

func (i *Item) id() int64 { return itemID(i.batch.n, i.n) }

// Again reports whether an earlier run had begun it.
func (i *Item) Again() bool { return i.again }

// Ended returns the row or the failure that an earlier run has ended the item with. Only Begin gives such items.
func (i *Item) Ended() (row []byte, failure *problem.Error, ok bool) {
	if i.end == nil {
		return nil, nil, false
	}
	return i.end.row, i.end.failure, true
}

func (i *Item) readEnd(db *database) error {
	i.end = &ending{}
	return db.query(`SELECT row, error FROM item WHERE id = ?`, func(s *sqlite3.Stmt) error {
		i.end.row, i.end.failure = blob(s, 0), decodeProblem(blob(s, 1))
		return nil
	}, i.id())
}

// readSteps reads what earlier runs have done, in one query.
func (i *Item) readSteps(db *database) error {
	return db.query(`SELECT s.id, s.kind, s.n, s.name, s.call, s.first, s.finished, s.result, s.after, s.outcome, m.kind, m.name, m.value
		FROM step s LEFT JOIN mark m ON m.step = s.id WHERE s.item = ? ORDER BY s.id, m.n`, func(q *sqlite3.Stmt) error {
		key := stepKey{q.ColumnText(1)[0], q.ColumnInt(2)}
		s := i.steps[key]
		if s == nil {
			s = &Step{
				item: i, id: q.ColumnInt64(0), key: key, name: q.ColumnText(3), call: blob(q, 4), first: q.ColumnInt(5), again: true,
				finished: q.ColumnBool(6), result: blob(q, 7), after: q.ColumnInt(8),
			}
			i.steps[key] = s
			if key.kind == kindNamed {
				i.names[s.name] = s
			}
			i.effect = max(i.effect, effectOf(q.ColumnText(9)))
		}
		switch q.ColumnText(10) {
		case markIntent:
			s.intents = append(s.intents, intent{q.ColumnText(11), q.ColumnText(12)})
			s.marks++
		case markSent:
			s.sent = append(s.sent, q.ColumnText(11))
			s.marks++
		}
		return nil
	}, i.id())
}

// Done notes the row that an item ends with, a JSON object or nothing. It is on disk when Done returns, and ctx does not
// matter: the item was done.
func (i *Item) Done(_ context.Context, row []byte) error {
	row = bytes.Clone(row)
	secrets := i.batch.job.keys.countRefs(row)
	i.mu.Lock()
	effect := i.effect
	i.mu.Unlock()
	return i.finish(stateOK, func(db *database) error {
		return db.exec(`UPDATE item SET state = 2, row = ?, secrets = ?, effect = ?, error = NULL, reason = NULL WHERE id = ?`,
			row, secrets, effect, i.id())
	})
}

// Failed notes why an item failed. It is on disk when Failed returns, and ctx does not matter.
func (i *Item) Failed(_ context.Context, e *problem.Error) error {
	text := encodeProblem(e)
	reason := i.reasonOf(e)
	return i.finish(stateFailed, func(db *database) error {
		return db.exec(`UPDATE item SET state = 3, row = NULL, secrets = 0, error = ?, reason = ? WHERE id = ?`, text, reason, i.id())
	})
}

func (i *Item) finish(state int, do func(*database) error) error {
	if err := i.batch.job.journal.writeSoon(do); err != nil {
		return err
	}
	i.batch.leave(i)
	i.batch.move(stateBegun, state)
	return nil
}

func encodeProblem(e *problem.Error) []byte {
	if e == nil {
		return nil
	}
	text, err := json.Marshal(e)
	if err != nil {
		return []byte(`{"Message":"cannot be written down"}`) // unreachable: it has texts, numbers and lists of them
	}
	return text
}

func decodeProblem(text []byte) *problem.Error {
	if text == nil {
		return nil
	}
	var e problem.Error
	if err := json.Unmarshal(text, &e); err != nil {
		return problem.New(problem.Failed, "for a reason that cannot be read")
	}
	return &e
}
