package job

import (
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"
)

// schemaVersion is kept in user_version, applicationID in application_id.
const (
	schemaVersion = 1
	applicationID = 0x4c4c506a // "LLPj"
)

// Items are numbered within their batch, from 0; the number of the batch is above bit 40 of an item's id, so that ids are in the
// items' order. Times are in milliseconds since 1970.
const schema = `
CREATE TABLE job (
  meta     TEXT    NOT NULL, -- JSON of Meta
  proof    BLOB    NOT NULL, -- tells whether a seed is the job's
  state    TEXT    NOT NULL, -- open, done, interrupted or failed
  since    INTEGER NOT NULL,
  error    BLOB,             -- JSON of a problem.Error
  closed   INTEGER NOT NULL, -- its secrets were handed over: it cannot go on
  exported TEXT    NOT NULL  -- the directory outside the job's own that its results were written to
) STRICT;
CREATE TABLE batch (
  n INTEGER PRIMARY KEY -- all items of it are there
) STRICT;
CREATE TABLE item (
  id      INTEGER PRIMARY KEY,
  batch   INTEGER NOT NULL,
  key     TEXT    NOT NULL,
  line    INTEGER NOT NULL,
  data    BLOB,             -- JSON
  source  BLOB,             -- JSON
  state   INTEGER NOT NULL, -- 0 new, 1 begun, 2 ok, 3 failed
  tries   INTEGER NOT NULL, -- how often it was begun
  row     BLOB,             -- JSON
  secrets INTEGER NOT NULL, -- in the row
  effect  INTEGER NOT NULL, -- 0 none, 1 existed, 2 changed, 3 created
  error   BLOB,             -- JSON of a problem.Error
  reason  TEXT              -- the error's message without what is this item's alone
) STRICT;
CREATE UNIQUE INDEX item_key ON item(batch, key);
CREATE INDEX item_begun ON item(id) WHERE state = 1;
CREATE INDEX item_failed ON item(reason) WHERE state = 3;
CREATE TABLE step (
  id       INTEGER PRIMARY KEY,
  item     INTEGER NOT NULL,
  kind     TEXT    NOT NULL, -- w a write, n one with a name
  n        INTEGER NOT NULL, -- among those of its kind
  name     TEXT    NOT NULL, -- the command's, or that of the script
  call     BLOB,             -- JSON
  first    INTEGER NOT NULL, -- writes before a named one
  finished INTEGER NOT NULL,
  result   BLOB,             -- JSON
  after    INTEGER NOT NULL, -- writes at the end of a named one
  outcome  TEXT    NOT NULL, -- created, exists, …
  secrets  INTEGER NOT NULL  -- in the result
) STRICT;
CREATE INDEX step_item ON step(item);
CREATE TABLE mark (
  step  INTEGER NOT NULL,
  n     INTEGER NOT NULL, -- the order within the step
  kind  TEXT    NOT NULL, -- i an intent, s a write that was sent without one
  name  TEXT    NOT NULL,
  value TEXT    NOT NULL,
  PRIMARY KEY (step, n)
) STRICT, WITHOUT ROWID;
`

// States of an item.
const (
	stateNew = iota
	stateBegun
	stateOK
	stateFailed
)

const batchShift = 40

// itemID is the id of the n-th item of a batch.
func itemID(batch, n int) int64 { return int64(batch)<<batchShift | int64(n) }

// errNeverBegun is a journal of a job whose making was interrupted.
var errNeverBegun = errors.New("it was never begun")

// newerError is a journal that a newer version of this program has made.
type newerError struct{ version int }

func (e *newerError) Error() string {
	return fmt.Sprintf("a newer version of this program made it (schema version %d, not %d)", e.version, schemaVersion)
}

// checkSchema returns an error unless the journal is one of this version.
func checkSchema(db *database) error {
	var version, application int
	err := db.query(`SELECT (SELECT user_version FROM pragma_user_version), (SELECT application_id FROM pragma_application_id)`,
		func(s *sqlite3.Stmt) error {
			version, application = s.ColumnInt(0), s.ColumnInt(1)
			return nil
		})
	switch {
	case err != nil:
		return err
	case version == 0 && application == 0:
		return errNeverBegun
	case application != applicationID:
		return errors.New("the file is a database of another program")
	case version > schemaVersion:
		return &newerError{version}
	case version < schemaVersion:
		return fmt.Errorf("an older version of this program made it (schema version %d, not %d)", version, schemaVersion)
	}
	return nil
}

// createSchema makes the tables, and the job's own row, at once.
func createSchema(db *database, meta, proof []byte, since int64) error {
	tx, err := db.conn.BeginImmediate()
	if err != nil {
		return err
	}
	defer tx.End(&err)
	if err = db.conn.Exec(schema); err != nil {
		return err
	}
	err = db.exec(`INSERT INTO job VALUES (?, ?, 'open', ?, NULL, 0, '')`, string(meta), proof, since)
	if err != nil {
		return err
	}
	err = db.conn.Exec(fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, schemaVersion))
	return err
}
