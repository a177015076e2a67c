// Package problem is the one error of the program: what failed, with its meaning, on both sides of the process border.
package problem

import (
	"errors"
	"fmt"
)

// Code is an exit code of litellm-proxy.
type Code int

// The exit codes. `litellm-proxy help exit-codes` prints this table.
const (
	OK          Code = 0
	Failed      Code = 1
	Usage       Code = 2
	Partial     Code = 3
	Denied      Code = 4
	NotFound    Code = 5
	Refused     Code = 6
	Unreachable Code = 7
	Different   Code = 8
	Guarded     Code = 9
	Plugin      Code = 10
	Script      Code = 11
	TimedOut    Code = 12
	Interrupted Code = 130
)

// What is true after a failed write, as Error.State says it.
const (
	Unchanged = "nothing was changed"
	Unknown   = "unknown: the answer was lost; the change may have been made"
)

// Fact is a labelled line below an error, such as {"you", "dan@example.com · internal_user"}.
type Fact struct{ Label, Text string }

// Error is one failure. Only Code and Message are always set.
type Error struct {
	Code    Code
	Message string // what was attempted and what is wrong: `cannot add model "gpt-4": the alias is in use`
	Facts   []Fact
	Said    string // the server's own reason
	Hint    string // what to do
	State   string // what is now true
	Status  int    // HTTP status; 0 when there was none
	Type    string // the server's error type
	Field   string // the flag, argument or body field at fault
	// Retryable says that the same call may succeed later.
	Retryable bool

	cause error
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the error that caused this one; nil across the process border.
func (e *Error) Unwrap() error { return e.cause }

// New returns an error with a code and a message.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrap returns an error with a code and a message that ends in err's own.
func Wrap(code Code, err error, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...) + ": " + err.Error(), cause: err}
}

// WithHint sets what to do, and returns e.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// WithState sets what is now true, and returns e.
func (e *Error) WithState(state string) *Error {
	e.State = state
	return e
}

// As returns err as an Error; one that is of another type failed without a known reason.
func As(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Code: Failed, Message: err.Error(), cause: err}
}

// CodeOf returns the exit code for err.
func CodeOf(err error) Code {
	if err == nil {
		return OK
	}
	return As(err).Code
}
