package transport

import "github.com/litellm-proxy/litellm-proxy/core/redact"

// Learn registers the secrets of a request: of its query, its headers, and its body, which is a form or whatever else its
// Content-Type and its text say. It comes before anything of the request is sent or shown.
func Learn(secrets *redact.Redactor, r Request) {
	secrets.AddForm(r.Query)
	for name, values := range r.Header {
		for _, v := range values {
			secrets.AddHeader(name, v)
		}
	}
	if len(r.Body) == 0 {
		return
	}
	if isForm(r.Header) {
		secrets.AddForm(string(r.Body))
		return
	}
	secrets.AddText(string(r.Body)) // which sees by itself whether it is JSON
}
