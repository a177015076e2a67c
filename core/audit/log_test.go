package audit

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// clock returns a time that is a second later at every call.
func clock() func() time.Time {
	at := time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC)
	return func() time.Time {
		at = at.Add(time.Second)
		return at
	}
}

func begin(t *testing.T, l *Log, e Entry) func(int, string, string) {
	t.Helper()
	end, err := l.Begin(e)
	if err != nil {
		t.Fatal(err)
	}
	return end
}

func TestRoundTrip(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state", "log")
	l := Open(dir, nil)
	l.now = clock()
	if _, err := os.Stat(dir); err == nil {
		t.Error("the directory is there before the first write")
	}
	full := sample("one")
	first := begin(t, l, full)
	second := begin(t, l, Entry{ID: "two", Method: "POST", Path: "/user/new"})
	begin(t, l, Entry{ID: "three"})
	second(400, Refused, "User already exists\nwith id u-1")
	first(200, Done, "")
	first(500, Failed, "only the first counts")
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	at := func(s int) time.Time { return time.Date(2026, 11, 25, 3, 0, s, 0, time.UTC) }
	full.Time, full.Status, full.Result, full.Duration = at(1), 200, Done, 4*time.Second
	want := []Entry{
		{ID: "three", Time: at(3), Result: Unknown},
		{ID: "two", Time: at(2), Method: "POST", Path: "/user/new", Status: 400, Result: Refused, Said: "User already exists\nwith id u-1", Duration: 2 * time.Second},
		full,
	}
	if diff := cmp.Diff(want, read(t, dir)); diff != "" {
		t.Error(diff)
	}
	if runtime.GOOS == "windows" {
		return
	}
	for path, mode := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, fileName): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v %v", path, info.Mode(), err)
		}
	}
}

// An entry that was begun before the log was closed still gets its end; and a log that was closed can be used again.
func TestClose(t *testing.T) {
	dir := t.TempDir()
	l := Open(dir, nil)
	end := begin(t, l, Entry{ID: "one"})
	_ = l.Close()
	end(200, Done, "")
	begin(t, l, Entry{ID: "two"})(200, Done, "")
	_ = l.Close()
	if all := read(t, dir); len(all) != 2 || all[0].Result != Done || all[1].Result != Done {
		t.Errorf("%+v", all)
	}
}

// Whoever keeps no log has none.
func TestNil(t *testing.T) {
	var l *Log
	end, err := l.Begin(sample("x"))
	end(200, Done, "")
	if err != nil || l.Close() != nil {
		t.Error(err)
	}
	for e, err := range Read(filepath.Join(t.TempDir(), "none")) {
		t.Error(e, err)
	}
}

// Ids are made where there are none, and differ.
func TestIDs(t *testing.T) {
	dir := t.TempDir()
	l := Open(dir, nil)
	begin(t, l, Entry{})
	begin(t, l, Entry{})
	if all := read(t, dir); len(all) != 2 || all[0].ID == all[1].ID || len(all[0].ID) < 16 {
		t.Errorf("%+v", all)
	}
}

