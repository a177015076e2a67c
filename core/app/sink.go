package app

import (
	"github.com/litellm-proxy/litellm-proxy/core/record"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
)

// sink takes what a command puts out: output prints it, collector hands it to a script.
type sink interface {
	record(json []byte) error
	// items takes an array of records: one that is ready, or that in a member of doc. A *record.AnswerError says that there is
	// none.
	items(doc []byte, member string, ready *record.Array) error
	text(text string) error
	// plan takes one record of a dry run's plan, and hold a request that is held back.
	plan(json []byte) error
	hold(r transport.Request) (id string, err error)
	// around takes the members that stand beside a list's records under --format json.
	around(object []byte)
	// settle is called before something is said on standard error.
	settle()
	// formatted reports whether the line asks for a format, a filter or columns.
	formatted() bool
}
