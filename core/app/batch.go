package app

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// batch is the job of a command that acts on several things.
type batch struct{}

func (b *batch) collects([][]byte) bool { return false }

// Targets makes a job of what is done to several things, if it can be one.
func (h *host) Targets(context.Context, string, []string) (bool, error) { return false, nil }

// Target begins with one of them.
func (h *host) Target(context.Context, string) (done bool, intents map[string]string, err error) {
	return false, nil, nil
}

// TargetEnd is its end.
func (h *host) TargetEnd(context.Context, *problem.Error) error { return nil }
