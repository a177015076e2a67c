package record

// AnswerError says that what Items was given is no list: not JSON, cut off, or without the array.
type AnswerError struct{ err error }

func (e *AnswerError) Error() string { return e.err.Error() }

// Unwrap returns the reason.
func (e *AnswerError) Unwrap() error { return e.err }
