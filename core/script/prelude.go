package script

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/dop251/goja"
)

// preludeText is what scripts have beyond goja's own globals, in JavaScript.
//
//go:embed prelude.js
var preludeText string

var preludeProgram = sync.OnceValue(func() *goja.Program { return goja.MustCompile("litellm:prelude", preludeText, true) })

// prelude is what the session needs of it, and symbols that hide what Go keeps with objects.
type prelude struct {
	apiError, notFound, denied, ambiguous *goja.Object
	bugs                                  []*goja.Object // classes of errors that say that the script is wrong
	objectPrototype, date                 *goja.Object
	secretPrototype, filePrototype        *goja.Object
	listingPrototype                      *goja.Object
	then                                  goja.Callable // of promises
	resolve                               goja.Callable // a promise of a value
	inspect                               goja.Callable
	pages                                 goja.Callable // of things that can be iterated

	iterate goja.Value // [Symbol.asyncIterator] of a Listing

	fault, place, secret, file, listing, rows, column, line, asyncIterator *goja.Symbol
}

// install gives the script its globals.
func (s *session) install() error {
	p := &s.prelude
	p.fault, p.place, p.secret, p.file = goja.NewSymbol("fault"), goja.NewSymbol("place"), goja.NewSymbol("secret"), goja.NewSymbol("file")
	p.listing, p.rows, p.column, p.line = goja.NewSymbol("listing"), goja.NewSymbol("rows"), goja.NewSymbol("column"), goja.NewSymbol("line")
	v, err := s.vm.RunProgram(preludeProgram())
	if err != nil {
		return fmt.Errorf("run the prelude: %w", err)
	}
	build, _ := goja.AssertFunction(v)
	native := s.vm.NewObject()
	for name, f := range map[string]func(goja.FunctionCall) goja.Value{
		"setTimer": s.setTimer, "clearTimer": s.clearTimer, "say": s.say, "parseURL": s.parseURL, "encodeUTF8": s.encodeUTF8,
		"decodeUTF8": s.decodeUTF8, "hint": s.hint, "reveal": s.reveal, "open": s.openListing,
	} {
		_ = native.Set(name, f)
	}
	_ = native.Set("isSecret", func(v goja.Value) bool { _, ok := s.secretOf(v); return ok })
	v, err = build(goja.Undefined(), native)
	if err != nil {
		return fmt.Errorf("run the prelude: %w", err)
	}
	own := v.(*goja.Object)
	object := func(name string) *goja.Object { return own.Get(name).(*goja.Object) }
	function := func(name string) goja.Callable {
		f, _ := goja.AssertFunction(own.Get(name))
		return f
	}
	p.apiError, p.notFound, p.denied, p.ambiguous = object("ApiError"), object("NotFound"), object("Denied"), object("Ambiguous")
	for _, name := range []string{"TypeError", "ReferenceError", "SyntaxError", "RangeError"} {
		p.bugs = append(p.bugs, s.vm.GlobalObject().Get(name).(*goja.Object))
	}
	p.objectPrototype, p.date = object("objectPrototype"), s.vm.GlobalObject().Get("Date").(*goja.Object)
	p.secretPrototype, p.filePrototype, p.listingPrototype = object("secretPrototype"), object("filePrototype"), object("listingPrototype")
	p.then, p.resolve, p.inspect, p.pages = function("then"), function("resolve"), function("inspect"), function("pages")
	p.iterate, p.asyncIterator = own.Get("iterate"), own.Get("asyncIterator").(*goja.Symbol)
	return s.vm.Set("$litellm", s.module)
}
