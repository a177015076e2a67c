package job

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// temporary begins the names of files that are being written.
const temporary = ".tmp-"

// sweep removes what a run that was killed was writing. Whoever holds the job's lock is the only writer.
func sweep(dir string) {
	entries, _ := os.ReadDir(dir) // what cannot be read stays
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), temporary) {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// replaceFile writes a file anew: what is there at any moment is the old text or the new one, on the disk too. The file is this
// user's alone from its first moment.
func replaceFile(dir, name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(dir, temporary) // mode 0600
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(f, 64<<10)
	err = write(b)
	if err == nil {
		err = b.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return err
	}
	return syncDir(dir)
}

// sheet writes the lines of a CSV as RFC 4180 has it, with \n at the end.
type sheet struct {
	w    io.Writer
	csv  *csv.Writer
	rows int // below the header
}

func newSheet(w io.Writer, columns []string) (*sheet, error) {
	s := &sheet{w: w, csv: csv.NewWriter(w), rows: -1}
	return s, s.line(columns)
}

func (s *sheet) line(cells []string) error {
	s.rows++
	if len(cells) == 1 && cells[0] == "" { // a line without anything is none for readers
		s.csv.Flush()
		_, err := io.WriteString(s.w, "\"\"\n")
		return err
	}
	return s.csv.Write(cells)
}

func (s *sheet) end() error {
	s.csv.Flush()
	return s.csv.Error()
}

// recipient is for whom results are encrypted; nil for an empty text. The error is a *problem.Error.
func recipient(text string) ([]age.Recipient, error) {
	if text == "" {
		return nil, nil
	}
	all, err := age.ParseRecipients(strings.NewReader(text))
	if err != nil || len(all) == 0 {
		if strings.HasPrefix(text, "AGE-SECRET-KEY-") {
			return nil, problem.New(problem.Usage, "cannot encrypt the results: that is a secret key, not a recipient").
				WithHint("give its public key: age-keygen -y FILE").WithState(problem.Unchanged)
		}
		return nil, problem.New(problem.Usage, "cannot encrypt the results: %q is no recipient of age", text).
			WithHint("it begins with age1; age-keygen makes one").WithState(problem.Unchanged)
	}
	return all, nil
}

// sealed gives write a writer whose text is encrypted; without recipients it is w itself.
func sealed(w io.Writer, to []age.Recipient, write func(io.Writer) error) error {
	if len(to) == 0 {
		return write(w)
	}
	closed, err := age.Encrypt(w, to...)
	if err != nil {
		return err
	}
	if err := write(closed); err != nil {
		return err
	}
	return closed.Close()
}

// fileName is that of a batch's file: results.csv, results-2.csv, …
func fileName(kind string, batch int) string {
	if batch == 0 {
		return kind + ".csv"
	}
	return fmt.Sprintf("%s-%d.csv", kind, batch+1)
}

const encrypted = ".age"

// removeFile removes a file that may not be there.
func removeFile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
