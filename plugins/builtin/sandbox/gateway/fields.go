package gateway

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// field is a name with a type.
type field struct{ name, kind string }

func fields(text string) []field {
	var list []field
	for part := range strings.SplitSeq(text, ",") {
		name, kind, _ := strings.Cut(strings.TrimSpace(part), " ")
		list = append(list, field{name, kind})
	}
	return list
}

// checkFields validates the members of o that list has a type for and turns
// numbers and booleans in quotes into what they stand for, as the gateway does.
func checkFields(o object, list []field, loc ...any) []problem {
	var out []problem
	for _, f := range list {
		if o.has(f.name) {
			out = append(out, f.check(o, append(slices.Clone(loc), f.name))...)
		}
	}
	return out
}

// check validates one member that is there.
func (f field) check(o object, at []any) []problem {
	v := o[f.name]
	fail := func(kind, message string) []problem { return []problem{{kind, at, message}} }
	switch f.kind {
	case "string":
		if v.Kind() != '"' {
			return fail("string_type", "Input should be a valid string")
		}
	case "integer":
		return f.checkInteger(o, at)
	case "number":
		return f.checkNumber(o, at)
	case "boolean":
		b, ok := parseBool(string(v))
		if !ok {
			return fail("bool_parsing", "Input should be a valid boolean, unable to interpret input")
		}
		o.set(f.name, b)
	case "dict":
		if v.Kind() != '{' {
			return fail("dict_type", "Input should be a valid dictionary")
		}
	case "list", "strings":
		if v.Kind() != '[' {
			return fail("list_type", "Input should be a valid list")
		}
		if f.kind == "strings" {
			return checkStrings(v, at)
		}
	}
	return nil
}

// checkStrings validates the elements of a list of strings.
func checkStrings(list jsontext.Value, at []any) []problem {
	var out []problem
	for i, e := range elements(list) {
		if e.Kind() != '"' {
			out = append(out, problem{"string_type", append(slices.Clone(at), i), "Input should be a valid string"})
		}
	}
	return out
}

func (f field) checkInteger(o object, at []any) []problem {
	fail := func(kind, message string) []problem { return []problem{{kind, at, message}} }
	if n, isBool := boolNumber(o[f.name]); isBool {
		o.set(f.name, n)
		return nil
	}
	if text, isText := o.str(f.name); isText {
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil {
			return fail("int_parsing", "Input should be a valid integer, unable to parse string as an integer")
		}
		o.set(f.name, n)
		return nil
	}
	switch n, ok := o.number(f.name); {
	case !ok:
		return fail("int_type", "Input should be a valid integer")
	case n != math.Trunc(n):
		return fail("int_from_float", "Input should be a valid integer, got a number with a fractional part")
	case strings.ContainsAny(string(o[f.name]), ".eE"):
		o.set(f.name, int64(n))
	}
	return nil
}

// checkNumber leaves NaN and the infinities as the texts they came as; JSON
// has no numbers for them.
func (f field) checkNumber(o object, at []any) []problem {
	if text, isText := o.str(f.name); isText {
		n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil {
			return []problem{{"float_parsing", at, "Input should be a valid number, unable to parse string as a number"}}
		}
		if !math.IsNaN(n) && !math.IsInf(n, 0) {
			o[f.name] = floatValue(n)
		}
		return nil
	}
	if n, isBool := boolNumber(o[f.name]); isBool {
		o.set(f.name, n)
		return nil
	}
	if o[f.name].Kind() != '0' {
		return []problem{{"float_type", at, "Input should be a valid number"}}
	}
	return nil
}

// boolNumber is the number that a boolean counts as.
func boolNumber(v jsontext.Value) (n int, isBool bool) {
	switch v.Kind() {
	case 't':
		return 1, true
	case 'f':
		return 0, true
	}
	return 0, false
}

// parseBool reads a boolean of a query or a body.
func parseBool(text string) (value, ok bool) {
	switch strings.ToLower(strings.Trim(text, `"`)) {
	case "true", "t", "yes", "y", "on", "1":
		return true, true
	case "false", "f", "no", "n", "off", "0":
		return false, true
	}
	return false, false
}

// oneOf is the 422 for a member that is not one of the texts; said is the list
// of them in the words of the gateway.
func oneOf(o object, name, kind, said string, texts ...string) []problem {
	text, _ := o.str(name)
	if !o.has(name) || slices.Contains(texts, text) {
		return nil
	}
	return []problem{{kind, []any{"body", name}, "Input should be " + said}}
}

// requireText is the 422 for a member that must be a text; null counts as one
// of another type.
func requireText(o object, name string) []problem {
	v, given := o[name]
	switch {
	case !given:
		return []problem{missing("body", name)}
	case v.Kind() != '"':
		return []problem{{"string_type", []any{"body", name}, "Input should be a valid string"}}
	}
	return nil
}

// requireTexts is requireText for a list of texts.
func requireTexts(o object, name string) []problem {
	if _, given := o[name]; !given {
		return []problem{missing("body", name)}
	}
	return field{name, "strings"}.check(o, []any{"body", name})
}

// float returns the number at name, which may be a text such as NaN.
func (o object) float(name string) (float64, bool) {
	if text, ok := o.str(name); ok {
		n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		return n, err == nil
	}
	return o.number(name)
}

// floatText writes a number the way Python does: 5.0, 1e-06.
func floatText(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 0):
		return strings.TrimPrefix(strings.ToLower(strconv.FormatFloat(f, 'g', -1, 64)), "+")
	case f != 0 && (math.Abs(f) < 1e-4 || math.Abs(f) >= 1e16):
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// floatValue is f as JSON.
func floatValue(f float64) jsontext.Value { return jsontext.Value(floatText(f)) }
