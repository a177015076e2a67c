package transport

import (
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/grant"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// changedBy is the header that LiteLLM keeps as the actor of a write, beside the owner of the key.
const changedBy = "Litellm-Changed-By"

// takesChangedBy says whether a request is one of the writes whose handlers read that header. Source: LiteLLM 1.106.2's
// OpenAPI document; on others it would be noise. It does not change created_by (observed on LiteLLM 1.106.2).
func takesChangedBy(method, path string) bool {
	if !IsWrite(method, path) {
		return false
	}
	for _, prefix := range []string{"/key/", "/team/", "/user/", "/model/block", "/model/unblock", "/management/v1/", "/v1/mcp/"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

// note tells a journal of one try of a write.
type note struct {
	journal Journal
	request *Request
	end     func(status int, err *problem.Error)
}

// begin is called at most once.
func (n *note) begin() {
	if n.journal != nil && n.write() {
		n.end = n.journal.Begin(*n.request)
	}
}

// write says whether the request, as the gateway will route it, is one to take note of.
func (n *note) write() bool {
	path := grant.Decode(n.request.Path)
	return IsWrite(n.request.Method, path) && !IsSpending(n.request.Method, path)
}

func (n *note) finish(resp *Response, f *failure) {
	switch {
	case n.end == nil:
	case f != nil:
		n.end(f.err.Status, f.err)
	default:
		n.end(resp.Status, nil)
	}
}
