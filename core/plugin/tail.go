package plugin

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

// tail keeps the last bytes written to it, and the line that began a Go panic, which a long trace would push out. It
// expects go-plugin's writes: a line, or a part of one, and its end.
type tail struct {
	to    io.Writer
	mu    sync.Mutex
	b     []byte
	panic string
}

const (
	tailSize  = 4 << 10
	panicSize = 1 << 10
)

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	if t.panic == "" && (bytes.HasPrefix(b, []byte("panic: ")) || bytes.HasPrefix(b, []byte("fatal error: "))) {
		t.panic = string(b[:min(len(b), panicSize)])
	}
	t.b = append(t.b, b[max(0, len(b)-tailSize):]...)
	if len(t.b) > tailSize {
		t.b = bytes.Clone(t.b[len(t.b)-tailSize:])
	}
	t.mu.Unlock()
	if t.to != nil {
		_, _ = t.to.Write(b)
	}
	return len(b), nil
}

// last returns the line that says why: the first one of a Go panic, else the last one.
func (t *tail) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.panic != "" {
		return strings.TrimSpace(t.panic)
	}
	lines := strings.Split(strings.TrimSpace(string(t.b)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
