package transport

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/redact"
)

// headers prints headers, sorted, without what they hide: credentials, and the queries of addresses.
func headers(b *strings.Builder, mark string, h http.Header) {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, v := range h[name] {
			if isCredential(name) {
				v = "[hidden]"
			}
			fmt.Fprintf(b, "%s%s: %s\n", mark, name, withoutQueries(v, strings.HasSuffix(name, "Location")))
		}
	}
}

// isCredential says whether a header's value is one, on the way there or back.
func isCredential(name string) bool {
	switch name {
	case "Content-Length", "Connection", "Transfer-Encoding", "Keep-Alive":
		return false
	}
	lower := strings.ToLower(name)
	for _, part := range []string{"-token", "-key", "cookie", "authorization"} {
		if strings.HasSuffix(lower, part) {
			return true
		}
	}
	return lower == "token" || lower == "key" || isReserved(name) || redact.SecretName(name)
}

// withoutQueries hides the query, fragment and user of every address in a header's value; all says that the whole value
// is one.
func withoutQueries(value string, all bool) string {
	var b strings.Builder
	for value != "" {
		end := strings.IndexAny(value, " \t<>\",;'")
		if end < 0 || all {
			end = len(value)
		}
		word := value[:end]
		address := all || strings.Contains(word, "://") || strings.HasPrefix(word, "/")
		if i := strings.IndexAny(word, "?#"); i >= 0 && (address || strings.Contains(word[i:], "=")) {
			word = word[:i+1] + "[hidden]"
		}
		b.WriteString(withoutUser(word))
		if end < len(value) {
			b.WriteByte(value[end])
			end++
		}
		value = value[end:]
	}
	return b.String()
}

// withoutUser cuts user name and password out of an address.
func withoutUser(address string) string {
	i := strings.Index(address, "//")
	if i < 0 {
		return address
	}
	host, path := address[i+2:], ""
	if j := strings.IndexAny(host, "/?#"); j >= 0 {
		host, path = host[:j], host[j:]
	}
	if j := strings.LastIndexByte(host, '@'); j >= 0 {
		host = host[j+1:]
	}
	return address[:i+2] + host + path
}
