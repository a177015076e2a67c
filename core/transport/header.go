package transport

import (
	"net/http"
	"strings"
	"unicode"

	"github.com/litellm-proxy/litellm-proxy/sdk/grant"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// badHeader says why a caller's headers may not be sent: those that carry credentials are the host's alone, those of the
// connection are net/http's.
func badHeader(h http.Header) string {
	for name, values := range h {
		if !isToken(name) {
			return "a header's name is not valid"
		}
		if isReserved(name) {
			return "the header " + name + " is not the caller's to set"
		}
		for _, v := range values {
			if strings.ContainsFunc(v, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
				return "the header " + name + " holds a control character"
			}
		}
	}
	return ""
}

// isReserved says whether a header, in any spelling, carries a credential, belongs to the connection, or gives a request
// another meaning than its method and path have. LiteLLM 1.106.2 takes a key from the api-key family too.
func isReserved(name string) bool {
	name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
	switch name {
	case "authorization", "cookie", "cookie2", "x-api-key", "x-litellm-api-key", "api-key", "x-goog-api-key", "ocp-apim-subscription-key",
		"host", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length", "expect", "http2-settings",
		"x-http-method-override", "x-http-method", "x-method-override":
		return true
	}
	return strings.HasPrefix(name, "proxy-")
}

func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r)
	})
}

// checkRequest returns an error for a request that may not be sent, whoever asks for it.
func checkRequest(r *Request) *problem.Error {
	if err := grant.Valid(r.Method, r.Path); err != nil {
		return problem.New(problem.Usage, "cannot %s: %v", oneLine(r.attempt(), 300), err)
	}
	why := badQuery(r.Query)
	if why == "" {
		why = badHeader(r.Header)
	}
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

// badQuery says why a query may not be sent.
func badQuery(s string) string {
	if strings.ContainsFunc(s, isControlOrSpace) || strings.Contains(s, "#") {
		return "the query is not encoded"
	}
	return ""
}

func isControlOrSpace(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }
