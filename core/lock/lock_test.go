package lock

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// One holds a name at a time; nothing is left.
func TestAcquire(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "locks")
	var all sync.WaitGroup
	held, most := 0, 0
	var mu sync.Mutex
	for range 16 {
		all.Go(func() {
			l, err := Acquire(t.Context(), dir, "a name/with\x00anything")
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			held++
			most = max(most, held)
			mu.Unlock()
			mu.Lock()
			held--
			mu.Unlock()
			l.Release()
		})
	}
	all.Wait()
	if most != 1 {
		t.Errorf("%d held it at once", most)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
		t.Errorf("%v %v", info, err)
	}
}

func TestAcquireGivesUp(t *testing.T) {
	dir := t.TempDir()
	held, err := Acquire(t.Context(), dir, "x")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	if _, err := Acquire(ctx, dir, "x"); err == nil {
		t.Error("two hold it")
	}
	if other, err := Acquire(t.Context(), dir, "y"); err != nil {
		t.Error(err)
	} else {
		other.Release()
	}
	held.Release()
	again, err := Acquire(t.Context(), dir, "x")
	if err != nil {
		t.Fatal(err)
	}
	again.Release()
	if _, err := Acquire(t.Context(), filepath.Join(dir, "file\x00"), "x"); err == nil {
		t.Error("a directory that cannot be")
	}
}
