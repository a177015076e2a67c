package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/core/record"
	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// collector hands what a command puts out to a script.
type collector struct {
	emit    func(record []byte) error
	secrets *redact.Redactor
	vault   *vault
	held    func(transport.Request) error // takes note of a request that is held back

	mu      sync.Mutex
	printed strings.Builder
	planned []byte // what stands for the first write that was held back
}

func (c *collector) record(json []byte) error { return c.emit(c.secrets.Record(json)) }

func (c *collector) items(doc []byte, member string, _ *record.Array) error {
	return record.Each(doc, member, func(item []byte) error { return c.record(bytes.Clone(item)) })
}

// maxText bounds what a command may print for a script, in bytes.
const maxText = 64 << 20

func (c *collector) text(text string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.printed.Len()+len(text) > maxText {
		return problem.New(problem.Failed, "the command printed more than %d MiB", maxText>>20)
	}
	c.printed.WriteString(text)
	return nil
}

func (c *collector) said() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return string(c.secrets.Values([]byte(c.printed.String())))
}

func (c *collector) plan([]byte) error { return nil }

// hold keeps what the request would have made: the fields of its body, and the hash of a key.
func (c *collector) hold(r transport.Request) (string, error) {
	if err := c.held(r); err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.planned != nil {
		return "1", nil
	}
	row := map[string]json.RawMessage{}
	if json.Unmarshal(c.vault.veil(r.Body), &row) != nil {
		row = map[string]json.RawMessage{}
	}
	row["result"] = json.RawMessage(`"planned"`)
	if key := c.hash(r.Body); key != "" {
		row["token"] = json.RawMessage(fmt.Sprintf("%q", key))
	}
	raw, err := json.Marshal(row)
	if err != nil {
		return "", fmt.Errorf("plan %s %s: %w", r.Method, r.Path, err)
	}
	c.planned = c.secrets.Record(raw)
	return "1", nil
}

// hash is that of the key that a body brings with it.
func (c *collector) hash(body []byte) string {
	var row struct {
		Key string `json:"key"`
	}
	if json.Unmarshal(body, &row) != nil || !protocol.IsKey(row.Key) {
		return ""
	}
	return protocol.KeyHash(row.Key)
}

func (c *collector) around([]byte) {}

func (c *collector) settle() {}

func (c *collector) formatted() bool { return true }
