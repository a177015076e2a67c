package sdk

import (
	"reflect"

	"github.com/alecthomas/kong"
)

// hooks are the methods that kong calls on its way through a line.
var hooks = []string{"BeforeReset", "BeforeResolve", "BeforeApply", "AfterApply"}

// hasHooks reports whether a type, or what it is made of, has a method that kong would call.
func hasHooks(t reflect.Type, seen map[reflect.Type]bool) bool {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if seen[t] {
		return false
	}
	seen[t] = true
	for _, name := range hooks {
		if _, ok := reflect.PointerTo(t).MethodByName(name); ok {
			return true
		}
	}
	if t.Kind() == reflect.Interface {
		return true // what it holds cannot be seen here
	}
	if t.Kind() == reflect.Struct {
		for i := range t.NumField() {
			if hasHooks(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}

// parseAgain does what kong's Parse does where there are no hooks: to look for them takes nearly as long as all the rest.
func parseAgain(parser *kong.Kong, args []string) (*kong.Context, error) {
	parsed, err := kong.Trace(parser, args)
	if err == nil {
		err = parsed.Error
	}
	if err == nil {
		err = parsed.Reset()
	}
	if err == nil {
		err = parsed.Resolve()
	}
	if err == nil {
		_, err = parsed.Apply()
	}
	if err == nil {
		err = parsed.Validate()
	}
	return parsed, err
}
