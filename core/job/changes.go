package job

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"slices"
)

// Change is something that is not as it was when the job was begun.
type Change struct {
	What    string // of a Sum
	Was, Is string // for people; empty: there was, or is, none
}

// Changed compares the sums of the job with those of the present.
func (j *Job) Changed(sums []Sum) []Change { return changes(j.Meta().Sums, sums) }

func changes(was, is []Sum) (out []Change) {
	of := func(list []Sum, what string) (Sum, bool) {
		i := slices.IndexFunc(list, func(s Sum) bool { return s.What == what })
		if i < 0 {
			return Sum{}, false
		}
		return list[i], true
	}
	for _, old := range was {
		now, ok := of(is, old.What)
		switch {
		case !ok:
			out = append(out, Change{What: old.What, Was: old.text(false)})
		case now.Value != old.Value:
			same := now.Shown == old.Shown
			out = append(out, Change{What: old.What, Was: old.text(same), Is: now.text(same)})
		}
	}
	for _, now := range is {
		if _, ok := of(was, now.What); !ok {
			out = append(out, Change{What: now.What, Is: now.text(false)})
		}
	}
	return out
}

// Accept makes the sums of the present the job's. They are on disk when Accept returns.
func (j *Job) Accept(_ context.Context, sums []Sum) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	m := j.meta
	m.Sums = slices.Clone(sums)
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	err = j.journal.write(func(db *database) error { return db.exec(`UPDATE job SET meta = ?`, string(text)) })
	if err == nil {
		j.meta = m
	}
	return err
}

// Sum tells whether something has changed: a script, a file that was given, the arguments, the gateway.
type Sum struct {
	What  string `json:"what"`           // "script", "file people", "arguments", "gateway"
	Value string `json:"value"`          // a hash in hexadecimal digits, or the thing itself where it is short and no secret
	Shown string `json:"shown,omitzero"` // for people: a path, an address
}

// shownDigits of a hash tell one content from another.
const shownDigits = 12

// text is what is shown. Where only the content has changed, as with a file at the same path, it has the beginning of the hash.
func (s Sum) text(content bool) string {
	value := s.Value
	if _, err := hex.DecodeString(value); err == nil && len(value) > shownDigits {
		value = value[:shownDigits] + "…"
	}
	switch {
	case s.Shown == "":
		return value
	case content:
		return s.Shown + " (" + value + ")"
	}
	return s.Shown
}
