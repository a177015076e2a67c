package protocol

import "github.com/litellm-proxy/litellm-proxy/sdk/problem"

// FromError returns err as the message that crosses the border; nil for nil.
func FromError(err error) *Error {
	if err == nil {
		return nil
	}
	e := problem.As(err)
	out := &Error{
		Code: int32(e.Code), Message: e.Message, Said: e.Said, Hint: e.Hint, State: e.State,
		Status: int32(e.Status), Type: e.Type, Field: e.Field, Retryable: e.Retryable,
	}
	for _, f := range e.Facts {
		out.Facts = append(out.Facts, &Fact{Label: f.Label, Text: f.Text})
	}
	return out
}

// Problem returns the error that the message carries; nil for nil.
func (x *Error) Problem() *problem.Error {
	if x == nil {
		return nil
	}
	e := &problem.Error{
		Code: problem.Code(x.Code), Message: x.Message, Said: x.Said, Hint: x.Hint, State: x.State,
		Status: int(x.Status), Type: x.Type, Field: x.Field, Retryable: x.Retryable,
	}
	if e.Code == problem.OK {
		e.Code = problem.Failed
	}
	for _, f := range x.Facts {
		e.Facts = append(e.Facts, problem.Fact{Label: f.Label, Text: f.Text})
	}
	return e
}
