// Package redact hides secrets by value: whatever text is about to leave the program, in the forms a secret takes on the way.
package redact

import (
	"io"
	"slices"
	"sync"
)

// shortest is the least length of a secret that is hidden wherever it stands. Shorter ones, such as the dummy keys "fake"
// and "model" of a provider without keys, would destroy every text.
const shortest = 8

// Redactor knows the secrets of one run. The zero value is ready; all methods are safe for concurrent use.
type Redactor struct {
	mu   sync.RWMutex
	kept generation   // secrets that are known for good
	late []generation // those that were learned after KeepLatest, the youngest first
	most int          // how many a generation of those has; 0: all secrets are kept
	mask string       // a replacement that contains no form
}

// generation is a set of secrets.
type generation struct {
	known map[string]bool // secrets already registered, of any length
	short []string        // those that are too short to be hidden wherever they stand
	forms map[string]bool // forms already in an index
	by    [2]index        // forms by their length: the longer, the faster they are looked for
}

// KeepLatest has the redactor forget, of the secrets that it learns from now on, all but the n to 2n youngest: a run that makes
// a hundred thousand keys needs to know each of them while it is on its way.
func (r *Redactor) KeepLatest(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.most, r.late = n, make([]generation, 2)
}

// Add registers secrets: as they are, and URL-, JSON- and base64-encoded. Those shorter than 8 bytes are hidden by Record
// alone, and there only as the whole value of a member with a secret's name. Empty ones are ignored.
func (r *Redactor) Add(secrets ...string) {
	for _, s := range secrets {
		if s != "" {
			r.add(s)
		}
	}
}

func (r *Redactor) add(secret string) {
	r.mu.RLock()
	seen := r.knows(secret)
	r.mu.RUnlock()
	if seen {
		return
	}
	var all []form
	if len(secret) >= shortest {
		all = formsOf(secret)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.knows(secret) {
		return
	}
	g := &r.kept
	if r.most > 0 {
		if len(r.late[0].known) >= r.most {
			r.late[0], r.late[1] = generation{}, r.late[0]
		}
		g = &r.late[0]
	}
	if g.add(secret, all); len(secret) < shortest {
		return
	}
	r.mask = ""
	for _, m := range []string{hidden, "[***]"} { // the last is shorter than any form
		if len(r.find([]byte(m))) == 0 {
			r.mask = m
			break
		}
	}
}

func (g *generation) add(secret string, all []form) {
	if g.known == nil {
		g.known, g.forms = map[string]bool{}, map[string]bool{}
		g.by[0].width, g.by[1].width = shortest, 2*shortest
	}
	g.known[secret] = true
	if len(secret) < shortest {
		g.short = append(g.short, secret)
		return
	}
	for _, f := range all {
		if g.forms[f.text] {
			continue
		}
		g.forms[f.text] = true
		for i := len(g.by) - 1; i >= 0; i-- {
			if len(f.text) >= g.by[i].width {
				g.by[i].add(f)
				break
			}
		}
	}
}

// generations calls f with each set of secrets until it says no.
func (r *Redactor) generations(f func(*generation) bool) {
	if !f(&r.kept) {
		return
	}
	for i := range r.late {
		if !f(&r.late[i]) {
			return
		}
	}
}

func (r *Redactor) knows(secret string) (known bool) {
	r.generations(func(g *generation) bool { known = g.known[secret]; return !known })
	return known
}

// Values returns b with every registered secret of at least 8 bytes replaced; b itself when it holds none. It never
// changes b.
func (r *Redactor) Values(b []byte) []byte {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.values(b)
}

// String returns s with every registered secret of at least 8 bytes replaced, and then whatever looks like a key or a bearer token.
func (r *Redactor) String(s string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	out := string(r.values([]byte(s)))
	if p := patterns(out); p != out {
		out = string(r.values([]byte(p)))
	}
	return out
}

// Writer returns a writer that passes each write on to w as String returns it. It holds nothing back, so a secret that
// is split over two writes is not found.
func (r *Redactor) Writer(w io.Writer) io.Writer { return &writer{r, w} }

type writer struct {
	r *Redactor
	w io.Writer
}

func (w *writer) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.w, w.r.String(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// values replaces until nothing is found any more: a replacement next to other text may spell a secret again.
func (r *Redactor) values(b []byte) []byte {
	for range 4 {
		found := r.find(b)
		if len(found) == 0 {
			return b
		}
		b = r.replace(b, found)
	}
	if len(r.find(b)) == 0 {
		return b
	}
	return []byte(r.mask)
}

// find returns every occurrence, ordered by start and, from one start, the longest first.
func (r *Redactor) find(b []byte) []span {
	var found []span
	r.generations(func(g *generation) bool {
		for i := range g.by {
			found = g.by[i].find(b, found)
		}
		return true
	})
	slices.SortFunc(found, func(a, b span) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return b.to - a.to
	})
	return found
}

// replace writes one replacement for each run of overlapping spans.
func (r *Redactor) replace(b []byte, found []span) []byte {
	out := make([]byte, 0, len(b))
	at := 0
	for i := 0; i < len(found); {
		first := found[i]
		to := first.to
		for i++; i < len(found) && found[i].from < to; i++ {
			to = max(to, found[i].to)
		}
		out = append(out, b[at:first.from]...)
		out = append(out, r.label(first, to)...)
		at = to
	}
	return append(out, b[at:]...)
}

// label returns what stands for the run from first up to to.
func (r *Redactor) label(first span, to int) string {
	if first.label == "" || first.to != to || len(r.find([]byte(first.label))) > 0 {
		return r.mask
	}
	return first.label
}

// Contains says whether b holds a registered secret of at least 8 bytes.
func (r *Redactor) Contains(b []byte) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.find(b)) > 0
}

// Begun returns how many bytes at the end of b may be the beginning of a registered secret, all of which has not come yet; 0
// for none.
func (r *Redactor) Begun(b []byte) int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	longest := 0
	r.generations(func(g *generation) bool {
		for secret := range g.known {
			for n := min(len(secret)-1, len(b)); n > longest && len(secret) >= shortest; n-- {
				if string(b[len(b)-n:]) == secret[:n] {
					longest = n
				}
			}
		}
		return true
	})
	return longest
}
