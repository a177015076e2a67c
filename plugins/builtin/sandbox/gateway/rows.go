package gateway

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// store is the database inside the transaction of one request.
type store struct {
	tx  *sql.Tx
	ctx context.Context
}

// exec runs a statement.
func (s *store) exec(query string, args ...any) error {
	_, err := s.tx.ExecContext(s.ctx, query, args...)
	return err
}

// execCount runs a statement and returns the number of rows it changed.
func (s *store) execCount(query string, args ...any) (int, error) {
	res, err := s.tx.ExecContext(s.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// get reads one row into dest and says whether there was one.
func (s *store) get(query string, args []any, dest ...any) (bool, error) {
	err := s.tx.QueryRowContext(s.ctx, query, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// each calls scan for every row of query.
func (s *store) each(query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := s.tx.QueryContext(s.ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// isDuplicate says whether err is the refusal of a second row with one key.
func isDuplicate(err error) bool {
	return errors.Is(err, sqlite3.CONSTRAINT_UNIQUE) || errors.Is(err, sqlite3.CONSTRAINT_PRIMARYKEY)
}

// stamp writes a time the way the management API does: UTC, milliseconds
// padded to six digits (observed on LiteLLM 1.106.2).
func stamp(t time.Time) string {
	return t.UTC().Truncate(time.Millisecond).Format("2006-01-02T15:04:05.000000Z")
}

// parseStamp is the inverse of stamp.
func parseStamp(s string) (time.Time, error) {
	return time.Parse("2006-01-02T15:04:05.000000Z", s)
}
