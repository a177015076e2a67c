package chat

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// message is one message of a request.
type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// roles are those that the API knows.
var roles = []string{"system", "developer", "user", "assistant", "tool", "function"}

// messages reads the values of --message, role:content each, and puts the system message before them.
func messages(ctx context.Context, inv *sdk.Invocation, system string, values []string) ([]message, error) {
	var out []message
	if system != "" {
		out = append(out, message{"system", system})
	}
	for i, value := range values {
		m, err := parseMessage(value)
		if err == nil && strings.HasPrefix(m.Content, "@") {
			var content []byte
			if m.Content == "@" {
				return nil, badMessage(i, "a file's name is missing after @")
			}
			if content, err = inv.Input(ctx, "message", i); err != nil {
				return nil, err
			}
			m.Content, err = textOf(content)
		}
		if err != nil {
			return nil, badMessage(i, err.Error())
		}
		out = append(out, m)
	}
	return out, nil
}

// parseMessage cuts a message at its first colon. White space around both parts is no part of them.
func parseMessage(text string) (message, error) {
	role, content, ok := strings.Cut(text, ":")
	if !ok {
		return message{}, fmt.Errorf("there is no colon in it")
	}
	m := message{strings.TrimSpace(role), content}
	if !strings.HasPrefix(content, "@") {
		m.Content = strings.TrimSpace(content)
	}
	switch {
	case !slices.Contains(roles, m.Role):
		return m, fmt.Errorf("%q is no role: they are %s", m.Role, strings.Join(roles, ", "))
	case m.Content == "":
		return m, fmt.Errorf("there is nothing behind the colon")
	}
	return m, nil
}

// textOf is the content of a file as a message: without its last line end.
func textOf(content []byte) (string, error) {
	text := strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r")
	switch {
	case !utf8.ValidString(text):
		return "", fmt.Errorf("the input is not UTF-8 text")
	case strings.TrimSpace(text) == "":
		return "", fmt.Errorf("the input is empty")
	}
	return text, nil
}

func badMessage(i int, why string) error {
	e := &problem.Error{
		Code: problem.Usage, Message: fmt.Sprintf("cannot use --message (value %d): %s", i+1, why), Field: "message",
		State: "nothing was sent",
	}
	return e.WithHint(`a message is ROLE:CONTENT, such as -m "user:Hello, how are you?"`)
}
