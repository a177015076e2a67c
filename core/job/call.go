package job

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// commandOf is the command of a call; empty if it has none.
func commandOf(call []byte) string {
	var c struct {
		Command string `json:"command"`
	}
	_ = json.Unmarshal(call, &c) // what is no object has none
	return c.Command
}

// The most that an error shows of two calls.
const (
	shownFields = 10
	shownValue  = 80 // bytes
)

// differs is the error for a call that is not the one that was recorded; nil if it is.
func (i *Item) differs(s *Step, call []byte) *problem.Error {
	if bytes.Equal(s.call, call) {
		return nil
	}
	was, is := fieldsOf(s.call), fieldsOf(call)
	var facts []problem.Fact
	for _, name := range slices.Sorted(maps.Keys(union(was, is))) {
		if was[name] != is[name] && name != "command" {
			facts = append(facts, problem.Fact{Label: strings.TrimPrefix(name, "values."), Text: shown(was, name) + " → " + shown(is, name)})
		}
	}
	before, now := s.name, commandOf(call)
	if len(facts) == 0 && before == now {
		return nil // the same, written in another way
	}
	if len(facts) > shownFields {
		facts = append(facts[:shownFields], problem.Fact{Label: "more", Text: fmt.Sprint(len(facts) - shownFields)})
	}
	facts = append([]problem.Fact{{Label: "was", Text: before}, {Label: "is", Text: now}}, facts...)
	e := i.changed(fmt.Sprintf("write %d", s.key.n+1))
	e.Facts = facts
	return e
}

// moved is the error for a step with a name that comes behind another number of writes.
func (i *Item) moved(s *Step, first int) *problem.Error {
	e := i.changed(fmt.Sprintf("step %q", s.name))
	e.Facts = []problem.Fact{{Label: "was", Text: fmt.Sprintf("behind %d writes", s.first)}, {Label: "is", Text: fmt.Sprintf("behind %d writes", first)}}
	return e
}

func (i *Item) changed(what string) *problem.Error {
	return problem.New(problem.Refused, "cannot go on with item %q: its %s is not the one that was recorded", i.Key, what).
		WithHint("run what the job was begun with; or do the rest anew: litellm-proxy job export %s writes unprocessed.csv", i.batch.job.id).
		WithState("nothing was sent for this step")
}

// fieldsOf are the members of a call by their paths, and those of its values; all of it under "call" if it is no object.
func fieldsOf(call []byte) map[string]string {
	out := map[string]string{}
	var top map[string]json.RawMessage
	if err := json.Unmarshal(call, &top); err != nil {
		return map[string]string{"call": string(call)}
	}
	for name, value := range top {
		var inner map[string]json.RawMessage
		if err := json.Unmarshal(value, &inner); err != nil || inner == nil {
			out[name] = compact(value)
			continue
		}
		for field, v := range inner {
			out[name+"."+field] = compact(v)
		}
	}
	return out
}

func compact(value []byte) string {
	var b bytes.Buffer
	if err := json.Compact(&b, value); err != nil {
		return string(value)
	}
	return b.String()
}

func union(a, b map[string]string) map[string]bool {
	all := map[string]bool{}
	for name := range a {
		all[name] = true
	}
	for name := range b {
		all[name] = true
	}
	return all
}

func shown(fields map[string]string, name string) string {
	value, ok := fields[name]
	switch {
	case !ok:
		return "not given"
	case len(value) > shownValue:
		return strings.ToValidUTF8(value[:shownValue], "") + "…"
	}
	return value
}
