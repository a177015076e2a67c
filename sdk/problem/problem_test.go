package problem

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestNil(t *testing.T) {
	if As(nil) != nil || CodeOf(nil) != OK {
		t.Errorf("no error is %v with code %d", As(nil), CodeOf(nil))
	}
}

// An error keeps its meaning however it is wrapped; one without a meaning has failed.
func TestAs(t *testing.T) {
	refused := New(Refused, "cannot add %q", "x").WithHint("try %d", 2).WithState(Unchanged)
	if refused.Message != `cannot add "x"` || refused.Hint != "try 2" || refused.State != Unchanged {
		t.Errorf("%+v", refused)
	}
	for name, c := range map[string]struct {
		err  error
		code Code
		same bool
	}{
		"itself":         {refused, Refused, true},
		"wrapped by fmt": {fmt.Errorf("while adding: %w", refused), Refused, true},
		"joined":         {errors.Join(io.EOF, refused), Refused, true},
		"another":        {io.EOF, Failed, false},
		"given a code":   {Wrap(Usage, io.EOF, "cannot read"), Usage, false},
		"given another":  {Wrap(Plugin, refused, "plugin %q", "p"), Plugin, false},
	} {
		t.Run(name, func(t *testing.T) {
			if e := As(c.err); CodeOf(c.err) != c.code || e.Code != c.code || (e == refused) != c.same {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestWrap(t *testing.T) {
	e := Wrap(Unreachable, io.ErrUnexpectedEOF, "cannot read %s", "it")
	if e.Error() != "cannot read it: unexpected EOF" || !errors.Is(e, io.ErrUnexpectedEOF) {
		t.Errorf("%v", e)
	}
	if other := As(io.EOF); other.Error() != "EOF" || !errors.Is(other, io.EOF) {
		t.Errorf("%+v", other)
	}
	if errors.Unwrap(New(Failed, "x")) != nil {
		t.Error("a new error has a cause")
	}
}
