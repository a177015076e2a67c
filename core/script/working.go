package script

import (
	"slices"

	"github.com/litellm-proxy/litellm-proxy/core/job"
)

// working is an item that is being worked on.
type working struct {
	key    string
	entry  *job.Item // in the journal; nil under --dry-run
	writes int       // that were begun: the number of the next step
	open   []*named  // named steps that are under way, the innermost last
	names  map[string]bool

	under  int    // writes and named steps that are under way
	ended  bool   // the work function has returned
	broken error  // a step is not the one that the journal knows: nothing more may be written
	quiet  func() // is called when nothing is under way any more
}

// named is a named step that is under way.
type named struct{ name string }

// mayBegin refuses what an item may not begin now. Outside of items everything may be begun.
func (at *scope) mayBegin(what string, write bool) error {
	if at == nil {
		return nil
	}
	w := at.item
	switch {
	case w.ended:
		return wrongf("%s is called for the item %q, which has ended: await it before the item's function returns", what, w.key)
	case !write:
		return nil
	case w.broken != nil:
		return w.broken
	case at.named == w.innermost():
		return nil
	case at.named != nil && !slices.Contains(w.open, at.named):
		return wrongf("%s is called for the step %q, which has ended: await it before the step's function returns", what, at.named.name)
	}
	// Writes are numbered as they begin: in another run, those of a step and those beside it might begin in another order.
	return wrongf("%s is called while the step %q is under way: await the step first", what, w.innermost().name)
}

func (w *working) innermost() *named {
	if len(w.open) == 0 {
		return nil
	}
	return w.open[len(w.open)-1]
}

// begin numbers a write.
func (w *working) begin() int {
	w.under++
	w.writes++
	return w.writes - 1
}

// end notes that a write or a named step has ended.
func (w *working) end(broken bool, err error) {
	w.under--
	if broken && w.broken == nil {
		w.broken = err
	}
	if w.under == 0 && w.quiet != nil {
		w.quiet()
	}
}
