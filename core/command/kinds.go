package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

var duration = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([0-9]+(s|m|h|d|w)|1mo)$`) })

// wholeNumber has no leading zeros: to some readers of numbers they mean octal.
var wholeNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`) })

// check refuses a value that is not of its parameter's kind. Errors do not repeat the values of sensitive parameters.
func check(p *protocol.Parameter, text string) error {
	if p.GetAtFile() && !p.GetAtColon() && strings.HasPrefix(text, "@") {
		if text == "@" {
			return errors.New("a file's name is missing after @")
		}
		return nil
	}
	switch p.GetKind() {
	case protocol.Kind_KIND_INTEGER:
		if _, err := strconv.ParseInt(text, 10, 64); err != nil || !wholeNumber().MatchString(text) {
			return fmt.Errorf("%s is not a whole number of 64 bits", shown(p, text))
		}
	case protocol.Kind_KIND_NUMBER:
		if !json.Valid([]byte(text)) || strings.Trim(text, "+-.0123456789eE") != "" {
			return fmt.Errorf("%s is not a number", shown(p, text))
		}
	case protocol.Kind_KIND_DURATION:
		return checkDuration(p, text)
	case protocol.Kind_KIND_JSON:
		return checkJSON(text)
	case protocol.Kind_KIND_ASSIGNMENT:
		path, _, ok := strings.Cut(text, "=")
		if !ok || strings.TrimSuffix(path, ":") == "" {
			return errors.New("it must be PATH=VALUE, PATH:=JSON or PATH=@FILE")
		}
	case protocol.Kind_KIND_STRING, protocol.Kind_KIND_INPUT, protocol.Kind_KIND_FILE:
		if strings.ContainsRune(text, 0) {
			return errors.New("it holds a zero byte")
		}
	}
	return nil
}

// shown is a value as an error may repeat it.
func shown(p *protocol.Parameter, text string) string {
	if sensitive(p) {
		return "the value"
	}
	return strconv.Quote(cut(text, longestEcho))
}

func checkDuration(p *protocol.Parameter, text string) error {
	switch text {
	case "daily", "weekly", "monthly":
		right := map[string]string{"daily": "1d", "weekly": "7d", "monthly": "1mo"}[text]
		return fmt.Errorf("%q means different things to different gateways: write %s", text, right)
	}
	if !duration().MatchString(text) {
		return fmt.Errorf("%s is no duration: a whole number with s, m, h, d or w, such as 30d, or 1mo", shown(p, text))
	}
	if strings.Trim(text, "0smhdwo") == "" {
		return fmt.Errorf("%s is no time at all", shown(p, text))
	}
	return nil
}

func checkJSON(text string) error {
	var v any
	err := json.Unmarshal([]byte(text), &v)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("not valid JSON at character %d: %w", syntax.Offset, syntax)
	}
	return err
}
