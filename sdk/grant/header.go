package grant

import (
	"fmt"
	"strings"
)

// Header returns why a plugin may not send a header; nil if it may. Those that carry credentials are the host's alone,
// those of the connection are the HTTP client's.
func Header(name, value string) error {
	switch {
	case !isToken(name):
		return fmt.Errorf("a header's name is not valid")
	case isReserved(name):
		return fmt.Errorf("the header %s is not the caller's to set", name)
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
		return fmt.Errorf("the header %s holds a control character", name)
	}
	return nil
}

// Query returns why a query may not be sent; nil if it may.
func Query(query string) error {
	if strings.ContainsFunc(query, isControlOrSpace) || strings.Contains(query, "#") {
		return fmt.Errorf("the query is not encoded")
	}
	return nil
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
