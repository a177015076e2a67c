package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/auth"
	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/plugin"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

const (
	// renewRole is the first argument of the process that renews a sign-in: the profile follows, and --ca-cert.
	renewRole = "__renew"
	// renewWithin is how long it may take.
	renewWithin = 45 * time.Second
)

// renewApart renews the sign-in of a profile in a process of its own, which goes on when this one is killed: the gateway
// takes a refresh token once, and what it answers must reach the store.
func (s *session) renewApart(ctx context.Context, g command.Globals, profile string) error {
	exe, err := plugin.Self()
	if err != nil {
		return problem.Wrap(problem.Failed, err, "cannot renew the sign-in of profile %q", profile)
	}
	args := []string{renewRole, "--profile", profile}
	if g.CACert != "" {
		args = append(args, "--ca-cert", g.CACert)
	}
	cmd := exec.Command(exe, args...) //nolint:noctx // it must not end with this process
	cmd.Args[0], cmd.Env, cmd.Dir = "litellm-proxy", s.keyless(), s.WorkDir
	apart(cmd)
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		return problem.Wrap(problem.Failed, err, "cannot renew the sign-in of profile %q", profile)
	}
	s.progress.Update("renewing the sign-in", 0, 0)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case err = <-ended:
	}
	if err == nil {
		return nil
	}
	var told struct {
		Error *problem.Error `json:"error"`
	}
	if json.Unmarshal(out.Bytes(), &told) != nil || told.Error == nil {
		return problem.Wrap(problem.Failed, err, "cannot renew the sign-in of profile %q", profile)
	}
	return told.Error
}

// runRenew is that process: it prints nothing but its failure, for the one that waits.
func (s *session) runRenew(parent context.Context, args []string) error {
	ctx, stop := context.WithTimeout(parent, renewWithin)
	defer stop()
	line, err := command.Parse(append([]string{"whoami"}, args...), s.catalog())
	if err == nil {
		err = s.renewHere(ctx, line.Globals)
	}
	if err == nil {
		return nil
	}
	raw, _ := json.Marshal(map[string]any{"error": problem.As(err)})
	_, _ = s.Streams.Out.Write(raw)
	return &silent{problem.CodeOf(err)}
}

func (s *session) renewHere(ctx context.Context, g command.Globals) error {
	gateway, err := s.resolve(config.Line{Profile: g.Profile})
	if err != nil {
		return err
	}
	store, err := s.store(gateway.Profile)
	if err != nil {
		return err
	}
	client, err := s.bare(g, gateway)
	if err != nil {
		return err
	}
	defer client.Close()
	err = auth.Renew(ctx, store, gateway.Profile, s.lockDir(), time.Now, func(ctx context.Context, old *auth.SignIn) (*auth.SignIn, error) {
		if config.Origin(old.URL) != config.Origin(gateway.URL) {
			return nil, problem.New(problem.Denied, "cannot renew the sign-in of profile %q: it is for %s", gateway.Profile, old.URL)
		}
		s.secrets.Add(old.Key, old.RefreshToken)
		return auth.Refresh(ctx, client, old)
	})
	if errors.Is(err, auth.ErrEnded) || errors.Is(err, auth.ErrSpent) {
		e := *problem.As(err)
		e.Hint = "litellm-proxy --profile " + gateway.Profile + " login"
		return &e
	}
	return err
}
