package script

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// answer is what a command has given. It is also what the journal keeps of one.
type answer struct {
	Records []json.RawMessage `json:"records,omitempty"`
	Text    string            `json:"text,omitempty"`
}

// function is a command as a function of the script.
func (s *session) function(c *command, profile string) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		s.ask(c.name + "()")
		in, err := s.values(c, call.Argument(0))
		if err != nil {
			s.refuse(err)
		}
		at, reads := s.scope, c.reads(in.values)
		if err := at.mayBegin(c.name, !reads); err != nil {
			s.refuse(err)
		}
		if at == nil && !reads && len(s.each) > 0 {
			// Whose it is cannot be told, for instance in a `then` of the script's own. It would be done again by a run that is resumed.
			s.refuse(wrongf("%s is called outside of the items while job.each is under way: call it before or behind that, or in an item's function", c.name))
		}
		host := &Call{Profile: profile, Plugin: c.Plugin.GetName(), Command: c.Command, Values: in.values}
		list := c.Command.GetRecord().GetShape() == protocol.Shape_SHAPE_LIST
		switch {
		case reads && list:
			return s.listing(&s.calls, s.decodeRow, func(ctx context.Context, emit func(row any) error) error {
				_, err := s.host.Call(ctx, host, func(record []byte) error { return emit(bytes.Clone(record)) })
				return err
			})
		case reads:
			s.calls.Add(1)
			return s.background(func(ctx context.Context) (func() goja.Value, error) {
				defer s.calls.Done()
				a, err := s.command(ctx, host)
				return func() goja.Value { return s.given(c, in, a) }, err
			})
		}
		promise := s.write(c, in, host, at)
		if list {
			return s.settledListing(promise)
		}
		return promise
	}
}

// command runs a command to its end. It may be called from any goroutine.
func (s *session) command(ctx context.Context, call *Call) (answer, error) {
	var a answer
	text, err := s.host.Call(ctx, call, func(record []byte) error {
		a.Records = append(a.Records, bytes.Clone(record))
		return ctx.Err()
	})
	a.Text = text
	return a, err
}

// write runs a command that changes something: within an item as a step, which the journal may know the answer of.
func (s *session) write(c *command, in given, call *Call, at *scope) goja.Value {
	promise, resolve, reject := s.vm.NewPromise()
	where := s.where()
	done := s.loop.start()
	var step func(ctx context.Context) (*job.Step, error)
	var n int
	if at != nil {
		n = at.item.begin()
		if at.item.entry != nil {
			written := canonical(c, call)
			step = func(ctx context.Context) (*job.Step, error) { return at.item.entry.Step(ctx, n, written) }
		}
	}
	s.calls.Go(func() {
		var a answer
		broken := false
		err := func() (err error) {
			if step == nil {
				a, err = s.command(s.ctx, call)
				return err
			}
			if call.Step, err = step(s.ctx); err != nil {
				broken = true
				return err
			}
			a, err = s.stepped(s.ctx, call, n)
			return err
		}()
		done(func() {
			if at != nil { // before the script goes on, which it does at once
				at.item.end(broken, err)
			}
			s.settle(resolve, reject, func() goja.Value { return s.given(c, in, a) }, err, where)
		})
	})
	return s.vm.ToValue(promise)
}

// stepped answers a step from the journal, or runs it and has the journal keep its answer. A failure is not kept: when the item is
// tried again, so is the step.
func (s *session) stepped(ctx context.Context, call *Call, n int) (answer, error) {
	var a answer
	if raw, _, ok := call.Step.Finished(); ok {
		if err := json.Unmarshal(raw, &a); err != nil {
			return a, fmt.Errorf("read the answer of a step in the journal: %w", err)
		}
		return a, nil
	}
	a, err := s.command(ctx, call)
	if err != nil {
		return a, err
	}
	raw, err := json.Marshal(a)
	if err != nil {
		return a, fmt.Errorf("keep the answer of a step: %w", err)
	}
	return a, call.Step.Finish(ctx, raw, n+1)
}

// given is what a call gives to the script.
func (s *session) given(c *command, in given, a answer) goja.Value {
	records := make([]any, len(a.Records))
	for i, raw := range a.Records {
		v, err := s.value(raw)
		if err != nil {
			panic(s.thrown(err, nil))
		}
		records[i] = v
	}
	several := len(records) > 1 || c.Target() != nil && !in.single || c.Command.GetRecord().GetShape() == protocol.Shape_SHAPE_LIST
	switch {
	case several:
		return s.vm.NewArray(records...)
	case len(records) == 1:
		return records[0].(goja.Value)
	case c.Command.GetRecord().GetShape() == protocol.Shape_SHAPE_ONE || a.Text == "" && c.Command.GetRecord() != nil:
		return goja.Undefined()
	}
	return s.vm.ToValue(a.Text)
}

// canonical is what a step is known by: the command with what it was given, without the defaults and without anything secret.
func canonical(c *command, call *Call) []byte {
	sensitive, names := map[string]bool{}, map[string]bool{}
	for _, p := range c.Command.Parameters() {
		sensitive[p.GetName()], names[p.GetName()] = p.GetSensitive(), p.GetKeyName()
	}
	values := map[string][]string{}
	for _, v := range call.Values {
		if !v.GetGiven() {
			continue
		}
		list := slices.Clone(v.GetValues())
		if sensitive[v.GetName()] {
			for i, text := range list {
				list[i] = hashed(text)
			}
		}
		if names[v.GetName()] {
			for i, text := range list {
				list[i] = protocol.HideKey(text)
			}
		}
		values[v.GetName()] = list
	}
	raw, err := json.Marshal(struct {
		Command string              `json:"command"`
		Profile string              `json:"profile,omitempty"`
		Values  map[string][]string `json:"values,omitempty"`
	}{strings.Join(append([]string{call.Plugin}, call.Command.GetPath()...), " "), call.Profile, values})
	if err != nil {
		return nil // texts have no error
	}
	return raw
}

// hashed hides a value, and leaves the path of an assignment.
func hashed(text string) string {
	path, value, ok := strings.Cut(text, ":=")
	if !ok {
		path, value = "", text
	} else {
		path += ":="
	}
	sum := sha256.Sum256([]byte(value))
	return path + "sha256:" + hex.EncodeToString(sum[:])
}
