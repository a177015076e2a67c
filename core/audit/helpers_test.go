package audit

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// child makes this test binary a writer of entries to the log in a directory:
//
//	AUDIT_CHILD="DIR NAME COUNT LIMIT"
//
// Entries have the ids NAME-0, NAME-1, … Each is told on standard output once it is in the log. A COUNT of 0 has no end.
const child = "AUDIT_CHILD"

func TestMain(m *testing.M) {
	if args := strings.Fields(os.Getenv(child)); len(args) == 4 {
		count, _ := strconv.Atoi(args[2])
		limit, _ := strconv.ParseInt(args[3], 10, 64)
		os.Exit(write(args[0], args[1], count, limit))
	}
	os.Exit(m.Run())
}

func write(dir, name string, count int, limit int64) int {
	l := Open(dir, nil)
	l.limit = limit
	for i := 0; count == 0 || i < count; i++ {
		end, err := l.Begin(sample(fmt.Sprintf("%s-%d", name, i)))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		end(200, Done, "")
		fmt.Printf("%s-%d\n", name, i)
	}
	return 0
}

func sample(id string) Entry {
	return Entry{
		ID: id, Gateway: "https://llm.example.com", Profile: "prod-eu", Who: "ada@example.com", Key: "ci-bot", Command: "keys delete",
		Plugin: "keys", Method: "POST", Path: "/key/delete", Targets: []string{"batch-" + id}, Reason: "OPS-1: leaver",
	}
}

// writer is a process that writes entries.
func writer(dir, name string, count int, limit int64) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %s %d %d", child, dir, name, count, limit))
	cmd.Stderr = os.Stderr
	return cmd
}

// start starts one that has no end, and returns the lines that it tells.
func start(t *testing.T, dir, name string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := writer(dir, name, 0, defaultLimit)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, bufio.NewScanner(out)
}

func read(t *testing.T, dir string) []Entry {
	t.Helper()
	var all []Entry
	for e, err := range Read(dir) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// raw is the text of all files of a log, the oldest first, and how many there are.
func raw(t *testing.T, dir string) (text string, files int) {
	t.Helper()
	list, _ := filepath.Glob(filepath.Join(dir, "log*.jsonl"))
	slices.Sort(list)
	slices.Reverse(list[:max(len(list)-1, 0)]) // log.jsonl is the last in the alphabet
	for _, f := range list {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		text += string(b)
	}
	return text, len(list)
}

// broken counts the lines that are no entry's.
func broken(text string) int {
	n := 0
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if _, ok := parse([]byte(line)); !ok || !strings.HasPrefix(line, string(prefix)) {
			n++
		}
	}
	return n
}
