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
		return problem.New(problem.Usage, "cannot %s: %s", r.Purpose(), oneLine(err.Error(), longestEcho))
	}
	if err := grant.Query(r.Query); err != nil {
		return problem.New(problem.Usage, "cannot %s: %s", r.Purpose(), oneLine(err.Error(), longestEcho))
	}
	why := badHeader(r.Header)
	if why == "" {
		return nil
	}
	return problem.New(problem.Usage, "cannot %s: %s", r.Purpose(), oneLine(why, longestEcho))
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

// isReserved says whether a header is the host's or the connection's alone.
func isReserved(name string) bool { return grant.Header(name, "") != nil }
