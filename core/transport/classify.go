package transport

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Asked says what an answer is the answer to.
type Asked struct {
	Attempt string // completes "cannot …"
	Method  string
	Path    string
	HasKey  bool
	KeyFrom string // where the key came from; may be empty
	// KeyLabel stands for the key in messages, as redact.Label returns it; may be empty.
	KeyLabel string
	// KeyRemedy is what to do about a key that is no good; empty: it depends on what is wrong.
	KeyRemedy string
}

// changes says whether the request may change something: a write that is not just a model call.
func (a Asked) changes() bool { return IsWrite(a.Method, a.Path) && !IsSpending(a.Method, a.Path) }

// Classify reduces an answer with an error's status to one error, whichever of the gateway's many shapes its body has.
// Every text in it is one line of at most 500 characters. It goes by status and type together: on LiteLLM 1.106.2 and
// 1.83.14 a 401 may be a role's refusal, a 400 an expired key, and a spent budget has had 400, 422 and 429.
func Classify(status int, contentType string, body []byte, a Asked) *problem.Error {
	s := parseAnswer(contentType, body)
	e := &problem.Error{Status: status, Type: oneLine(s.kind, 100), Field: oneLine(s.field, 200)}
	e.Said = oneLine(fmt.Sprintf("%d %s", status, orDefault(s.text, http.StatusText(status))), longest)
	reason := ""
	switch {
	case s.kind == "budget_exceeded":
		e.Code = problem.Refused
		reason = "a budget is spent: " + s.reason()
		e.Hint = "raise the budget, or wait for its reset"
	case status == http.StatusUnauthorized || status == http.StatusForbidden || isBadKeyType(s.kind):
		reason = denied(e, s, a)
	case status == http.StatusNotFound:
		e.Code = problem.NotFound
		reason = orDefault(s.reason(), "not found")
		switch {
		case s.isNoRoute():
			reason = fmt.Sprintf("the gateway has no endpoint %s %s: it is not in this version of LiteLLM", a.Method, oneLine(a.Path, longestEcho))
		case s.foreign():
			reason = "the address answered 404, and not as LiteLLM does"
			e.Hint = "is this the LiteLLM gateway's own address?"
		}
	case status == http.StatusMethodNotAllowed:
		e.Code = problem.Refused
		reason = fmt.Sprintf("the gateway has no endpoint %s %s: it is not in this version of LiteLLM", a.Method, oneLine(a.Path, longestEcho))
	case status == http.StatusTooManyRequests:
		e.Code, e.Retryable = problem.Unreachable, true
		reason = "the gateway takes no more requests now: " + orDefault(s.reason(), http.StatusText(status))
	case status == http.StatusInternalServerError && s.inner == http.StatusNotFound:
		e.Code = problem.NotFound // a 404 that LiteLLM wrapped once more: 500 {"detail":"404: Tags not found: ['x']"}
		reason = orDefault(s.reason(), "not found")
	case status >= 500:
		e.Code = problem.Unreachable
		e.Retryable = status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
		reason = "the gateway failed: " + orDefault(s.reason(), statusText(status))
	case status >= 400:
		e.Code = problem.Refused
		reason = orDefault(s.reason(), "the gateway refused it: "+statusText(status))
	default:
		e.Code = problem.Failed
		reason = "the gateway answered " + statusText(status)
	}
	e.Message = oneLine(fmt.Sprintf("cannot %s: %s", oneLine(a.Attempt, longestEcho), reason), longest)
	if a.changes() {
		e.State = problem.Unknown
		if status >= 400 && status < 500 {
			e.State = problem.Unchanged
		}
	}
	return e
}

// ErrorIn returns the error that the body of an answer with status 200 holds, if it is one: LiteLLM 1.83.14 answers some
// failures so (observed: PATCH of a credential that does not exist). An answer that says success, or is an object of the
// model API, is none.
func ErrorIn(body []byte, a Asked) *problem.Error {
	if len(body) == 0 || len(body) > maxErrorBody || body[0] != '{' || !bytes.Contains(body, []byte(`"message"`)) {
		return nil // nearly all answers, which need not be decoded
	}
	o, ok := decode(body).(map[string]any)
	if !ok || o["success"] != nil || o["object"] != nil || o["id"] != nil {
		return nil
	}
	inner, wrapped := o["error"].(map[string]any)
	if !wrapped {
		inner = o
	}
	if _, ok := inner["message"].(string); !ok || !wrapped && inner["code"] == nil {
		return nil
	}
	status := http.StatusInternalServerError
	if n, err := strconv.Atoi(scalar(inner["code"])); err == nil && n >= 400 && n < 600 {
		status = n
	}
	return Classify(status, "application/json", body, a)
}

func statusText(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}
