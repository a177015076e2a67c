package plugin

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Refuser is a Host that refuses everything, to be embedded by one that answers little.
type Refuser struct {
	// Purpose completes "a plugin that …" in the refusal: "serves a gateway".
	Purpose string
}

func (r Refuser) refuse() error {
	return problem.New(problem.Plugin, "the plugin that %s asked for something else", r.Purpose)
}

// Records refuses.
func (r Refuser) Records([][]byte) error { return r.refuse() }

// Text refuses.
func (r Refuser) Text(string) error { return r.refuse() }

// Plan refuses.
func (r Refuser) Plan([]byte) error { return r.refuse() }

// Notice does nothing.
func (r Refuser) Notice(string, bool) {}

// Progress does nothing.
func (r Refuser) Progress(string, int64, int64) {}

// Log does nothing.
func (r Refuser) Log(string) {}

// HTTP refuses.
func (r Refuser) HTTP(context.Context, *protocol.HTTPRequest, func(*protocol.ToPlugin) error) error {
	return r.refuse()
}

// Input refuses.
func (r Refuser) Input(string, int) ([]byte, error) { return nil, r.refuse() }

// Confirm refuses.
func (r Refuser) Confirm(*protocol.ConfirmRequest) error { return r.refuse() }

// Prompt refuses.
func (r Refuser) Prompt(context.Context, string) (*protocol.PromptAnswer, error) {
	return nil, r.refuse()
}

// Secret refuses.
func (r Refuser) Secret(string) (ref, sum string, err error) { return "", "", r.refuse() }

// Save refuses.
func (r Refuser) Save(string, string, []byte) (string, error) { return "", r.refuse() }

// Lock refuses.
func (r Refuser) Lock(context.Context, uint64, string, string) error { return r.refuse() }

// Unlock does nothing.
func (r Refuser) Unlock(uint64) {}

// Listed refuses.
func (r Refuser) Listed(*protocol.Listed) error { return r.refuse() }

// Intent refuses.
func (r Refuser) Intent(context.Context, string, string) error { return r.refuse() }

// Targets refuses.
func (r Refuser) Targets(context.Context, string, []string) (bool, error) { return false, r.refuse() }

// Target refuses.
func (r Refuser) Target(context.Context, string) (done bool, intents map[string]string, err error) {
	return false, nil, r.refuse()
}

// TargetEnd refuses.
func (r Refuser) TargetEnd(context.Context, *problem.Error) error { return r.refuse() }

// GatewayReady does nothing.
func (r Refuser) GatewayReady(string, string) {}
