package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// inputs remembers which value has read standard input, which can be read once.
type inputs struct {
	mu   sync.Mutex
	from string
	data []byte
}

// Input reads the content behind one value of the command line. No other file is read for a plugin.
func (h *host) Input(name string, index int) ([]byte, error) {
	p, value, ok := h.value(name, index)
	if !ok {
		return nil, problem.New(problem.Plugin, "plugin %q asked for the content behind %s, which was not given", h.policy.Plugin, name)
	}
	path, ok := fileOf(p, value)
	if !ok {
		return nil, problem.New(problem.Plugin, "plugin %q asked for the content behind %s, whose value names no file", h.policy.Plugin, name)
	}
	data, err := h.readInput(fmt.Sprintf("%s (value %d)", label(h.line.Command, p), index+1), path)
	if err != nil {
		return nil, err
	}
	h.secrets.AddBody(data)
	if p.GetStdin() {
		for line := range strings.Lines(string(data)) {
			if name := strings.TrimSpace(line); protocol.IsKey(name) {
				h.secrets.Add(name)
			}
		}
	}
	if p.GetKeyName() {
		return protocol.HideKeys(data), nil
	}
	if p.GetKind() == protocol.Kind_KIND_ASSIGNMENT && redact.SecretName(body.Name(value)) {
		h.secrets.Add(strings.TrimSpace(string(data)))
	}
	return data, nil
}

func (h *host) value(name string, index int) (*protocol.Parameter, string, bool) {
	for _, p := range h.line.Command.Parameters() {
		if p.GetName() != name {
			continue
		}
		for _, v := range h.line.Values {
			if v.GetName() == name && index >= 0 && index < len(v.GetValues()) {
				return p, v.GetValues()[index], true
			}
		}
	}
	return nil, "", false
}

// fileOf returns the file that a value names, as its kind has it; "-" is standard input.
func fileOf(p *protocol.Parameter, value string) (string, bool) {
	switch {
	case p.GetKind() == protocol.Kind_KIND_INPUT:
		return value, true
	case p.GetKind() == protocol.Kind_KIND_ASSIGNMENT:
		_, value, _ = strings.Cut(value, "=")
		return strings.CutPrefix(value, "@")
	case p.GetStdin() && value == "-":
		return value, true
	case p.GetAtColon():
		_, value, _ = strings.Cut(value, ":")
		return strings.CutPrefix(value, "@")
	case p.GetAtFile():
		return strings.CutPrefix(value, "@")
	}
	return "", false
}

func label(c *protocol.Command, p *protocol.Parameter) string {
	for _, f := range c.GetFlags() {
		if f == p {
			return "--" + p.GetName()
		}
	}
	return strings.ToUpper(p.GetName())
}

func (h *host) readInput(label, path string) ([]byte, error) {
	if path == "-" {
		return h.readStdin(label)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, problem.Wrap(problem.Usage, err, "cannot read the file for %s", label)
	}
	defer f.Close()
	return bounded(f, label)
}

func (h *host) readStdin(label string) ([]byte, error) {
	h.inputs.mu.Lock()
	defer h.inputs.mu.Unlock()
	if h.inputs.from != "" && h.inputs.from != label {
		return nil, problem.New(problem.Usage, "cannot read standard input for %s: %s has read it", label, h.inputs.from)
	}
	if h.inputs.from == "" {
		data, err := bounded(h.Streams.In, label)
		if err != nil {
			return nil, err
		}
		h.inputs.from, h.inputs.data = label, data
	}
	return h.inputs.data, nil
}

func bounded(r io.Reader, label string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, protocol.MaxInput+1))
	if err != nil {
		return nil, problem.Wrap(problem.Usage, err, "cannot read the input for %s", label)
	}
	if len(data) > protocol.MaxInput {
		return nil, problem.New(problem.Usage, "cannot use the input for %s: it has more than %d MiB", label, protocol.MaxInput>>20)
	}
	return data, nil
}

// readLine reads one line from a person, or returns when ctx ends.
func readLine(ctx context.Context, r io.Reader) (string, error) {
	type result struct {
		line string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		line, err := bufio.NewReader(r).ReadString('\n')
		done <- result{strings.ToLower(strings.TrimSpace(line)), err}
	}()
	select {
	case got := <-done:
		if got.err != nil && !errors.Is(got.err, io.EOF) {
			return "", fmt.Errorf("read the answer: %w", got.err)
		}
		return got.line, nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}
