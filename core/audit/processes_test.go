package audit

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// A writer that is killed loses at most the entry that it was writing, and spoils none of anybody else's.
func TestKilledWriters(t *testing.T) {
	dir := t.TempDir()
	const rounds = 25
	want := map[string]bool{}
	for round := range rounds {
		a, toldA := start(t, dir, fmt.Sprintf("a%d", round))
		b, toldB := start(t, dir, fmt.Sprintf("b%d", round))
		for i := 0; i < 10+round && toldA.Scan() && toldB.Scan(); i++ {
			want[toldA.Text()], want[toldB.Text()] = true, true
		}
		_ = a.Process.Kill()
		for i := 0; i < 10 && toldB.Scan(); i++ { // it goes on behind what the other left
			want[toldB.Text()] = true
		}
		_ = b.Process.Kill()
		for toldA.Scan() {
			want[toldA.Text()] = true
		}
		for toldB.Scan() {
			want[toldB.Text()] = true
		}
		_, _ = a.Wait(), b.Wait()
	}
	if len(want) < rounds*30 {
		t.Fatalf("only %d entries were told", len(want))
	}
	all := read(t, dir)
	unknown := 0
	seen := map[string]bool{}
	for _, e := range all {
		if seen[e.ID] {
			t.Errorf("%s is there twice", e.ID)
		}
		seen[e.ID] = true
		if e.Result != Done {
			unknown++
		}
		if want[e.ID] && (e.Result != Done || e.Targets[0] != "batch-"+e.ID || e.Reason != "OPS-1: leaver") {
			t.Errorf("%s is spoiled: %+v", e.ID, e)
		}
	}
	for id := range want {
		if !seen[id] {
			t.Errorf("%s is lost", id)
		}
	}
	if unknown > 2*rounds {
		t.Errorf("%d entries have no end, after %d kills", unknown, 2*rounds)
	}
	if text, _ := raw(t, dir); broken(text) > 2*rounds {
		t.Errorf("%d lines are broken, after %d kills", broken(text), 2*rounds)
	}
	t.Logf("%d entries, %d without an end", len(all), unknown)
}

// Processes that write at the same time lose and mix nothing, while the file is put aside under their hands.
func TestManyProcesses(t *testing.T) {
	dir := t.TempDir()
	const processes, each = 8, 500
	var all []*exec.Cmd
	for p := range processes {
		all = append(all, writer(dir, fmt.Sprint(p), each, 350_000))
	}
	for _, cmd := range all {
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
	}
	for _, cmd := range all {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	seen := map[string]bool{}
	var last time.Time
	for i, e := range read(t, dir) {
		if e.Result != Done || e.Targets[0] != "batch-"+e.ID || seen[e.ID] {
			t.Errorf("twice or spoiled: %+v", e)
		}
		seen[e.ID] = true
		if i > 0 && e.Time.After(last.Add(time.Second)) { // processes stamp before they write, so neighbours may be swapped
			t.Errorf("%s is not in its place", e.ID)
		}
		last = e.Time
	}
	if len(seen) != processes*each {
		t.Errorf("%d entries of %d", len(seen), processes*each)
	}
	text, files := raw(t, dir)
	if broken(text) > 0 {
		t.Errorf("%d lines are broken", broken(text))
	}
	if files < 3 || files > keep+1 {
		t.Errorf("%d files", files)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != files {
		t.Errorf("something was left behind: %v", left)
	}
}

// So do the goroutines of one process, whose entries are begun and ended in any order.
func TestManyGoroutines(t *testing.T) {
	dir := t.TempDir()
	l := Open(dir, nil)
	l.limit = 20_000
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			var ends []func(int, string, string)
			for i := range 20 {
				end, err := l.Begin(sample(fmt.Sprintf("%d-%d", g, i)))
				if err != nil {
					t.Error(err)
				}
				if ends = append(ends, end); i%3 == 0 {
					for _, end := range ends {
						end(200, Done, "")
					}
					ends = nil
				}
			}
		})
	}
	all.Wait()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	done, unknown := 0, 0
	for _, e := range read(t, dir) {
		if e.Result == Done {
			done++
		} else {
			unknown++
		}
	}
	if done != 8*19 || unknown != 8 { // the last of each has no end
		t.Errorf("%d are done, %d unknown", done, unknown)
	}
}
