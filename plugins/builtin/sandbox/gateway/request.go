package gateway

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// request is what a handler gets: the HTTP request, its body as an object, who
// asks, and the database inside a transaction.
type request struct {
	http      *http.Request
	now       time.Time
	route     *route
	pathValue string // the {name} of the pattern, decoded
	masterKey string
	body      object // nil when there is none
	notJSON   bool   // there is a body, but its content type is not JSON
	caller    caller
	tx        *store
}

// answer is what a handler returns. Exactly one of body and events is sent.
type answer struct {
	status      int
	contentType string
	header      http.Header
	body        []byte
	events      [][]byte // an event stream, flushed one by one
	hangUp      bool     // the last answer of its connection
}

const jsonType = "application/json"

// reply answers with JSON.
func reply(status int, value any) answer {
	return answer{status: status, contentType: jsonType, body: raw(value)}
}

// ok answers 200 with JSON.
func ok(value any) (answer, error) { return reply(http.StatusOK, value), nil }

// readBody parses the body of routes that take one. ok is false when a is the
// answer already: bad JSON is refused before the key is looked at (observed on
// LiteLLM 1.106.2).
func (q *request) readBody() (a answer, ok bool) {
	if !q.route.body {
		return a, true
	}
	data, err := io.ReadAll(q.http.Body)
	if err != nil {
		return unhandledError(), false
	}
	if len(data) == 0 {
		return a, true
	}
	isJSON := strings.Contains(q.http.Header.Get("Content-Type"), "json")
	if syntax := checkJSON(data); syntax != nil {
		offset := syntax.ByteOffset
		if q.route.lenient || !isJSON {
			return invalidJSON(offset), false
		}
		if strings.HasPrefix(q.route.pattern, "/management/") {
			return invalidBody(fmt.Sprintf("%d: JSON decode error", offset)), false
		}
		return invalid(problem{"json_invalid", []any{"body", offset}, "JSON decode error"}), false
	}
	if isJSON || q.route.lenient {
		if q.body, err = parseObject(string(data)); err != nil || q.body == nil {
			return unhandledError(), false
		}
	}
	q.notJSON = !isJSON
	return a, true
}

// checkJSON returns what is wrong with data as JSON, nil when nothing is.
func checkJSON(data []byte) *jsontext.SyntacticError {
	dec := jsontext.NewDecoder(strings.NewReader(string(data)), jsontext.AllowDuplicateNames(true))
	_, err := dec.ReadValue()
	if err == nil {
		if _, err = dec.ReadToken(); errors.Is(err, io.EOF) {
			return nil
		}
	}
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) {
		return &jsontext.SyntacticError{ByteOffset: int64(len(data))}
	}
	return syntax
}

// requireBody is the 422 for a missing or unusable body.
func (q *request) requireBody() (answer, bool) {
	switch {
	case !q.route.body || q.route.lenient || q.route.optional && q.body == nil && !q.notJSON:
	case q.notJSON:
		return invalid(problem{"model_attributes_type", []any{"body"},
			"Input should be a valid dictionary or object to extract fields from"}), false
	case q.body == nil:
		return invalid(missing("body")), false
	}
	return answer{}, true
}

// query returns the query parameter name and whether it is there; an empty one
// is there.
func (q *request) query(name string) (string, bool) {
	values, ok := q.http.URL.Query()[name]
	if !ok {
		return "", false
	}
	return values[len(values)-1], true
}

// literalQuery is query with a plus taken for a plus, as /user/info does it
// (observed on LiteLLM 1.106.2).
func (q *request) literalQuery(name string) (string, bool) {
	values, err := url.ParseQuery(strings.ReplaceAll(q.http.URL.RawQuery, "+", "%2B"))
	if err != nil || len(values[name]) == 0 {
		return "", false
	}
	return values.Get(name), true
}

// page reads a page number or size from the query: at least 1, at most most
// (0: no bound). ok is false when a is the 422.
func (q *request) page(name string, def, most int) (n int, a answer, ok bool) {
	var problems []problem
	n = q.number(name, def, most, &problems)
	if len(problems) > 0 {
		return 0, invalid(problems...), false
	}
	return n, a, true
}

// number is page for handlers that collect what is wrong.
func (q *request) number(name string, def, most int, problems *[]problem) int {
	text, given := q.query(name)
	if !given {
		return def
	}
	loc := []any{"query", name}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	switch {
	case err != nil:
		*problems = append(*problems, problem{"int_parsing", loc, "Input should be a valid integer, unable to parse string as an integer"})
	case n < 1:
		*problems = append(*problems, problem{"greater_than_equal", loc, "Input should be greater than or equal to 1"})
	case most > 0 && n > most:
		*problems = append(*problems, problem{"less_than_equal", loc, "Input should be less than or equal to " + strconv.Itoa(most)})
	}
	return n
}

// flag reads a boolean from the query, false when it is not there.
func (q *request) flag(name string, problems *[]problem) bool {
	text, given := q.query(name)
	if !given {
		return false
	}
	value, ok := parseBool(text)
	if !ok {
		*problems = append(*problems, problem{"bool_parsing", []any{"query", name}, "Input should be a valid boolean, unable to interpret input"})
	}
	return value
}

// slicePage returns the part of list that is page number page of the given
// size, and the number of pages. Past the end the part is empty.
func slicePage[T any](list []T, page, size int) ([]T, int) {
	pages := (len(list) + size - 1) / size
	if page > pages {
		return []T{}, pages
	}
	from := (page - 1) * size
	return list[from:min(from+size, len(list))], pages
}
