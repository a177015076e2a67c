//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// box is a sandbox that is served, with its database in a home of its own: so it can be ended and started again.
type box struct {
	home
	url, key string
	server   *exec.Cmd
}

func newBox(t *testing.T) *box {
	t.Helper()
	b := &box{home: newHome(t, "")}
	if err := b.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.stop(os.Interrupt) })
	return b
}

// start starts it, at an address of its own choice.
func (b *box) start() error {
	b.server = exec.Command(b.program, "sandbox", "serve", "--addr", "127.0.0.1:0", "--seed", "empty", "--db", filepath.Join(b.dir, "gateway.db"))
	b.server.Env = b.env
	out, err := b.server.StdoutPipe()
	if err != nil {
		return err
	}
	if err := b.server.Start(); err != nil {
		return err
	}
	if _, err := fmt.Fscanf(out, "export LITELLM_PROXY_URL=%s\nexport LITELLM_PROXY_API_KEY=%s\n", &b.url, &b.key); err != nil {
		b.stop(syscall.SIGKILL)
		return fmt.Errorf("the sandbox did not say where it is: %w", err)
	}
	return nil
}

func (b *box) stop(how os.Signal) {
	_ = b.server.Process.Signal(how) // it may have ended
	_ = b.server.Wait()
}

// restart ends the gateway, with every connection to it, and starts it again: the program finds it at the same address.
func (g *gate) restart(b *box, how os.Signal) {
	g.life.Lock()
	defer g.life.Unlock()
	g.mu.Lock()
	g.dealt[gone]++
	g.mu.Unlock()
	g.close()
	b.stop(how)
	if err := b.start(); err != nil {
		g.t.Errorf("start the gateway again: %v", err)
	}
	g.lead(b.url)
	g.open()
}
