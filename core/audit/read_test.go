package audit

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// A long log is read without being held in memory.
func TestReadStreams(t *testing.T) {
	dir := t.TempDir()
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	const entries = 100_000
	for n := keep; n >= 0; n-- {
		name := fileName
		if n > 0 {
			name = oldName(n)
		}
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		w := bufio.NewWriter(f)
		for i := (keep - n) * entries / (keep + 1); i < (keep-n+1)*entries/(keep+1); i++ {
			e := sample(fmt.Sprint(i))
			e.Time = at.Add(time.Duration(i) * time.Second)
			_, _ = w.Write(encode(line{ID: e.ID, Event: "begin", Entry: e}, keepAll))
			_, _ = w.Write(encode(line{ID: e.ID, Event: "end", Entry: Entry{Result: Done}}, keepAll))
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, most, n := heap(), uint64(0), 0
	for e, err := range Read(dir) {
		if err != nil {
			t.Fatal(err)
		}
		if e.ID != fmt.Sprint(entries-1-n) || e.Result != Done {
			t.Fatalf("entry %d is %+v", n, e)
		}
		if n++; n%10_000 == 0 {
			most = max(most, heap())
		}
	}
	if n != entries {
		t.Errorf("%d entries", n)
	}
	if most > before+8<<20 {
		t.Errorf("%d bytes of memory more than before", most-before)
	}
}

// Who has seen enough stops.
func TestReadStops(t *testing.T) {
	dir := t.TempDir()
	l := Open(dir, nil)
	for range 3 {
		begin(t, l, Entry{})
	}
	n := 0
	for range Read(dir) {
		n++
		break
	}
	if n != 1 {
		t.Error(n)
	}
}

// What cannot be read is said.
func TestReadFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	add(t, file, "")
	n := 0
	for _, err := range Read(file) {
		n++
		if err == nil {
			t.Error("no error")
		}
	}
	if n != 1 {
		t.Error(n)
	}
}

// Lines are found over the borders of blocks; one without a sensible end is passed over.
func TestBackward(t *testing.T) {
	for _, lengths := range [][]int{{}, {0}, {1, 0, 2}, {block - 1, block, block + 1}, {3 * block, 5, block - 7}, {longestLine + 3*block, 9}, {9, longestLine + 3*block}, {1, longestLine + 3*block, 2}} {
		path := filepath.Join(t.TempDir(), "f")
		var want []string
		var text strings.Builder
		for i, n := range lengths {
			l := strings.Repeat(string(rune('a'+i)), n)
			text.WriteString(l + "\n")
			if n <= longestLine {
				want = append([]string{l}, want...)
			}
		}
		add(t, path, text.String())
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		b := backward{f: f, at: int64(text.Len())}
		var got []string
		for {
			l, err := b.next()
			if err != nil {
				break
			}
			got = append(got, string(l))
		}
		_ = f.Close()
		if len(got) > 0 && got[0] == "" {
			got = got[1:] // behind the last line's end
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%v: %d lines, want %d", lengths, len(got), len(want))
		}
	}
}

// Nothing in a file stops the reader, hides an entry behind it, or makes one up.
func FuzzRead(f *testing.F) {
	whole := string(encode(line{ID: "a", Event: "begin", Entry: sample("a")}, keepAll))
	f.Add([]byte(whole), []byte(nil))
	f.Add([]byte(whole[:40]), []byte(whole))
	f.Add([]byte(`{"id":"a","event":"end","ms":1e300}`+"\n"), []byte(`{"id":"a","event":"begin","time":"x"}`+"\n"))
	f.Add([]byte(`{"id":"`), []byte("\n\n{}\n[]\nnull\n\\"))
	f.Add([]byte(`{"id":"z","event":"begin","targets":["`), []byte("\x00"))
	f.Fuzz(func(t *testing.T, before, after []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, fileName), before, 0o600); err != nil {
			t.Fatal(err)
		}
		l := Open(dir, nil)
		end, err := l.Begin(sample("the-entry"))
		if err != nil {
			t.Fatal(err)
		}
		end(200, Done, "")
		add(t, filepath.Join(dir, fileName), string(after))
		found := 0
		for e, err := range Read(dir) {
			if err != nil {
				t.Fatal(err)
			}
			if e.ID == "" {
				t.Errorf("an entry without an id: %+v", e)
			}
			if e.ID == "the-entry" {
				found++
			}
		}
		if found == 0 && len(after) < longestLine {
			t.Error("the entry is lost")
		}
		_ = l.Close()
	})
}
