package job

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// database is a connection to a journal, for one goroutine at a time. Statements are prepared once.
type database struct {
	path     string
	conn     *sqlite3.Conn
	prepared map[string]*sqlite3.Stmt
}

// How a journal is opened.
const (
	toWrite = "rw"
	toRead  = "ro"
	toPeek  = "peek" // read a file that nobody writes, and make none beside it
)

// busyTimeout is how long a connection waits for another one, which checks or recovers the journal at that moment.
const busyTimeout = 10 * time.Second

// openDatabase opens a journal. What is written is synced with every commit.
func openDatabase(path, mode string) (*database, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, errNeverBegun
	}
	conn, err := sqlite3.OpenFlags(sourceName(path, mode), sqlite3.OPEN_URI|sqlite3.OPEN_READWRITE)
	if err != nil {
		return nil, err
	}
	db := &database{path: path, conn: conn, prepared: map[string]*sqlite3.Stmt{}}
	err = conn.BusyTimeout(busyTimeout)
	if err == nil && mode != toRead && mode != toPeek {
		err = conn.Exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF`)
	}
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return db, nil
}

// openToRead opens a journal and leaves its directory as it is, as far as SQLite can: only a process that was killed has left what
// must be read beside it.
func openToRead(path string, running bool) (*database, error) {
	if log, err := os.Stat(path + "-wal"); running || err == nil && log.Size() > 0 {
		return openDatabase(path, toRead)
	}
	return openDatabase(path, toPeek)
}

// sourceName is the URI of a database's file. What SQLite writes beside it gets its mode.
func sourceName(path, mode string) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/…
	}
	query := url.Values{"mode": {mode}, "modeof": {path}}
	if mode == toPeek {
		query = url.Values{"immutable": {"1"}}
	}
	// SQLite takes a plus in a query for a plus.
	u := url.URL{Scheme: "file", Path: slashed, RawQuery: strings.ReplaceAll(query.Encode(), "+", "%20")}
	return u.String()
}

func (d *database) Close() error {
	for _, s := range d.prepared {
		_ = s.Close()
	}
	return d.conn.Close()
}

// statement is one that is prepared, with its parameters: int, int64, bool, string, []byte or nil.
func (d *database) statement(sql string, args []any) (*sqlite3.Stmt, error) {
	s := d.prepared[sql]
	if s == nil {
		var err error
		if s, _, err = d.conn.PrepareFlags(sql, sqlite3.PREPARE_PERSISTENT); err != nil {
			return nil, err
		}
		d.prepared[sql] = s
	}
	for i, arg := range args {
		var err error
		switch v := arg.(type) {
		case nil:
			err = s.BindNull(i + 1)
		case int:
			err = s.BindInt64(i+1, int64(v))
		case int64:
			err = s.BindInt64(i+1, v)
		case bool:
			err = s.BindBool(i+1, v)
		case string:
			err = s.BindText(i+1, v)
		case []byte:
			if v == nil {
				err = s.BindNull(i + 1)
			} else {
				err = s.BindBlob(i+1, v)
			}
		default:
			err = fmt.Errorf("a parameter is a %T", arg)
		}
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

// exec runs a statement that returns no rows.
func (d *database) exec(sql string, args ...any) error {
	s, err := d.statement(sql, args)
	if err != nil {
		return err
	}
	return s.Exec()
}

// query calls row for each row; its error ends the query. The row's texts and bytes are copies.
func (d *database) query(sql string, row func(*sqlite3.Stmt) error, args ...any) error {
	s, err := d.statement(sql, args)
	if err != nil {
		return err
	}
	for err == nil && s.Step() {
		err = row(s)
	}
	if err == nil {
		err = s.Err()
	}
	if reset := s.Reset(); err == nil {
		err = reset
	}
	return err
}

// tried is how many bytes are written to find out why no more can be.
const tried = 64 << 10

// reason is err, and, where SQLite tells of an I/O error and has forgotten what the system said, why no file can be written beside
// the journal.
func (d *database) reason(err error) error {
	if !errors.Is(err, sqlite3.IOERR) {
		return err
	}
	f, said := os.CreateTemp(filepath.Dir(d.path), temporary)
	if said == nil {
		if _, said = f.Write(make([]byte, tried)); said == nil {
			said = f.Sync()
		}
		_ = f.Close()
		_ = os.Remove(f.Name())
	}
	if said == nil {
		return err
	}
	return fmt.Errorf("%w: %w", err, said)
}

// blob is a column's bytes; nil where it is NULL.
func blob(s *sqlite3.Stmt, column int) []byte {
	if s.ColumnType(column) == sqlite3.NULL {
		return nil
	}
	return s.ColumnBlob(column, []byte{})
}

// why is the reason of a failure, in words that do not repeat the path.
func why(err error) string {
	var number syscall.Errno
	var at *fs.PathError
	var link *os.LinkError
	switch {
	case errors.Is(err, sqlite3.FULL):
		return "no space left on device"
	case errors.As(err, &at):
		return at.Err.Error()
	case errors.As(err, &link):
		return link.Err.Error()
	case errors.As(err, &number):
		return number.Error()
	case errors.Is(err, sqlite3.READONLY):
		return "its directory is read-only"
	case errors.Is(err, sqlite3.CANTOPEN): // a killed run's journal is not read without a file beside it
		return "it cannot be opened: is its directory read-only?"
	case isDamage(err):
		return "the file is damaged"
	}
	return err.Error()
}
