package audit

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The file that is too large is put aside; five are kept; the newest entries are read first, across files.
func TestRotation(t *testing.T) {
	dir := t.TempDir()
	l := Open(dir, nil)
	l.limit, l.now = 1000, clock()
	const entries = 100
	for i := range entries {
		begin(t, l, Entry{ID: fmt.Sprint(i)})(200, Done, "")
	}
	list, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(list) != keep+1 {
		t.Errorf("%v", list)
	}
	all := read(t, dir)
	for i, e := range all {
		if e.ID != fmt.Sprint(entries-1-i) || e.Result != Done {
			t.Fatalf("%d: %+v", i, e)
		}
	}
	if len(all) < 20 || len(all) == entries {
		t.Errorf("%d entries are left", len(all))
	}
}

// Both lines of an entry are in one file, also when that was put aside between them.
func TestEndInThePast(t *testing.T) {
	dir := t.TempDir()
	l := Open(dir, nil)
	l.limit, l.now = 1000, clock()
	end := begin(t, l, Entry{ID: "early"})
	for i := 0; ; i++ {
		begin(t, l, Entry{ID: fmt.Sprint(i)})(200, Done, "")
		if exists(filepath.Join(dir, oldName(2))) {
			break
		}
	}
	end(200, Done, "")
	b, err := os.ReadFile(filepath.Join(dir, oldName(2)))
	if err != nil || strings.Count(string(b), `"early"`) != 2 {
		t.Errorf("%v\n%s", err, b)
	}
	all := read(t, dir)
	if e := all[len(all)-1]; e.ID != "early" || e.Result != Done {
		t.Errorf("%+v", e)
	}
}

// A process moves to the new file when another has put its own aside.
func TestFollow(t *testing.T) {
	dir := t.TempDir()
	l := Open(dir, nil)
	begin(t, l, Entry{ID: "one"})
	if err := os.Rename(filepath.Join(dir, fileName), filepath.Join(dir, oldName(1))); err != nil {
		t.Fatal(err)
	}
	begin(t, l, Entry{ID: "two"})
	if b, err := os.ReadFile(filepath.Join(dir, fileName)); err != nil || !strings.Contains(string(b), "two") {
		t.Errorf("%v %s", err, b)
	}
	if len(read(t, dir)) != 2 {
		t.Error("an entry is lost")
	}
}

// A rotation that was killed in the middle leaves a gap, which the next one fills without losing an older file.
func TestGap(t *testing.T) {
	for gap := 1; gap <= keep; gap++ {
		dir := t.TempDir()
		for n := 1; n <= keep; n++ {
			if n != gap {
				add(t, filepath.Join(dir, oldName(n)), string(encode(line{ID: fmt.Sprint(n), Event: "begin"}, keepAll)))
			}
		}
		l := Open(dir, nil)
		l.limit = 1
		begin(t, l, Entry{ID: "a"})
		begin(t, l, Entry{ID: "b"})
		if all := read(t, dir); len(all) != keep+1 {
			t.Errorf("with a gap at %d: %+v", gap, all)
		}
	}
}
