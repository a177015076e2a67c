package gateway

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
)

// schemaVersion is kept in user_version, applicationID in application_id.
const (
	schemaVersion = 2
	applicationID = 0x4c4c5062 // "LLPb"
	busyTimeout   = 20 * time.Second
)

// openDatabase opens path with one connection: a process answers one request
// at a time, and ":memory:" stays one database.
func openDatabase(ctx context.Context, path string) (*sql.DB, error) {
	if path == "" {
		return nil, errors.New("open sandbox database: no path given")
	}
	source := path
	if path != ":memory:" {
		abs, err := createFile(path)
		if err != nil {
			return nil, fmt.Errorf("open sandbox database: %w", err)
		}
		source = sourceName(abs)
	}
	db, err := driver.Open(source, func(c *sqlite3.Conn) error { return configure(ctx, c) })
	if err != nil {
		return nil, fmt.Errorf("open sandbox database %q: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	return db, nil
}

// createFile makes the directory (0700) and the file (0600) of path unless
// they exist, and returns the absolute path.
func createFile(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(abs), 0o700); err != nil {
		return "", err
	}
	f, err := os.OpenFile(abs, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", err
	}
	return abs, f.Close()
}

// sourceName is the URI of a database file; the write-ahead log, which holds
// what the file holds, gets the mode of the file.
func sourceName(path string) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/…
	}
	// SQLite takes a plus in a query for a plus.
	query := strings.ReplaceAll(url.Values{"modeof": {path}}.Encode(), "+", "%20")
	u := url.URL{Scheme: "file", Path: slashed, RawQuery: query}
	return u.String()
}

// configure sets up a new connection. Switching to WAL needs the file for
// itself for a moment and does not wait for it by itself, hence the loop.
func configure(ctx context.Context, c *sqlite3.Conn) error {
	if err := c.BusyTimeout(busyTimeout); err != nil {
		return err
	}
	deadline := time.Now().Add(busyTimeout)
	for {
		err := c.Exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;`)
		if err == nil || !errors.Is(err, sqlite3.BUSY) || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// prepareDatabase checks the schema of db, creates and seeds it when it is
// new, and returns the admin key.
func prepareDatabase(ctx context.Context, db *sql.DB, s seed, now time.Time) (string, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	version, err := checkVersion(ctx, conn)
	if err != nil {
		return "", err
	}
	if version == 0 {
		if err := createSchema(ctx, conn, s, now); err != nil {
			return "", fmt.Errorf("create schema: %w", err)
		}
	}
	var key string
	err = conn.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = 'master_key'`).Scan(&key)
	if err != nil {
		return "", fmt.Errorf("read the admin key: %w", err)
	}
	return key, nil
}

// querier is a connection or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// checkVersion returns 0 for a database without content and schemaVersion for
// one of ours; anything else is an error.
func checkVersion(ctx context.Context, q querier) (int, error) {
	var version, application, tables int
	err := q.QueryRowContext(ctx, `SELECT
		(SELECT user_version FROM pragma_user_version),
		(SELECT application_id FROM pragma_application_id),
		(SELECT count(*) FROM sqlite_master)`).Scan(&version, &application, &tables)
	switch {
	case err != nil:
		return 0, fmt.Errorf("read the schema version: %w", err)
	case version == 0 && application == 0 && tables == 0:
		return 0, nil
	case application != applicationID:
		return 0, errors.New("the file is a database of another program")
	case version != schemaVersion:
		return 0, &VersionError{version}
	}
	return version, nil
}

// VersionError is the refusal of a database that another version of this
// program has made. Reset makes it one of this version.
type VersionError struct{ Version int }

func (e *VersionError) Error() string {
	kind := "an older"
	if e.Version > schemaVersion {
		kind = "a newer"
	}
	return fmt.Sprintf("it was made by %s version of this program (schema version %d, not %d)", kind, e.Version, schemaVersion)
}

// createSchema creates tables, admin key and seed in one transaction, unless
// another process has done so while this one waited for the lock.
func createSchema(ctx context.Context, conn *sql.Conn, s seed, now time.Time) error {
	tx, err := conn.BeginTx(ctx, nil) // the driver makes this BEGIN IMMEDIATE
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if version, err := checkVersion(ctx, tx); err != nil || version != 0 {
		return err
	}
	if err := fillSchema(&store{tx: tx, ctx: ctx}, s, newSecret(32), now); err != nil {
		return err
	}
	return tx.Commit()
}

// fillSchema makes the tables in a database without any, and what is in them
// at the beginning.
func fillSchema(st *store, s seed, key string, now time.Time) error {
	if _, err := st.tx.ExecContext(st.ctx, schema+fmt.Sprintf(
		"PRAGMA application_id=%d; PRAGMA user_version=%d;", applicationID, schemaVersion)); err != nil {
		return err
	}
	if err := st.exec(`INSERT INTO meta VALUES ('master_key', ?), ('seed', ?)`, key, s.name); err != nil {
		return err
	}
	return s.plant(st, now.UTC())
}
