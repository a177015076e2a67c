package chat

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

// printer prints answers as text. The host makes what a model says harmless to a terminal, a character at a time, so that
// no cut between two pieces can hide an escape sequence.
type printer struct {
	inv  *sdk.Invocation
	last rune // the last character that was printed; 0 for none
}

// print prints a piece of text.
func (p *printer) print(text string) error {
	if text == "" {
		return nil
	}
	p.last, _ = utf8.DecodeLastRuneInString(text)
	return p.inv.Print(text)
}

// end ends the line, if one is begun.
func (p *printer) end() error {
	if p.last == 0 || p.last == '\n' {
		return nil
	}
	return p.print("\n")
}

// rest prints what has not been shown as it came: all of an answer in one piece, and of others the tool calls and the
// choices after the first.
func (p *printer) rest(r *reply) error {
	choices := r.choices()
	for i, choice := range choices {
		m := messageOf(choice)
		unseen := indexOf(choice) > 0 || r.raw != nil
		if len(choices) > 1 && unseen {
			p.inv.Aside("answer %d of %d:", i+1, len(choices))
		}
		if unseen {
			if err := p.print(textIn(m, "content") + textIn(m, "refusal")); err != nil {
				return err
			}
		}
		if err := p.end(); err != nil {
			return err
		}
		if err := p.tools(m); err != nil {
			return err
		}
		p.finish(choice)
		p.last = 0
	}
	return nil
}

// tools prints the calls that the model asks for: name(arguments), a line each.
func (p *printer) tools(m map[string]any) error {
	calls, _ := m["tool_calls"].([]any)
	for _, c := range calls {
		call, _ := c.(map[string]any)
		function, _ := call["function"].(map[string]any)
		if name := textIn(function, "name"); name != "" {
			if err := p.print(name + "(" + textIn(function, "arguments") + ")\n"); err != nil {
				return err
			}
		}
	}
	return nil
}

// finish says why an answer is not what it could have been.
func (p *printer) finish(choice map[string]any) {
	m := messageOf(choice)
	tools, _ := m["tool_calls"].([]any)
	switch reason := textIn(choice, "finish_reason"); {
	case reason == "length":
		p.inv.Notice("the answer stops at its limit of tokens (finish_reason length)")
	case reason == "content_filter":
		p.inv.Notice("a filter of the provider's has stopped the answer (finish_reason content_filter)")
	case textIn(m, "content")+textIn(m, "refusal") == "" && len(tools) == 0:
		p.inv.Notice("the answer is empty")
	}
}

// usage says on a terminal how many tokens an answer took, and what it cost if the gateway says so.
func (p *printer) usage(r *reply) {
	if !p.inv.Terminal().Stderr {
		return
	}
	if line := r.usage(); line != "" {
		p.inv.Aside("%s", line)
	}
}

func (r *reply) usage() string {
	u, _ := r.top["usage"].(map[string]any)
	var parts []string
	prompt, isNumber := u["prompt_tokens"].(json.Number)
	completion, both := u["completion_tokens"].(json.Number)
	if isNumber && both {
		parts = append(parts, fmt.Sprintf("%s tokens in, %s out", prompt, completion))
	}
	cost := r.cost
	if n, ok := u["cost"].(json.Number); ok {
		cost = n.String()
	}
	if dollars, err := strconv.ParseFloat(cost, 64); err == nil {
		parts = append(parts, "$"+strconv.FormatFloat(dollars, 'f', -1, 64))
	}
	if model, _ := r.top["model"].(string); model != "" && len(parts) > 0 {
		parts = append(parts, model)
	}
	return strings.Join(parts, " · ")
}
