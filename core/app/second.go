package app

import (
	"slices"
	"strings"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// others are the second gateways of a run, by the flags that name them.
type others struct {
	mu      sync.Mutex
	targets map[string]*target
}

// addressed returns the gateway that a request is for, and what the command may do there: a second gateway is read and
// nothing else.
func (h *host) addressed(flag string) (*target, transport.Policy, error) {
	if flag == "" {
		return h.target, h.policy, nil
	}
	policy := h.reading()
	h.others.mu.Lock()
	defer h.others.mu.Unlock()
	if t := h.others.targets[flag]; t != nil {
		return t, policy, nil
	}
	p, value, ok := h.value(flag, 0)
	if !ok || p.GetKind() != protocol.Kind_KIND_GATEWAY {
		return nil, policy, problem.New(problem.Plugin, "plugin %q asked for a gateway that no flag names", h.policy.Plugin)
	}
	flags := config.Flags{BaseURL: "--" + flag, APIKey: "--" + p.GetGatewayKey(), Profile: "--" + flag}
	line := config.Line{Profile: &value, Flags: flags}
	if strings.Contains(value, "://") || p.GetGatewayKey() != "" {
		line = config.Line{BaseURL: &value, Flags: flags}
	}
	if _, key, ok := h.value(p.GetGatewayKey(), 0); ok {
		line.APIKey = &key
	}
	gateway, err := h.resolve(line)
	if err != nil {
		return nil, policy, err
	}
	h.secrets.Add(gateway.Key)
	options, _, err := h.transportOptions(h.line, gateway)
	if err != nil {
		return nil, policy, err
	}
	t := h.open(h.run, gateway, options)
	if h.others.targets == nil {
		h.others.targets = map[string]*target{}
	}
	h.others.targets[flag] = t
	return t, policy, nil
}

// reading is the command's policy for what it may only read.
func (h *host) reading() transport.Policy {
	p := h.policy
	p.Effect, p.DryRun = transport.Read, false
	return p
}

// namedKey is the key with a hash that a value of the command line is, or a line of the standard input behind it. A flag that
// holds the secret of something else names none.
func (h *host) namedKey(argument, hash string) (string, error) {
	for i := 0; ; i++ {
		p, value, ok := h.value(argument, i)
		if !ok || p.GetSensitive() || h.opensGateway(argument) {
			break
		}
		names := []string{value}
		if value == "-" && p.GetStdin() {
			h.inputs.mu.Lock()
			names = strings.Split(string(h.inputs.data), "\n")
			h.inputs.mu.Unlock()
		}
		for _, name := range names {
			if name = strings.TrimSpace(name); protocol.IsKey(name) && protocol.KeyHash(name) == hash {
				return name, nil
			}
		}
	}
	return "", problem.New(problem.Plugin, "plugin %q asked for a request with a key that the command line does not name", h.policy.Plugin)
}

// opensGateway says whether a flag holds the key of a second gateway.
func (h *host) opensGateway(flag string) bool {
	return slices.ContainsFunc(h.line.Command.GetFlags(), func(p *protocol.Parameter) bool { return p.GetGatewayKey() == flag })
}

// closeOthers ends the second gateways.
func (h *host) closeOthers() {
	h.others.mu.Lock()
	defer h.others.mu.Unlock()
	for _, t := range h.others.targets {
		t.close()
	}
}
