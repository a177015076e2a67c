package types

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Unknown stands in a value for a part that is not known before the script runs. It is right everywhere.
type Unknown struct{}

// RefuseText says why a parameter does not take a text, or would take it as something other than text; "" if it takes it.
func RefuseText(p *protocol.Parameter, text string) string {
	shown := fmt.Sprintf("%q", shorten(text))
	if p.GetSensitive() {
		shown = "the value"
	}
	after := text
	if p.GetAtColon() {
		_, after, _ = strings.Cut(text, ":")
	}
	switch {
	case strings.ContainsRune(text, 0):
		return "it holds a zero byte"
	case (p.GetAtFile() || p.GetAtColon()) && (strings.HasPrefix(text, "@") || strings.HasPrefix(after, "@")):
		return shown + " would be read from a file, as it begins with @; read it with files.read"
	case p.GetStdin() && text == "-":
		return `"-" would be read from standard input`
	case len(p.GetEnum()) > 0 && !slices.Contains(p.GetEnum(), text):
		return fmt.Sprintf("it must be one of %s, not %s%s", strings.Join(p.GetEnum(), ", "), shown, DidYouMean(text, p.GetEnum()))
	case p.GetKind() == protocol.Kind_KIND_DURATION:
		return refuseDuration(text, shown)
	}
	return ""
}

// duration is compiled when it is needed: most runs of the program read none.
var duration = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([0-9]+[smhdw]|1mo)$`) })

func refuseDuration(text, shown string) string {
	switch right := map[string]string{"daily": "1d", "weekly": "7d", "monthly": "1mo"}[text]; {
	case right != "":
		return fmt.Sprintf("%q means different things to different gateways: write %s", text, right)
	case !duration().MatchString(text):
		return shown + " is no duration: a whole number with s, m, h, d or w, such as 30d, or 1mo"
	case strings.Trim(text, "0smhdwo") == "":
		return shown + " is no time at all"
	}
	return ""
}

// shorten cuts a text that an error repeats.
func shorten(text string) string {
	const longest = 100
	if r := []rune(text); len(r) > longest {
		return string(r[:longest-1]) + "…"
	}
	return text
}

// kindOf says what a value is, for errors.
func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "true or false"
	case string:
		return "a text"
	case int64, float64:
		return "a number"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	}
	return "something else"
}

func number(value any) bool {
	switch value.(type) {
	case int64, float64:
		return true
	}
	return false
}

func whole(value any) bool {
	f, ok := value.(float64)
	return !ok && number(value) || ok && f == math.Trunc(f) && math.Abs(f) < 1<<53
}