// A line that was torn swallows neither the next one nor one of a process that had the file open before.
func TestTorn(t *testing.T) {
	torn := string(encode(line{ID: "torn", Event: "begin", Entry: sample("torn")}, keepAll))
	for name, c := range map[string]struct{ before, between string }{
		"before it was opened":        {before: torn[:len(torn)/2]},
		"only the line's end is lost": {before: strings.TrimSuffix(torn, "\n")},
		"while it was open":           {between: torn[:len(torn)/2]},
		"in the middle of an escape":  {between: `{"id":"torn","event":"end","said":"a\`},
		"garbage":                     {before: "\x00\x00\xff", between: `{"id":`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, fileName)
			add(t, path, string(encode(line{ID: "zero", Event: "begin"}, keepAll))+c.before)
			l := Open(dir, nil)
			begin(t, l, Entry{ID: "one"})(200, Done, "")
			add(t, path, c.between)
			begin(t, l, Entry{ID: "two"})(200, Done, "")
			found := map[string]string{}
			for _, e := range read(t, dir) {
				found[e.ID] = e.Result
			}
			delete(found, "torn")
			if diff := cmp.Diff(map[string]string{"zero": Unknown, "one": Done, "two": Done}, found); diff != "" {
				t.Error(diff)
			}
			if b, _ := os.ReadFile(path); c.before != "" && !strings.Contains(string(b), c.before+"\n{") {
				t.Errorf("no new line was begun: %q", b)
			}
		})
	}
}

func keepAll(s string) string { return s }

func add(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.WriteString(text)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Who cannot write is told once, and writes again when that has become possible.
func TestUnwritable(t *testing.T) {
	above := filepath.Join(t.TempDir(), "file")
	add(t, above, "no directory")
	l := Open(filepath.Join(above, "log"), nil)
	end, err := l.Begin(Entry{ID: "one"})
	end(200, Done, "")
	if err == nil || !strings.HasPrefix(err.Error(), "cannot write the audit log "+filepath.Join(above, "log")) || strings.Count(err.Error(), above) != 1 {
		t.Errorf("%v", err)
	}
	if end, err := l.Begin(Entry{ID: "two"}); err != nil {
		t.Errorf("told again: %v", err)
	} else {
		end(200, Done, "")
	}
	if err := os.Remove(above); err != nil {
		t.Fatal(err)
	}
	begin(t, l, Entry{ID: "three"})(200, Done, "")
	if all := read(t, filepath.Join(above, "log")); len(all) != 1 || all[0].ID != "three" || all[0].Result != Done {
		t.Errorf("%+v", all)
	}
}

// The last end that cannot be written is what Close returns.
func TestLostEnd(t *testing.T) {
	l := Open(t.TempDir(), nil)
	end := begin(t, l, Entry{ID: "one"})
	_ = l.file.Close()
	end(200, Done, "")
	if err := l.Close(); err == nil {
		t.Error("nobody was told")
	}
	if err := l.Close(); err != nil {
		t.Errorf("told again: %v", err)
	}
}

// However long its texts are, an entry is one line of less than 32 KiB, and can be read.
func TestLongest(t *testing.T) {
	for _, unit := range []string{"x", "é", "\x01", `"`, "\xff", "😀"} {
		dir := t.TempDir()
		long := strings.Repeat(unit, 1<<16)
		e := Entry{ID: "one", Gateway: long, Profile: long, Who: long, Command: long, Plugin: long, Method: long, Path: long, Reason: long}
		for range 2 * maxTargets {
			e.Targets = append(e.Targets, long)
		}
		begin(t, Open(dir, nil), e)(200, Done, long)
		text, _ := raw(t, dir)
		for l := range strings.Lines(text) {
			if len(l) > maxLine {
				t.Errorf("%q: a line of %d bytes", unit, len(l))
			}
		}
		all := read(t, dir)
		if len(all) != 1 || all[0].Result != Done || !strings.HasSuffix(all[0].Reason, ellipsis) || len(all[0].Targets) != maxTargets+1 {
			t.Errorf("%q: %d entries, %d targets", unit, len(all), len(all[0].Targets))
		}
	}
}

func TestClip(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"", 3, ""}, {"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"éèê", 3, "éèê"}, {"éèêë", 3, "éè…"}, {"ab", 1, "…"},
	} {
		if got := clip(c.in, c.n); got != c.want {
			t.Errorf("clip(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
	}
}

func BenchmarkBegin(b *testing.B) {
	l := Open(b.TempDir(), nil)
	for b.Loop() {
		_, _ = l.Begin(sample("one"))
	}
}

func BenchmarkBeginFirst(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		l := Open(dir, nil)
		_, _ = l.Begin(sample("one"))
		_ = l.Close()
	}
}
