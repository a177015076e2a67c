package transport

import (
	"net/http"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/grant"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// badHeader says why a caller's headers may not be sent.
func badHeader(h http.Header) string {
	for name, values := range h {
		for _, v := range values {
			if err := grant.Header(name, v); err != nil {
				return err.Error()
			}
		}
	}
	return ""
}

// checkRequest returns an error for a request that may not be sent, whoever asks for it.
func checkRequest(r *Request) *problem.Error {
	if err := grant.Valid(r.Method, r.Path); err != nil {
		return problem.New(problem.Usage, "cannot %s: %v", oneLine(r.attempt(), 300), err)
	}
	if err := grant.Query(r.Query); err != nil {
		return problem.New(problem.Usage, "cannot %s: %v", oneLine(r.attempt(), 300), err)
	}
	why := badHeader(r.Header)
	if why == "" {
		return nil
	}
	return problem.New(problem.Usage, "cannot %s: %s", oneLine(r.attempt(), 300), why)
}

// isForm says whether a body is URL-encoded.
func isForm(h http.Header) bool {
	for name, values := range h {
		if strings.EqualFold(name, "Content-Type") && len(values) > 0 {
			return strings.HasPrefix(strings.ToLower(values[0]), "application/x-www-form-urlencoded")
		}
	}
	return false
}
