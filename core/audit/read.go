package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"time"
)

// Read returns the entries of the log in a directory, the newest first. What is not there yields nothing; what is no entry is
// skipped. An error is the last thing that is yielded.
//
// The files are read backwards in blocks, all at once and merged by time, and an end is remembered until its begin is
// met, so memory grows with the number of writes that were open at the same time and not with the log. Each
// entry is decoded when it is asked for.
func Read(dir string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		files, err := openAll(dir)
		defer func() {
			for _, f := range files {
				_ = f.lines.f.Close()
			}
		}()
		if err != nil {
			yield(Entry{}, err)
			return
		}
		for _, f := range files {
			f.advance()
		}
		for {
			var newest *entries
			for _, f := range files {
				if f.err != nil {
					yield(Entry{}, f.err)
					return
				}
				if f.head != nil && (newest == nil || f.head.Time.After(newest.head.Time)) {
					newest = f
				}
			}
			if newest == nil || !yield(*newest.head, nil) {
				return
			}
			newest.advance()
		}
	}
}

// openAll opens the files of the log, the newest first. A rotation meanwhile only moves a file to a higher number: so none is
// missed, and one that is met twice is left out.
func openAll(dir string) ([]*entries, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	var all []*entries
	var known []os.FileInfo
	for n := 0; n <= keep; n++ {
		name := fileName
		if n > 0 {
			name = oldName(n)
		}
		if info, err := root.Stat(name); err == nil && !info.Mode().IsRegular() {
			continue // opening a pipe would wait for its writer
		}
		f, err := root.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return all, err
		}
		info, err := f.Stat()
		if err != nil || !info.Mode().IsRegular() || has(known, info) {
			_ = f.Close()
			continue
		}
		known = append(known, info)
		all = append(all, &entries{lines: backward{f: f, at: info.Size()}, ends: map[string]line{}})
	}
	return all, nil
}

func has(known []os.FileInfo, info os.FileInfo) bool {
	for _, k := range known {
		if os.SameFile(k, info) {
			return true
		}
	}
	return false
}

// entries are those of one file, the newest first.
type entries struct {
	lines backward
	ends  map[string]line // whose begin has not been met yet, by id
	head  *Entry          // the next one; nil: there are no more
	err   error
}

// advance sets head.
func (e *entries) advance() {
	e.head = nil
	for {
		text, err := e.lines.next()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				e.err = err
			}
			return
		}
		l, ok := parse(text)
		switch {
		case !ok:
		case l.Event == "end":
			e.ends[l.ID] = l
		case l.Event == "begin":
			entry := l.Entry
			entry.ID, entry.Result = l.ID, Unknown
			if end, ok := e.ends[l.ID]; ok {
				delete(e.ends, l.ID)
				entry.Status, entry.Result, entry.Said = end.Status, end.Result, end.Said
				entry.Duration = time.Duration(end.MS * float64(time.Millisecond))
			}
			e.head = &entry
			return
		}
	}
}

// prefix begins every line. It stands nowhere else in one, since JSON writes a quotation mark in a text as \".
var prefix = []byte(`{"id":"`)

// parse reads a line. In front of it may stand the beginning of another, whose writer was killed in the middle while
// others had the file open.
func parse(text []byte) (line, bool) {
	i := bytes.LastIndex(text, prefix)
	if i < 0 {
		return line{}, false
	}
	var l line
	err := json.Unmarshal(text[i:], &l)
	return l, err == nil && l.ID != ""
}

// block is how many bytes are read at once. longestLine is the most that is looked at as one line: garbage that has no end
// must not fill the memory.
const (
	block       = 64 << 10
	longestLine = 16 * maxLine
)

// backward reads the lines of a file from the last to the first.
type backward struct {
	f    *os.File
	at   int64  // what is before it has not been read
	rest []byte // what has been read and not been given out
	skip bool   // the line at the end of rest is too long, and its end has been dropped
}

// next returns the line before; io.EOF if there is none. It is valid until the next call.
func (b *backward) next() ([]byte, error) {
	seen := 0 // bytes at the end of rest that hold no line's end
	for {
		if i := bytes.LastIndexByte(b.rest[:len(b.rest)-seen], '\n'); i >= 0 {
			text, skip := b.rest[i+1:], b.skip
			b.rest, b.skip = b.rest[:i], false
			seen = 0
			if !skip {
				return text, nil
			}
			continue
		}
		if b.at == 0 {
			if len(b.rest) == 0 || b.skip {
				return nil, io.EOF
			}
			text := b.rest
			b.rest = nil
			return text, nil
		}
		if len(b.rest) > longestLine {
			b.rest, b.skip = nil, true
		}
		seen = len(b.rest)
		n := min(b.at, block)
		more := make([]byte, int(n), int(n)+len(b.rest))
		if _, err := b.f.ReadAt(more, b.at-n); err != nil {
			return nil, err
		}
		b.at -= n
		b.rest = append(more, b.rest...)
	}
}
