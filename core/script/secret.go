package script

import (
	"strings"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// refPrefix is what references to secrets begin with.
const refPrefix = "secret-ref:"

// secretRef is the reference that a Secret of the script holds.
type secretRef string

// secretOf returns the reference of a value that is a Secret.
func (s *session) secretOf(v goja.Value) (ref string, ok bool) {
	obj, isObject := v.(*goja.Object)
	if !isObject {
		return "", false
	}
	hidden := obj.GetSymbol(s.prelude.secret)
	if hidden == nil {
		return "", false
	}
	r, ok := hidden.Export().(secretRef)
	return string(r), ok
}

// newSecret makes the object that stands for a secret.
func (s *session) newSecret(ref string) goja.Value {
	obj := s.vm.CreateObject(s.prelude.secretPrototype)
	_ = obj.DefineDataPropertySymbol(s.prelude.secret, s.vm.ToValue(secretRef(ref)), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	return obj
}

// text is a string of a record: a Secret where it is a reference.
func (s *session) text(v string) goja.Value {
	if strings.HasPrefix(v, refPrefix) {
		return s.newSecret(v)
	}
	return s.vm.ToValue(v)
}

func (s *session) hint(call goja.FunctionCall) goja.Value {
	ref, ok := s.secretOf(call.Argument(0))
	if !ok {
		panic(s.vm.NewTypeError("this is no Secret"))
	}
	return s.vm.ToValue(s.host.Hint(ref))
}

// reveal gives the script the secret itself. The host takes note of why.
func (s *session) reveal(call goja.FunctionCall) goja.Value {
	ref, ok := s.secretOf(call.Argument(0))
	if !ok {
		panic(s.vm.NewTypeError("this is no Secret"))
	}
	why, ok := call.Argument(1).Export().(string)
	if !ok || strings.TrimSpace(why) == "" {
		panic(s.vm.NewTypeError(`reveal needs a reason, as in secret.reveal("for the ticket"): it is written to the log`))
	}
	var secret string
	var err error
	s.loop.outside(func() { secret, err = s.host.Secret(ref, why) })
	if err != nil {
		panic(s.apiError(problem.As(err), s.where()))
	}
	return s.vm.ToValue(secret)
}
