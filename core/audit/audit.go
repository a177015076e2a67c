// Package audit is the local audit log: what this user has written to gateways, one entry for every write that reached one.
//
// The log is JSON lines. A write has two: one of event "begin" when its request is about to go out, with everything that is
// known of it, and one of event "end" with what became of it; they share an id. A write without an end is one whose program was
// ended before the answer came: whether it was made is unknown. No secret is in it: the caller gives a mask for texts, and
// virtual keys are known by their hashes.
//
// A line is one write to a file that is opened for appending, so lines of several processes do not mix and what has been
// written survives the end of its process, however it ends. It is not synced: when the machine itself stops, the last
// seconds may be lost. On a network file system that does not append atomically (NFS) lines may mix.
package audit

import "time"

// What became of a write.
const (
	Done    = "done"    // the gateway did it
	Refused = "refused" // the gateway answered that it did not
	Failed  = "failed"  // it could not be done
	Unknown = "unknown" // it may have been done: the answer was lost, or the program was ended before it came
)

// Entry is one write.
type Entry struct {
	ID       string        `json:"id"`               // Begin makes one if there is none
	Time     time.Time     `json:"time"`             // when the request went out, UTC; Begin's own time if it is zero
	Gateway  string        `json:"gateway,omitzero"` // its address
	Profile  string        `json:"profile,omitzero"` // empty: none was used
	Who      string        `json:"who,omitzero"`     // the user as the gateway knows them
	Key      string        `json:"key,omitzero"`     // a name for the key that was used, never itself: see KeyName
	Command  string        `json:"command,omitzero"` // keys delete
	Plugin   string        `json:"plugin,omitzero"`  // whose request it was; empty: the program's own
	Method   string        `json:"method,omitzero"`  // POST
	Path     string        `json:"path,omitzero"`    // /key/delete, without a query
	Targets  []string      `json:"targets,omitzero"` // what it was about: see Targets
	Reason   string        `json:"reason,omitzero"`  // what the user gave as --reason
	Status   int           `json:"status,omitzero"`  // of the answer; 0: there was none
	Result   string        `json:"result,omitzero"`  // Done, Refused, Failed or Unknown
	Said     string        `json:"said,omitzero"`    // the gateway's own words, when it did not do it
	Duration time.Duration `json:"-"`                // from the request to its result; 0: not known
}

// The most characters that a text of an entry has.
const (
	longest       = 1000
	longestTarget = 200
)

// maxLine is the most bytes that a line has. It is far below what a file system writes in one piece.
const maxLine = 32 << 10

// ellipsis ends a text that was cut.
const ellipsis = "…"

// clip cuts a text to n characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	last := 0 // where the text ends if it has to be cut
	count := 0
	for i := range s {
		if count == n-1 {
			last = i
		}
		if count++; count > n {
			return s[:last] + ellipsis
		}
	}
	return s
}
