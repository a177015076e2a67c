package config

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "sub", "config.toml")
	if err := Write(path, nil, []byte("a")); err != nil {
		t.Fatal(err)
	}
	mode := func(path string) os.FileMode {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	unix := os.PathSeparator == '/'
	if unix && (mode(path) != 0o600 || mode(filepath.Dir(path)) != 0o700) {
		t.Error(mode(path), mode(filepath.Dir(path)))
	}
	for _, old := range [][]byte{nil, {}, []byte("b")} {
		if err := Write(path, old, []byte("c")); err == nil || !strings.Contains(err.Error(), "has been changed meanwhile") {
			t.Error(err)
		}
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if unix { // Windows replaces no file that somebody reads
		reader, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer reader.Close()
		defer func() {
			if raw, err := io.ReadAll(reader); string(raw) != "a" {
				t.Errorf("whoever reads the old document gets %q %v", raw, err)
			}
		}()
	}
	if err := Write(path, []byte("a"), []byte("b")); err != nil || unix && mode(path) != 0o644 {
		t.Error(err, mode(path))
	}
	for name, target := range map[string]string{"there": path, "dangling": filepath.Join(dir, "new", "config.toml")} {
		link := filepath.Join(dir, name)
		if err := os.Symlink(target, link); err != nil {
			t.Skip(err)
		}
		old := []byte("b")
		if name == "dangling" {
			old = nil
		}
		if err := Write(link, old, []byte("linked")); err != nil {
			t.Error(name, err)
		}
		if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s: the link is gone", name)
		}
		if raw, err := os.ReadFile(target); string(raw) != "linked" {
			t.Errorf("%s: %q %v", name, raw, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*", ".config-*")); len(left) > 0 {
		t.Error("left:", left)
	}
}

// What is a link is followed by its own directory, and one without end is an error.
func TestWriteLinks(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join("dotfiles", "config.toml"), filepath.Join(dir, "config.toml")); err != nil {
		t.Skip(err)
	}
	if err := Write(filepath.Join(dir, "config.toml"), nil, []byte("a")); err != nil {
		t.Error(err)
	}
	if raw, err := os.ReadFile(filepath.Join(dir, "dotfiles", "config.toml")); string(raw) != "a" {
		t.Errorf("%q %v", raw, err)
	}
	loop := filepath.Join(dir, "loop")
	if err := os.Symlink("loop", loop); err != nil {
		t.Fatal(err)
	}
	if err := Write(loop, nil, []byte("a")); err == nil || !strings.Contains(err.Error(), "without end") {
		t.Error(err)
	}
}

// Without a change nothing is written: no file is made, and one that is there is not replaced.
func TestWriteNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "sub", "config.toml")
	for _, doc := range [][]byte{nil, {}} {
		if err := Write(path, nil, doc); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Dir(path)); err == nil {
		t.Error("a directory was made")
	}
	if err := Write(path, nil, []byte("a")); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(dir, "empty.toml")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(empty, nil, []byte("a")); err == nil || !strings.Contains(err.Error(), "has been changed meanwhile") {
		t.Errorf("a file that somebody else has begun: %v", err)
	}
	before, _ := os.Stat(path)
	if err := Write(path, []byte("a"), []byte("a")); err != nil {
		t.Error(err)
	}
	if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
		t.Error("it was replaced", err)
	}
}

// What cannot be written says so, and leaves what is there.
func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("a"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"a directory": dir, "a file for a directory": filepath.Join(file, "config.toml")} {
		if err := Write(path, nil, []byte("b")); err == nil || !strings.Contains(err.Error(), "cannot write the configuration: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	shut := filepath.Join(dir, "shut")
	path := filepath.Join(shut, "config.toml")
	if err := Write(path, nil, []byte("a")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(shut, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(shut, 0o700) })
	if probe, err := os.Create(filepath.Join(shut, "probe")); err == nil {
		_ = probe.Close()
		t.Skip("root, and Windows, write where nobody may")
	}
	if err := Write(path, []byte("a"), []byte("b")); err == nil {
		t.Error("written")
	}
	if raw, err := os.ReadFile(path); string(raw) != "a" {
		t.Errorf("%q %v", raw, err)
	}
}

// writerOf is the environment variable that makes the test binary write one document after the other to a file.
const writerOf = "LITELLM_PROXY_TEST_WRITER_OF"

// docsOfWriter are large enough to be written in more than one piece.
func docsOfWriter() [2][]byte {
	return [2][]byte{bytes.Repeat([]byte("# one\n"), maxFile/7), bytes.Repeat([]byte("# the other\n"), maxFile/13)}
}

func TestMain(m *testing.M) {
	if path := os.Getenv(writerOf); path != "" {
		for docs := docsOfWriter(); ; docs[0], docs[1] = docs[1], docs[0] {
			if err := Write(path, docs[0], docs[1]); err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
			fmt.Println("written")
		}
	}
	os.Exit(m.Run())
}

// A writer that is killed leaves the old document or the new one, and whoever reads meanwhile gets one of them.
func TestWriteKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	docs := docsOfWriter()
	whole := func() {
		t.Helper()
		if raw, err := os.ReadFile(path); err != nil || !bytes.Equal(raw, docs[0]) && !bytes.Equal(raw, docs[1]) {
			t.Fatalf("%d bytes, %v", len(raw), err)
		}
	}
	for round := range 5 {
		if err := os.WriteFile(path, docs[0], 0o600); err != nil {
			t.Fatal(err)
		}
		c := exec.CommandContext(t.Context(), os.Args[0])
		c.Env = append(os.Environ(), writerOf+"="+path)
		out, err := c.StdoutPipe()
		if err == nil {
			err = c.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for range 3 + round {
			if !lines.Scan() || lines.Text() != "written" {
				t.Fatal(lines.Text())
			}
			whole()
		}
		_ = c.Process.Kill()
		_ = c.Wait()
		whole()
	}
}
