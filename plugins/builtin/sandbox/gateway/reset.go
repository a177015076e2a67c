package gateway

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"
)

// Reset brings the database file at path back to what it was right after its
// creation: the seed it was created with and nothing else. The admin key
// stays. Other processes may have the file open; their next request sees the
// empty gateway. A file that does not exist is left alone.
func Reset(ctx context.Context, path string) error {
	if path == ":memory:" {
		return errors.New("reset sandbox database: a database in memory has no path")
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	db, err := openDatabase(ctx, path)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := reset(ctx, db, time.Now().UTC()); err != nil {
		return fmt.Errorf("reset sandbox database %q: %w", path, err)
	}
	return nil
}

// tables are the ones that a reset empties.
var tables = []string{"models", "users", "keys", "deleted_keys", "teams", "deleted_teams", "memberships", "budgets", "rates", "credentials"}

func reset(ctx context.Context, db *sql.DB, now time.Time) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if version, err := checkVersion(ctx, tx); err != nil || version == 0 {
		return err
	}
	st := &store{tx: tx, ctx: ctx}
	var name string
	if _, err := st.get(`SELECT value FROM meta WHERE name = 'seed'`, nil, &name); err != nil {
		return err
	}
	s, err := seedNamed(name)
	if err != nil {
		return err
	}
	for _, table := range tables {
		if err := st.exec(`DELETE FROM ` + table); err != nil {
			return err
		}
	}
	if err := s.plant(st, now); err != nil {
		return err
	}
	return tx.Commit()
}
