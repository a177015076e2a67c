package app

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/plugin"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/grant"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// completeWithin is how long somebody who presses Tab waits for names.
const completeWithin = 2 * time.Second

// names asks a plugin, and through it the gateway, for the names that complete a line. Whatever goes wrong, there are none:
// in the middle of a line is no place for an error.
func (s *session) names(ctx context.Context, wanted command.Completion, words []string) []sdk.Candidate {
	if found, ok := s.ownCandidates(wanted.Kind); ok {
		return beginning(found, wanted.Prefix)
	}
	ctx, stop := context.WithTimeout(ctx, completeWithin)
	defer stop()
	name, manifest := s.completer(wanted.Kind)
	if manifest == nil {
		return nil
	}
	gateway, err := s.resolve(config.Line{
		BaseURL: command.Typed(words, "base-url"), APIKey: command.Typed(words, "api-key"), Profile: command.Typed(words, "profile"),
	})
	if err != nil {
		return nil
	}
	s.secrets.Add(gateway.Key)
	line := &command.Line{Name: name, Manifest: manifest, Command: &protocol.Command{Effect: protocol.Effect_EFFECT_READ}}
	if file := command.Typed(words, "ca-cert"); file != nil {
		line.Globals.CACert = *file
	}
	output, err := s.newOutput(ctx, line)
	if err != nil {
		return nil
	}
	h := &completing{
		Refuser: plugin.Refuser{Purpose: "completes names"},
		host:    &host{session: s, line: line, output: output, vault: output.vault, run: ctx, policy: policyOf(manifest, line)},
	}
	options, _, err := s.transportOptions(line, gateway)
	if err != nil {
		return nil
	}
	options.Retries = -1
	h.host.target = s.open(ctx, gateway, options)
	defer h.host.target.close()
	process, err := s.start(ctx, name)
	if err != nil {
		return nil
	}
	defer process.Close()
	start := s.invocation(line, gateway)
	start.Complete = &protocol.Completion{Kind: wanted.Kind, Prefix: wanted.Prefix}
	if process.Invoke(ctx, start, h, nil) != nil {
		return nil
	}
	return beginning(h.found, wanted.Prefix)
}

func beginning(all []sdk.Candidate, prefix string) []sdk.Candidate {
	return slices.DeleteFunc(all, func(c sdk.Candidate) bool { return !strings.HasPrefix(c.Text, prefix) })
}

// ownCandidates are the names that the core itself knows: profiles, and the keys of the configuration.
func (s *session) ownCandidates(kind string) ([]sdk.Candidate, bool) {
	switch kind {
	case "scripts":
		return s.scriptNames(), true
	case "jobs":
		return s.jobNames(), true
	case "profiles", "settings":
	default:
		return nil, false
	}
	file, err := s.settings()
	if err != nil {
		file = &config.File{}
	}
	var out []sdk.Candidate
	if kind == "settings" {
		for _, v := range file.Values() {
			out = append(out, sdk.Candidate{Text: v.Key, Note: v.Value})
		}
		return out, true
	}
	out = append(out, sdk.Candidate{Text: config.Sandbox, Note: "the embedded gateway"})
	for _, p := range file.Profiles {
		out = append(out, sdk.Candidate{Text: p.Name, Note: p.URL})
	}
	return out, true
}

// scriptNames are the shipped scripts.
func (s *session) scriptNames() (out []sdk.Candidate) {
	names, _ := s.shipped()
	for _, name := range names {
		out = append(out, sdk.Candidate{Text: name})
	}
	return out
}

// jobNames are the jobs, the newest first.
func (s *session) jobNames() (out []sdk.Candidate) {
	store, err := s.jobs()
	if err != nil {
		return nil
	}
	reports, _ := store.List(s.ctx)
	for _, r := range reports {
		out = append(out, sdk.Candidate{Text: r.ID, Note: r.State + "  " + r.Meta.Title})
	}
	return out
}

// completer finds the plugin that knows the names of a kind.
func (s *session) completer(kind string) (string, *protocol.Manifest) {
	catalog := s.catalog()
	for _, e := range catalog.Entries() {
		if m, err := catalog.Manifest(e.Name); err == nil && slices.Contains(m.GetCompletes(), kind) {
			return e.Name, m
		}
	}
	return "", nil
}

// completing is the host of a plugin that completes: it reads, collects names, and shows nothing.
type completing struct {
	plugin.Refuser
	host  *host
	found []sdk.Candidate
}

// Records takes the names.
func (h *completing) Records(records [][]byte) error {
	for _, r := range records {
		var c sdk.Candidate
		if err := json.Unmarshal(r, &c); err != nil {
			return err
		}
		h.found = append(h.found, c)
	}
	return nil
}

// HTTP reads, and nothing else.
func (h *completing) HTTP(ctx context.Context, r *protocol.HTTPRequest, reply func(*protocol.ToPlugin) error) error {
	if transport.IsSpending(r.GetMethod(), grant.Decode(r.GetPath())) {
		return h.host.policy.Refuse(requestOf(r), "completing a line costs nothing")
	}
	return h.host.HTTP(ctx, r, reply)
}
