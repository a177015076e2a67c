package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/itchyny/gojq"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// query runs a jq expression over what Format JSON would print, and gives its results to a sink. The expression sees
// neither environment nor files.
type query struct {
	ctx    context.Context
	code   *gojq.Code
	shape  Shape
	held   []any
	result func(any) error
	finish func() error
}

func newQuery(ctx context.Context, out *output, o Options, fixed []Column) (*query, error) {
	parsed, err := gojq.Parse(o.JQ)
	if err != nil {
		return nil, jqUsage(o.JQ, err)
	}
	code, err := gojq.Compile(parsed)
	if err != nil {
		return nil, jqUsage(o.JQ, err)
	}
	q := &query{ctx: ctx, code: code, shape: o.Shape}
	q.result, q.finish = results(out, o, fixed)
	return q, nil
}

func (q *query) put(record []byte) error {
	v, err := parse(record)
	if err != nil {
		return err
	}
	if q.shape == Any {
		return q.run(v)
	}
	q.held = append(q.held, v)
	return nil
}

func (q *query) end() error {
	var err error
	switch {
	case q.shape == One && len(q.held) == 1:
		err = q.run(q.held[0])
	case q.shape == List, q.shape == One && len(q.held) > 1:
		if q.held == nil {
			q.held = []any{}
		}
		err = q.run(q.held)
	}
	q.held = nil
	if err != nil {
		return err
	}
	return q.finish()
}

func (q *query) run(input any) error {
	for iter := q.code.RunWithContext(q.ctx, input); ; {
		v, ok := iter.Next()
		if !ok {
			return nil
		}
		if err, ok := v.(error); ok {
			return q.failed(err)
		}
		if err := q.result(v); err != nil {
			return err
		}
	}
}

// failed returns the error for what ended the expression; nil for `halt`.
func (q *query) failed(err error) error {
	if q.ctx.Err() != nil {
		return fmt.Errorf("run the --jq expression: %w", context.Cause(q.ctx))
	}
	var halt *gojq.HaltError
	if errors.As(err, &halt) {
		if halt.Value() == nil {
			return nil
		}
		if s, ok := halt.Value().(string); ok {
			return problem.New(problem.Failed, "--jq: %s", strings.TrimRight(s, "\n"))
		}
	}
	return problem.Wrap(problem.Failed, err, "--jq")
}

// results returns what prints the results of an expression, and what ends the output.
func results(out *output, o Options, fixed []Column) (result func(any) error, finish func() error) {
	t := newText(out, o)
	var to sink = &lines{t}
	if o.Terminal {
		to = &jsonValues{t}
	}
	switch o.Format {
	case "":
		return func(v any) error {
			if s, ok := v.(string); ok {
				t.raw(s)
				t.str("\n")
				return t.border()
			}
			return given(to, t, v)
		}, to.end
	case JSON:
	case JSONL:
		to = &lines{t}
	case YAML:
		to = &yamlDocuments{text: t}
	default:
		return tableResults(t, o, fixed)
	}
	return func(v any) error { return given(to, t, v) }, to.end
}

// tableResults returns what prints results as rows: they must be objects, or arrays of them.
func tableResults(t text, o Options, fixed []Column) (result func(any) error, finish func() error) {
	cs := columns{fixed: fixed, o: o, strict: true}
	var to sink = &table{text: t, columns: cs, wide: o.Format == Wide}
	switch o.Format {
	case CSV:
		to = &delimited{text: t, columns: cs, row: csvRow}
	case TSV:
		to = &delimited{text: t, columns: cs, row: tsvRow}
	}
	row := func(v any) error {
		if _, ok := v.(map[string]any); !ok {
			return problem.New(problem.Usage, "-o %s prints objects, but --jq gave %s", o.Format, kindOf(v)).
				WithHint("use -o json, or make objects: --jq '.[] | {name: .id}'")
		}
		return given(to, t, v)
	}
	return func(v any) error {
		list, ok := v.([]any)
		if !ok {
			return row(v)
		}
		for _, item := range list {
			if err := row(item); err != nil {
				return err
			}
		}
		return nil
	}, to.end
}

func given(to sink, t text, v any) error {
	b, err := gojq.Marshal(v)
	if err != nil {
		return err
	}
	if err := to.put(b); err != nil {
		return err
	}
	return t.border()
}

func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a string"
	case []any:
		return "an array in an array"
	}
	return "a number"
}

// jqUsage says where in the expression the error is.
func jqUsage(expression string, err error) error {
	e := problem.New(problem.Usage, "--jq: %s", err)
	var at *gojq.ParseError
	if errors.As(err, &at) {
		end := min(max(at.Offset-len(at.Token), 0), len(expression))
		before := expression[:end]
		if at.Token == "" {
			e = problem.New(problem.Usage, "--jq: the expression ends too soon, after %q", tail(before))
		} else {
			e = problem.New(problem.Usage, "--jq: unexpected %q at character %d, after %q", at.Token, len([]rune(before))+1, tail(before))
		}
	}
	e.Field = "--jq"
	return e.WithHint("litellm-proxy help jq")
}

// tail returns the last characters of s.
func tail(s string) string {
	if r := []rune(s); len(r) > 40 {
		return "…" + string(r[len(r)-40:])
	}
	return s
}

// number returns a JSON number as gojq takes it: it keeps the text of a json.Number until it calculates with it.
func number(text string) any {
	if len(text) < 18 && text != "-0" {
		n, digits := 0, strings.TrimPrefix(text, "-")
		for i := range len(digits) {
			if digits[i] < '0' || digits[i] > '9' {
				return json.Number(text)
			}
			n = n*10 + int(digits[i]-'0')
		}
		if len(digits) < len(text) {
			n = -n
		}
		return n
	}
	return json.Number(text)
}
