package job

import (
	"context"

	"github.com/ncruces/go-sqlite3"
)

// Keys returns the keys of all items, in their order. They are held in memory: it is for batches whose items were.
func (b *Batch) Keys(ctx context.Context) (keys []string, err error) {
	if _, err := b.Loaded(ctx); err != nil {
		return nil, err
	}
	err = b.job.journal.read(func(db *database) error {
		return db.query(`SELECT key FROM item WHERE id >= ? AND id < ? ORDER BY id`, func(s *sqlite3.Stmt) error {
			keys = append(keys, s.ColumnText(0))
			return nil
		}, itemID(b.n, 0), itemID(b.n+1, 0))
	})
	return keys, err
}
