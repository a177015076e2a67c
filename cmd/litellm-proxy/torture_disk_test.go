//go:build linux

package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// mount gives the program a small disk for what it keeps, and returns the file that fills it.
func (r *torture) mount() (filler string) {
	r.t.Helper()
	state := filepath.Join(r.dir, "state")
	if err := os.MkdirAll(state, 0o700); err != nil {
		r.t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", state, "tmpfs", 0, "size=32m,mode=0700"); err != nil {
		r.t.Skipf("a file system cannot be mounted here, which takes root: %v", err)
	}
	r.t.Cleanup(func() {
		if err := unix.Unmount(state, unix.MNT_DETACH); err != nil {
			r.t.Error(err)
		}
	})
	return filepath.Join(state, "filler")
}

// remove makes room again.
func (r *torture) remove(filler string) {
	if err := os.Remove(filler); err != nil {
		r.t.Fatal(err)
	}
}

// fill takes all room of the disk.
func (r *torture) fill() {
	path := filepath.Join(r.dir, "state", "filler")
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		r.t.Error(err)
		return
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		if _, err = f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	if !errors.Is(err, unix.ENOSPC) {
		r.t.Errorf("the disk is not full: %v", err)
	}
}

// seal lets nobody write what the program keeps, or lets it again: root by the file system, others by modes.
func (r *torture) seal(sealed bool) {
	r.t.Helper()
	state := filepath.Join(r.dir, "state")
	if err := os.MkdirAll(state, 0o700); err != nil {
		r.t.Fatal(err)
	}
	if os.Getuid() == 0 {
		flags := uintptr(unix.MS_REMOUNT)
		if sealed {
			flags |= unix.MS_RDONLY
		}
		if err := unix.Mount("", state, "", flags, ""); err != nil {
			r.t.Fatal(err)
		}
		return
	}
	err := filepath.WalkDir(state, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		mode := fs.FileMode(0o400)
		if !sealed {
			mode |= 0o200
		}
		if d.IsDir() {
			mode |= 0o100
		}
		return os.Chmod(path, mode)
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// startBlocked starts a program that gets an error, and no signal, where it reaches the limit of a file's size.
func startBlocked(cmd *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var block, before unix.Sigset_t
	block.Val[0] = 1 << (unix.SIGXFSZ - 1)
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &block, &before); err != nil {
		return err
	}
	defer func() { _ = unix.PthreadSigmask(unix.SIG_SETMASK, &before, nil) }()
	return cmd.Start()
}

// limit keeps the process of the script from making any file longer than the longest file of the journal is now.
func (r *torture) limit() {
	pid := 0
	for _, p := range processes() {
		if r.started(p.group) && pid == 0 {
			pid = childOf(p.pid)
		}
	}
	longest := int64(0)
	paths, _ := filepath.Glob(filepath.Join(r.jobsDir(), "*", "journal.db*"))
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && !strings.HasSuffix(path, "-shm") {
			longest = max(longest, info.Size())
		}
	}
	if err := unix.Prlimit(pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: uint64(longest), Max: unix.RLIM_INFINITY}, nil); err != nil {
		r.t.Error(err)
	}
}

// TestTortureDiskFull leaves no room on the disk, before a run and in the middle of one: the run ends, says why, and goes on when
// there is room again.
func TestTortureDiskFull(t *testing.T) {
	t.Parallel()
	r := newTorture(t, sized(t).some(), 1).makesKeys()
	filler := r.mount()
	r.fill()
	a := r.try(nil, r.script...)
	if made := r.gate.made.Load(); a.code != 1 || !strings.Contains(a.stderr, "cannot make a job in "+r.jobsDir()+": no space left on device") || made > 0 {
		t.Errorf("%d keys were asked for: %s", made, a)
	}
	r.remove(filler)
	r.gate.set(r.requests()/4, arrived, func() { r.gate.hold(r.fill) })
	r.stops("no space left on device")
	a = r.try(nil, "job", "resume", r.job().ID)
	if a.code != 1 || !strings.Contains(a.stderr, "no space left on device") {
		t.Errorf("it ended unexpectedly: %s", a)
	}
	r.remove(filler)
	r.drive(0)
	r.check()
}

// TestTortureFileLimit is TestTortureDiskFull with a limit to the length of files, where the journal is written, and room for others.
func TestTortureFileLimit(t *testing.T) {
	t.Parallel()
	r := newTorture(t, sized(t).some(), 2).makesKeys()
	start := r.begin
	r.begin = startBlocked
	r.gate.set(r.requests()/4, arrived, func() { r.gate.hold(r.limit) })
	r.stops("sqlite3: disk I/O error")
	r.begin = start
	r.drive(0)
	r.check()
}

// TestTortureReadOnly has a directory that cannot be written, before a run and before it is resumed.
func TestTortureReadOnly(t *testing.T) {
	t.Parallel()
	r := newTorture(t, sized(t).some(), 3).makesKeys()
	why := "permission denied"
	if os.Getuid() == 0 { // whom no mode keeps from writing
		r.mount()
		why = "read-only file system"
	}
	r.seal(true)
	a := r.try(nil, r.script...)
	if made := r.gate.made.Load(); a.code != 1 || !strings.Contains(a.stderr, "cannot make a job in "+r.jobsDir()+": "+why) || made > 0 {
		t.Errorf("%d keys were asked for: %s", made, a)
	}
	r.seal(false)
	id := r.halfway()
	r.seal(true)
	made := r.gate.made.Load()
	a = r.try(nil, "job", "resume", id)
	// The journal of a killed run is read with a file beside it: which of the two is tried first does not matter.
	if more := r.gate.made.Load() - made; a.code != 1 || !regexp.MustCompile("job "+id+": .*("+why+"|read-only)").MatchString(a.stderr) || more > 0 {
		t.Errorf("%d keys were asked for: %s", more, a)
	}
	r.seal(false)
	r.drive(0)
	r.check()
}

// stops runs the script, whose journal cannot be written any more from some moment on.
func (r *torture) stops(why string) {
	r.t.Helper()
	a := r.try(nil, r.script...)
	id := r.job().ID
	if a.code != 1 || !strings.Contains(a.stderr, "cannot write the journal of job "+id+": "+why) || !strings.Contains(a.stderr, "make room, then: litellm-proxy job resume "+id) {
		r.t.Errorf("it ended unexpectedly: %s", a)
	}
	if made := r.gate.made.Load(); made == 0 || made >= int64(r.size.keys) {
		r.t.Errorf("%d keys were asked for", made)
	}
}
