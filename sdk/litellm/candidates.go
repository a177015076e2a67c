package litellm

import (
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

// maxCandidates is how many names a completion offers.
const maxCandidates = 50

// Candidates gathers the names that complete what was typed, each once.
type Candidates struct {
	prefix string
	seen   map[string]bool
	List   []sdk.Candidate
}

// NewCandidates gathers names that begin with prefix.
func NewCandidates(prefix string) *Candidates {
	return &Candidates{prefix: prefix, seen: map[string]bool{}}
}

// Offer adds something that has an id and perhaps another name: the id, and the name where it is what was begun.
func (c *Candidates) Offer(id, name string) {
	c.add(id, name)
	if c.prefix != "" {
		c.add(name, id)
	}
}

func (c *Candidates) add(text, note string) {
	if text == "" || !strings.HasPrefix(text, c.prefix) || c.seen[text] || len(c.List) >= maxCandidates {
		return
	}
	c.seen[text] = true
	c.List = append(c.List, sdk.Candidate{Text: text, Note: note})
}
