package app

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"sync"
)

// child is the process of a script, as its parent has it.
type child struct {
	orders  *os.File // closed when this process ends
	mu      sync.Mutex
	last    told
	words   bytes.Buffer // what it printed on its own standard error
	reading sync.WaitGroup
}

// startChild starts it with its pipes.
func startChild(cmd *exec.Cmd, stderr *os.File) (*child, error) {
	c := &child{}
	orders, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer orders.Close()
	read, tell, err := os.Pipe()
	if err != nil {
		write.Close()
		return nil, err
	}
	defer tell.Close()
	c.orders = write
	cmd.ExtraFiles = []*os.File{orders, tell, stderr}
	cmd.Stderr = &headOf{&c.words, &c.mu}
	if err := cmd.Start(); err != nil {
		write.Close()
		read.Close()
		return nil, err
	}
	c.reading.Go(func() {
		defer read.Close()
		lines := json.NewDecoder(read)
		for {
			var t told
			if lines.Decode(&t) != nil {
				return
			}
			c.mu.Lock()
			c.last = t
			c.mu.Unlock()
		}
	})
	return c, nil
}

func (c *child) order(args []string) error {
	raw, err := json.Marshal(args)
	if err == nil {
		_, err = c.orders.Write(append(raw, '\n'))
	}
	return err
}

func (c *child) close() { c.orders.Close() }

// headOf keeps the beginning of what is written to it.
type headOf struct {
	b  *bytes.Buffer
	mu *sync.Mutex
}

// mostWords of a process that dies are kept, in bytes.
const mostWords = 64 << 10

func (t *headOf) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b.Write(b[:min(len(b), max(0, mostWords-t.b.Len()))])
	return len(b), nil
}

// tellParent tells the parent, if there is one.
func (s *session) tellParent(t told) {
	if s.Parent != nil {
		_ = json.NewEncoder(s.Parent).Encode(t) // a parent that has gone ends this process
	}
}

// orders reads the command line that a parent gives, and calls gone when the parent has ended.
func orders(r io.Reader, gone func()) ([]string, error) {
	lines := json.NewDecoder(r)
	var args []string
	if err := lines.Decode(&args); err != nil {
		return nil, err
	}
	go func() {
		_, _ = io.Copy(io.Discard, r)
		gone()
	}()
	return args, nil
}
