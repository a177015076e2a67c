package chat

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// refused is the error that an event, or an answer whose status is 200, tells of: {"error": {"message", "type", "param",
// "code"}}, or a text. Its code is a status, as text. Answers with an error's status are the host's to explain.
func refused(attempt string, v any) error {
	said, kind, status := reason(v)
	e := &problem.Error{Code: codeOf(kind, status), Type: kind, Status: status, Said: oneLine(said, 500)}
	if status != 0 {
		e.Said = strconv.Itoa(status) + " " + e.Said
	}
	why := oneLine(said, 200)
	switch {
	case kind == "budget_exceeded":
		why = "a budget is spent: " + why
		e.Hint = "raise the budget, or wait for its reset"
	case why == "":
		why = "the gateway gave no reason"
	case e.Code == problem.Unreachable:
		why = "the gateway failed: " + why
	}
	e.Message = fmt.Sprintf("cannot %s: %s", attempt, why)
	return e
}

func reason(v any) (said, kind string, status int) {
	o, ok := v.(map[string]any)
	if !ok {
		text, _ := v.(string)
		return text, "", 0
	}
	said, _ = o["message"].(string)
	if said == "" {
		if inner, err := json.Marshal(o); err == nil && len(o) > 0 {
			said = string(inner)
		}
	}
	if kind, _ = o["type"].(string); kind == "None" {
		kind = ""
	}
	if status, _ = strconv.Atoi(strings.TrimSpace(fmt.Sprint(o["code"]))); status < 400 || status > 599 {
		status = 0
	}
	return said, kind, status
}

func codeOf(kind string, status int) problem.Code {
	switch {
	case kind == "budget_exceeded":
		return problem.Refused
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return problem.Denied
	case status == http.StatusNotFound:
		return problem.NotFound
	case status == 0, status == http.StatusTooManyRequests, status >= 500:
		return problem.Unreachable
	}
	return problem.Refused
}

// oneLine is the first line of a text, of at most n characters.
func oneLine(text string, n int) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if r := []rune(strings.TrimSpace(line)); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return strings.TrimSpace(line)
}
