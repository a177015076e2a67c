package transport

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// shape is how an error's body is built (observed on LiteLLM 1.106.2 and 1.83.14).
type shape int

const (
	plain    shape = iota // text, or nothing
	page                  // HTML, which LiteLLM does not answer
	wrapped               // {"error":{"message","type","param","code"}}
	detail                // {"detail":"…"} or {"detail":{"error":"…"}}
	invalid               // {"detail":[{"loc","msg","type"}]}
	document              // application/problem+json
	bare                  // null, a number, a list
)

// answer is what an error's body says.
type answer struct {
	shape shape
	text  string // the server's own reason, unwrapped; may have many lines
	kind  string // the error type; empty for none
	field string
	inner int // the status in front of the text, as "404: …" has it; 0: none
}

func parseAnswer(contentType string, body []byte) answer {
	if isHTML(contentType, body) {
		return answer{shape: page}
	}
	if len(body) > maxErrorBody {
		body = body[:maxErrorBody]
	}
	switch v := decode(body).(type) {
	case map[string]any:
		s := parseObject(v)
		text := unwrap(s.text)
		// "404: {…}" is how Python prints an exception with a status.
		if status, rest, ok := strings.Cut(text, ": "); ok && len(status) == 3 {
			if n, err := strconv.Atoi(status); err == nil && n >= 400 && n < 600 {
				s.inner, text = n, rest
			}
		}
		s.text = oneLine(untraced(text), longest)
		return s
	case string:
		return answer{shape: plain, text: oneLine(untraced(unwrap(v)), longest)}
	case nil:
		text := strings.TrimSpace(string(body[:min(len(body), 64<<10)]))
		if text == "null" {
			return answer{shape: bare}
		}
		return answer{shape: plain, text: oneLine(untraced(unwrap(text)), longest)}
	}
	return answer{shape: bare, text: oneLine(textOf(decode(body), 0), longest)}
}

// decode returns a JSON document as Go values; nil if it is none.
func decode(body []byte) any {
	var v any
	if json.Unmarshal(body, &v, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) != nil {
		return nil
	}
	return v
}

func parseObject(o map[string]any) answer {
	if _, ok := o["detail"].(string); ok && (o["title"] != nil || strings.HasPrefix(scalar(o["type"]), "urn:")) {
		s := answer{shape: document, text: scalar(o["detail"]), kind: scalar(o["type"])}
		if field, _, ok := strings.Cut(s.text, ": "); ok && !strings.Contains(field, " ") {
			s.field = field
		}
		return s
	}
	if e, ok := o["error"]; ok && e != nil {
		s := answer{shape: wrapped, text: textOf(e, 0)}
		if e, ok := e.(map[string]any); ok {
			s.kind, s.field = named(e["type"]), named(e["param"])
		}
		return s
	}
	switch d := o["detail"].(type) {
	case []any:
		return parseInvalid(d)
	case nil:
	default:
		s := answer{shape: detail, text: textOf(d, 0)}
		if d, ok := d.(map[string]any); ok {
			if inner, ok := d["error"].(map[string]any); ok {
				d = inner
			}
			s.kind, s.field = named(d["type"]), named(d["param"])
		}
		return s
	}
	return answer{shape: wrapped, text: textOf(o, 0), kind: named(o["type"]), field: named(o["param"])}
}

// parseInvalid reads the entries of a 422. Only loc and msg: LiteLLM 1.83.14 repeats what was sent in input.
func parseInvalid(list []any) answer {
	s := answer{shape: invalid}
	var texts []string
	for i, entry := range list {
		if i == 3 && len(list) > 4 {
			texts = append(texts, fmt.Sprintf("and %d more", len(list)-3))
			break
		}
		o, ok := entry.(map[string]any)
		if !ok {
			texts = append(texts, textOf(entry, 0))
			continue
		}
		var loc []string
		parts, _ := o["loc"].([]any)
		for _, part := range parts {
			loc = append(loc, scalar(part))
		}
		msg := strings.TrimPrefix(scalar(o["msg"]), "Value error, ")
		if at := strings.Join(loc, "."); at != "" {
			msg = at + ": " + msg
		}
		texts = append(texts, msg)
		if s.field == "" && len(loc) > 1 {
			s.field = strings.Join(loc[1:], ".")
		}
	}
	s.text = strings.Join(texts, "; ")
	return s
}

// textOf returns what a person would read in an error's value.
func textOf(v any, depth int) string {
	if depth > 8 {
		return ""
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range []string{"message", "error", "detail", "msg", "error_description", "reason", "title"} {
			if inner, ok := v[name]; ok && inner != nil {
				if text := textOf(inner, depth+1); text != "" {
					return text
				}
			}
		}
		return ""
	case []any:
		var all []string
		for i, inner := range v {
			if i == 3 {
				break
			}
			if text := textOf(inner, depth+1); text != "" {
				all = append(all, text)
			}
		}
		return strings.Join(all, "; ")
	}
	return scalar(v)
}

// scalar returns a string, number or boolean as text; anything else as nothing.
func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// named returns a type or param; LiteLLM writes the text "None" where it has none.
func named(v any) string {
	if s := scalar(v); s != "None" {
		return s
	}
	return ""
}

// reason returns what stands in a message: the first sentence, without the prefix LiteLLM puts before anything at all.
func (s answer) reason() string {
	return sentence(strings.TrimPrefix(s.text, "Authentication Error, "), 200)
}

// isNoRoute says whether the path does not exist, as opposed to the object it names (observed: 404 {"detail":"Not Found"}).
func (s answer) isNoRoute() bool { return s.shape == detail && s.text == "Not Found" }

// foreign says whether the body is not one of LiteLLM's.
func (s answer) foreign() bool { return s.shape == page || s.shape == plain }
