package record

// Each calls f with each item of an array: the member of the JSON object doc that is so called, or doc itself if member is "".
// If doc is not valid JSON to its end, or has no such array, the error is an *AnswerError and f has not been called.
func Each(doc []byte, member string, f func(item []byte) error) error {
	raw, err := list(doc, member)
	if err != nil {
		return &AnswerError{err}
	}
	return each(raw, f)
}
