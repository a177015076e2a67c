package audit

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// fileName is the file that is written to.
const fileName = "log.jsonl"

// defaultLimit is the size in bytes above which the file is put aside and a new one begun.
const defaultLimit = 10 << 20

// Log writes entries. It is safe for concurrent use; a nil one writes nothing.
type Log struct {
	dir   string
	mask  func(string) string
	limit int64
	now   func() time.Time

	mu   sync.Mutex
	file *file
	told bool  // Begin has returned an error
	lost error // the first error that Begin did not return
}

// file is an open file of the log. Both lines of an entry go to the same one, so that a reader finds them together.
type file struct {
	*os.File
	info os.FileInfo // what it is, to know it by
	open int         // entries without an end, and 1 more while it is the one for new entries
	torn bool        // it does not end with a line's end
}

// Open returns the log in a directory. Nothing is made or opened before the first write. Every text goes through mask,
// which hides secrets; nil: none does.
func Open(dir string, mask func(string) string) *Log {
	if mask == nil {
		mask = func(s string) string { return s }
	}
	return &Log{dir: dir, mask: mask, limit: defaultLimit, now: time.Now}
}

// line is a line of the file. The id is first and begins every line: see parse.
type line struct {
	ID    string `json:"id"`
	Event string `json:"event"` // begin or end
	Entry
	MS float64 `json:"ms,omitzero"` // of an end: since its begin
}

// Begin writes that a request is about to go out. The function it returns writes the result; it is never nil, and only its
// first call counts. Who cannot write an entry is told once: writing is tried again for
// every entry, but no further error is returned.
func (l *Log) Begin(e Entry) (end func(status int, result, said string), err error) {
	end = func(int, string, string) {}
	if l == nil {
		return end, nil
	}
	if e.ID == "" {
		e.ID = rand.Text()[:16]
	}
	start := l.now()
	if y := e.Time.Year(); e.Time.IsZero() || y < 1 || y > 9998 { // JSON has no others
		e.Time = start
	}
	e.Time, e.Status, e.Result, e.Said, e.Duration = e.Time.UTC(), 0, "", "", 0
	text := encode(line{ID: e.ID, Event: "begin", Entry: e}, l.mask)

	l.mu.Lock()
	defer l.mu.Unlock()
	if err = l.ready(); err == nil {
		err = l.file.append(text)
	}
	if err != nil {
		if l.told {
			return end, nil
		}
		l.told = true
		return end, l.problem(err)
	}
	f := l.file
	f.open++
	var once sync.Once
	return func(status int, result, said string) {
		once.Do(func() {
			now := l.now()
			done := Entry{Time: now.UTC(), Status: status, Result: result, Said: said}
			l.end(f, encode(line{ID: e.ID, Event: "end", Entry: done, MS: milliseconds(now.Sub(start))}, l.mask))
		})
	}, nil
}

func (l *Log) end(f *file, text []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := f.append(text); err != nil && !l.told && l.lost == nil {
		l.lost = l.problem(err)
	}
	f.release()
}

// Close closes the file; entries without an end can still get it. The error is one that Begin could not return, because it met
// the last end.
func (l *Log) Close() error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.leave()
	lost := l.lost
	l.lost = nil
	return lost
}

func (l *Log) problem(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return problem.Wrap(problem.Failed, err, "cannot write the audit log %s", filepath.Join(l.dir, fileName)).
		WithHint("make the directory writable, or: litellm-proxy config set audit off")
}

// append writes one line. Behind one that was torn it begins a new one first.
func (f *file) append(text []byte) error {
	if f.torn {
		text = append([]byte("\n"), text...)
	}
	n, err := f.Write(text)
	if n > 0 {
		f.torn = n < len(text)
	}
	return err
}

// release gives up one use of a file, which the last one closes.
func (f *file) release() {
	if f.open--; f.open == 0 {
		_ = f.Close()
	}
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}

// encode is a line with its end. Every text is masked before it is cut: a half of a secret would not be found.
func encode(l line, mask func(string) string) []byte {
	hide := func(s *string, f func(string) string) {
		if *s != "" {
			*s = mask(f(*s))
		}
	}
	for _, s := range []*string{&l.Gateway, &l.Profile, &l.Who, &l.Command, &l.Plugin, &l.Method, &l.Reason, &l.Result, &l.Said, &l.Key} {
		hide(s, hideKeys)
	}
	hide(&l.Path, hidePath)
	full := l
	full.Targets = make([]string, len(l.Targets))
	for i, t := range l.Targets {
		full.Targets[i] = mask(hideKeys(t))
	}
	for share := 1; ; share *= 2 { // characters that JSON writes in six bytes can make a line too long
		cut := full
		for _, s := range []*string{&cut.ID, &cut.Gateway, &cut.Profile, &cut.Who, &cut.Key, &cut.Command, &cut.Plugin, &cut.Method, &cut.Path, &cut.Reason, &cut.Result, &cut.Said} {
			*s = clip(*s, longest/share)
		}
		cut.Targets = shorten(full.Targets, longestTarget/share)
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(cut); err == nil && b.Len() <= maxLine {
			return b.Bytes()
		}
	}
}

func shorten(targets []string, n int) []string {
	var short []string
	for i, t := range targets {
		if i > maxTargets {
			break
		}
		short = append(short, clip(t, n))
	}
	return short
}
