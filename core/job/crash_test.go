package job

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// crashChild makes this test binary a run of a job:
//
//	JOB_CHILD="STORE ID WORLD"
//
// It prints a line after all that it has done.
const crashChild = "JOB_CHILD"

const (
	crashItems   = 120
	crashKills   = 30
	crashAtOnce  = 8
	crashWrites  = 3
	crashPerPage = 50
)

func TestMain(m *testing.M) {
	if args := strings.Fields(os.Getenv(crashChild)); len(args) == 3 {
		if err := crashRun(context.Background(), args[0], args[1], args[2]); err != nil {
			fmt.Println("WRONG", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// world is what outlives the runs of a job: a gateway that knows what was sent, and what the runs before know to be on disk. Each
// fact is a line of a file, written at once.
type world struct {
	mu    sync.Mutex
	file  *os.File
	known map[string]bool
}

func openWorld(path string) (*world, error) {
	w := &world{known: map[string]bool{}}
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		w.known[strings.TrimSuffix(line, "\n")] = true
	}
	w.file, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	return w, err
}

func (w *world) add(format string, args ...any) error {
	line := fmt.Sprintf(format, args...)
	if _, err := fmt.Fprintln(w.file, line); err != nil {
		return err
	}
	_, err := fmt.Println(line)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.known[line] = true
	return err
}

func (w *world) knows(format string, args ...any) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.known[fmt.Sprintf(format, args...)]
}

func crashRun(ctx context.Context, dir, id, path string) error {
	w, err := openWorld(path)
	if err != nil {
		return err
	}
	j, err := Open(dir).Resume(ctx, id)
	if e := (*problem.Error)(nil); errors.As(err, &e) && strings.Contains(e.Message, "are finished") {
		return nil
	}
	if err != nil {
		return err
	}
	b, err := j.Batch(ctx, 0)
	if err != nil {
		return err
	}
	if is, err := b.Loaded(ctx); err != nil {
		return err
	} else if !is {
		pages := feed(crashPerPage, people(crashItems))
		err := b.Load(ctx, 0, func(ctx context.Context) ([]Entry, error) {
			fmt.Println("loading")
			return pages(ctx)
		})
		if err != nil {
			return err
		}
		fmt.Println("loaded")
	}
	failures := make(chan error, crashAtOnce)
	for range crashAtOnce {
		go func() { failures <- crashWork(ctx, w, b) }()
	}
	for range crashAtOnce {
		if err := <-failures; err != nil {
			return err
		}
	}
	fmt.Println("ending")
	_, err = j.End(ctx, Ending{State: Done})
	return err
}

func crashWork(ctx context.Context, w *world, b *Batch) error {
	for {
		i, err := b.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if w.knows("done %s", i.Key) {
			return fmt.Errorf("%s came again", i.Key)
		}
		ref := ""
		for n := range crashWrites {
			if ref, err = crashStep(ctx, w, i, n); err != nil {
				return err
			}
		}
		if err := i.Done(ctx, fmt.Appendf(nil, `{"email":%q,"key":%q}`, i.Key, ref)); err != nil {
			return err
		}
		if err := w.add("done %s", i.Key); err != nil {
			return err
		}
	}
}

// crashStep sends a write once, whatever happens, as a command does: what an earlier run may have sent is looked for first.
func crashStep(ctx context.Context, w *world, i *Item, n int) (ref string, err error) {
	s, err := i.Step(ctx, n, fmt.Appendf(nil, `{"command":"write %d","values":{"of":%q}}`, n, i.Key))
	if err != nil {
		return "", err
	}
	ref, secret, err := s.Secret(0, "sk-")
	if err != nil {
		return "", err
	}
	result, _, finished := s.Finished()
	switch {
	case finished && string(result) != fmt.Sprintf(`{"key":%q,"result":"created"}`, ref):
		return "", fmt.Errorf("%s %d has the result %s", i.Key, n, result)
	case finished:
		return ref, nil
	case w.knows("finished %s %d", i.Key, n):
		return "", fmt.Errorf("the result of %s %d is lost", i.Key, n)
	}
	sum := sha256.Sum256([]byte(secret))
	identity, again, err := s.Intent(ctx, "key", hex.EncodeToString(sum[:8])+fmt.Sprint("-", os.Getpid()))
	if err != nil {
		return "", err
	}
	if !again && w.knows("intended %s %d", i.Key, n) {
		return "", fmt.Errorf("the intent of %s %d is lost", i.Key, n)
	}
	if err := w.add("intended %s %d", i.Key, n); err != nil {
		return "", err
	}
	if !again || !w.knows("sent %s %d %s %s", i.Key, n, identity, secret) {
		if err := w.add("sent %s %d %s %s", i.Key, n, identity, secret); err != nil {
			return "", err
		}
	}
	if err := s.Finish(ctx, fmt.Appendf(nil, `{"key":%q,"result":"created"}`, ref), 0); err != nil {
		return "", err
	}
	return ref, w.add("finished %s %d", i.Key, n)
}

// A run that is killed at any moment, again and again, does every write once, and every item has its row.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	s := Open(filepath.Join(dir, "jobs"))
	j := newJob(t, s)
	ok(t, j.Close())
	facts := filepath.Join(dir, "world")
	for n := range crashKills {
		until := fmt.Sprint(rand.IntN(40)) // lines
		if n%10 == 9 {
			until = "ending"
		}
		if over := crashOnce(t, s, j.ID(), facts, until); over {
			break
		}
	}
	for n := 0; !crashOnce(t, s, j.ID(), facts, "ending"); n++ {
		if n == 3 { // kills at the very end
			crashOnce(t, s, j.ID(), facts, "")
			break
		}
	}
	crashed(t, s, j, facts)
}

// crashOnce runs the child until it has printed some lines, or one of them, and kills it. It tells whether the child came to its
// end; for "" it must.
func crashOnce(t *testing.T, s *Store, id, facts, until string) (over bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %s %s", crashChild, s.dir, id, facts))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	ok(t, err)
	ok(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for n := 0; until == "" || fmt.Sprint(n) != until; n++ {
		if !lines.Scan() {
			over = true
			break
		}
		if strings.HasPrefix(lines.Text(), "WRONG") {
			t.Error(lines.Text())
		}
		if lines.Text() == until {
			break
		}
	}
	if !over {
		_ = cmd.Process.Kill()
	}
	err = cmd.Wait()
	if over {
		ok(t, err)
	}
	return over
}

// crashed checks what is left when all is done.
func crashed(t *testing.T, s *Store, j *Job, facts string) {
	t.Helper()
	r := show(t, s, j.ID())
	if r.State != Done || r.Counts != (Counts{Total: crashItems, OK: crashItems}) || r.Seed {
		t.Errorf("%+v", r)
	}
	sent := map[string]string{}
	for line := range strings.Lines(read(t, facts)) {
		if f := strings.Fields(line); f[0] == "sent" {
			if sent[f[1]+" "+f[2]] != "" {
				t.Errorf("%s %s was sent twice", f[1], f[2])
			}
			sent[f[1]+" "+f[2]] = f[4]
		}
	}
	want := "email,key\n"
	for _, e := range people(crashItems) {
		want += e.Key + "," + sent[fmt.Sprint(e.Key, " ", crashWrites-1)] + "\n"
	}
	if got := read(t, j.Dir(), "results.csv"); got != want || len(sent) != crashItems*crashWrites {
		t.Errorf("%d writes were sent; results:\n%s", len(sent), got)
	}
	for _, secret := range sent {
		if in := holders(t, j.Dir(), secret); len(in) > 1 || len(in) == 1 && in[0] != "results.csv" {
			t.Fatalf("a secret is in %v", in)
		}
	}
}
