package gateway

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// Reset brings the database file at path back to what it was right after its
// creation: the seed it was created with and nothing else. The admin key
// stays. Other processes may have the file open; their next request sees the
// empty gateway. A database of another version becomes one of this version. A
// file that does not exist is left alone.
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
	st := &store{tx: tx, ctx: ctx}
	version, err := checkVersion(ctx, tx)
	if _, other := errors.AsType[*VersionError](err); other {
		return rebuild(st, now)
	}
	if err != nil || version == 0 {
		return err
	}
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

// rebuild makes a database of another version one of this version, with the
// key and the seed that it had if they are where this version has them.
func rebuild(st *store, now time.Time) error {
	key, name := newSecret(32), ""
	for member, value := range map[string]*string{"master_key": &key, "seed": &name} {
		var found string
		if ok, err := st.get(`SELECT value FROM meta WHERE name = ?`, []any{member}, &found); err == nil && ok {
			*value = found
		}
	}
	s, err := seedNamed(name)
	if err != nil {
		if s, err = seedNamed(""); err != nil {
			return err
		}
	}
	var drop strings.Builder
	err = st.each(`SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\' AND type IN ('table', 'view', 'trigger')
		ORDER BY type = 'table'`, nil, func(rows *sql.Rows) error {
		var kind, name string
		err := rows.Scan(&kind, &name)
		fmt.Fprintf(&drop, "DROP %s IF EXISTS \"%s\";", kind, strings.ReplaceAll(name, `"`, `""`))
		return err
	})
	if err != nil {
		return err
	}
	if _, err := st.tx.ExecContext(st.ctx, drop.String()); err != nil {
		return err
	}
	if err := fillSchema(st, s, key, now); err != nil {
		return err
	}
	return st.tx.Commit()
}
