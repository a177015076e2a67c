package gateway

import (
	"fmt"
	"net/http"
	"strconv"
)

// The error shapes of the management API (observed on LiteLLM 1.106.2). The
// type says little; clients go by status, and by type only where it is one of
// the few that mean something.
const (
	typeAuth       = "auth_error"
	typeInternal   = "internal_server_error"
	typeBadRequest = "bad_request_error"
	typeNotFound   = "not_found_error"
	typeInvalid    = "invalid_request_error"
)

// noParam is how refused authentication spells an absent parameter: the text
// "None". Wrapped errors have null there.
const noParam = "None"

// wireError is {"error":{…}} with the status once more, as a string.
func wireError(status int, message, kind string, param any) answer {
	return reply(status, ordered{{"error", ordered{
		{"message", message}, {"type", kind}, {"param", param}, {"code", strconv.Itoa(status)},
	}}})
}

// reprError is a wireError whose message is the Python text of
// {"error": message}.
func reprError(status int, message, kind string, param any) answer {
	return wireError(status, "{'error': "+repr(message)+"}", kind, param)
}

// detail is {"detail":…}.
func detail(status int, value any) answer {
	return reply(status, ordered{{"detail", value}})
}

// detailError is {"detail":{"error":message}}.
func detailError(status int, message string) answer {
	return detail(status, ordered{{"error", message}})
}

// unhandledError is the answer when the real gateway runs into an error that
// it does not expect, for example a body that is a list. It then closes the
// connection without saying so; this one says so.
func unhandledError() answer {
	a := reply(http.StatusInternalServerError, ordered{{"error", ordered{
		{"message", "Internal server error"}, {"type", typeInternal},
	}}})
	a.hangUp = true
	return a
}

func notFound() answer { return detail(http.StatusNotFound, "Not Found") }

// refusal is an answer as an error: a check deep inside a handler ends the
// request with it.
type refusal struct{ answer }

func (refusal) Error() string { return "refused" }

// refuse makes an error of an answer.
func refuse(a answer) error { return refusal{a} }

// refuseInvalid is the refusal of a body with problems, nil without any.
func refuseInvalid(problems []problem) error {
	if len(problems) == 0 {
		return nil
	}
	return refuse(invalid(problems...))
}

// licence is the sentence at the end of every refusal for want of a licence.
const licence = "You must be a LiteLLM Enterprise user to use this feature. If you have a license please set `LITELLM_LICENSE` in your env. Get a 7 day trial key here: https://www.litellm.ai/enterprise#trial. \nPricing: https://www.litellm.ai/#pricing"

// problem is one entry of a 422.
type problem struct {
	kind    string
	loc     []any
	message string
}

// invalid is the 422 of a body or a query that does not validate.
func invalid(problems ...problem) answer {
	list := make([]ordered, len(problems))
	for i, p := range problems {
		list[i] = ordered{{"type", p.kind}, {"loc", p.loc}, {"msg", p.message}}
	}
	return detail(http.StatusUnprocessableEntity, list)
}

func missing(loc ...any) problem { return problem{"missing", loc, "Field required"} }

func valueProblem(message string) problem {
	return problem{"value_error", []any{"body"}, "Value error, " + message}
}

// invalidJSON is the answer of chat, and of other routes when the content
// type is not JSON.
func invalidJSON(offset int64) answer {
	message := fmt.Sprintf("Invalid JSON payload: unexpected character: line 1 column %d (char %d)", offset+1, offset)
	return wireError(http.StatusBadRequest, message, typeInvalid, "request_body")
}
