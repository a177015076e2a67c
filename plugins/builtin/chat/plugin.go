// Package chat is the plugin for asking models: one question, or a conversation.
package chat

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

// Plugin is the resource "chat".
func Plugin() *sdk.Plugin {
	return &sdk.Plugin{
		Name: "chat", Version: "1.0.0", Summary: "Ask models: once, or in a conversation",
		Commands: &commands{},
		Grants: []sdk.Grant{
			{Methods: "GET", Path: "/v1/models", Why: "let you choose among the models the key may use"},
			{Methods: "POST", Path: path, Why: "ask a model, which costs what the model costs"},
		},
	}
}

// path is where models are asked. The OpenAPI document of LiteLLM 1.106.2 describes no body for it.
const path = "/chat/completions"

type commands struct {
	Talk        talkCmd        `cmd:"" default:"withargs" effect:"read" interactive:"" help:"Talk with a model, or ask it what standard input holds."`
	Completions completionsCmd `cmd:"" effect:"read" help:"Ask a model for the completion of messages, once."`
}

// Completion is an answer as the gateway gives it; one that came in pieces is put together in the same shape.
type Completion struct {
	ID      string   `json:"id" column:"ID"`
	Object  string   `json:"object"`
	Created int64    `json:"created" column:"CREATED,format=unix-time"`
	Model   string   `json:"model" column:"MODEL"`
	Choices []Choice `json:"choices" help:"The answers, each with index, message and finish_reason."`
	Usage   *Usage   `json:"usage" help:"How many tokens it took; null if the gateway does not say."`
}

// Choice is one of the answers.
type Choice struct {
	Index        int            `json:"index"`
	Message      map[string]any `json:"message"`
	FinishReason *string        `json:"finish_reason"`
}

// Usage is what an answer took. The cost, in dollars, comes with streams of LiteLLM 1.106.2, and not of 1.83.14.
type Usage struct {
	Prompt     int `json:"prompt_tokens" column:"PROMPT TOKENS"`
	Completion int `json:"completion_tokens" column:"COMPLETION TOKENS"`
	Total      int `json:"total_tokens" column:"TOTAL,wide"`
}

// models are the names that the key may use.
func models(ctx context.Context, inv *sdk.Invocation) ([]string, error) {
	var rows []struct {
		ID string `json:"id"`
	}
	if err := inv.List(sdk.Attempting(ctx, "list models"), "/v1/models", nil, "data", &rows); err != nil {
		return nil, err
	}
	var out []string
	for _, row := range rows {
		out = append(out, row.ID)
	}
	return out, nil
}
