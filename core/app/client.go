package app

import (
	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
)

// bare is a client of a gateway without a key, for signing in: what it writes is not in the log.
func (s *session) bare(g command.Globals, gateway config.Gateway) (*transport.Client, error) {
	tls, _, err := s.connection(g, gateway)
	if err != nil {
		return nil, err
	}
	o := transport.Options{BaseURL: gateway.URL, Redact: s.secrets, UserAgent: "litellm-proxy/" + Version, TLS: tls}
	if g.Debug {
		o.Debug = s.stderr
	}
	return transport.New(o)
}
