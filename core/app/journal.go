package app

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode"

	"github.com/litellm-proxy/litellm-proxy/core/audit"
	"github.com/litellm-proxy/litellm-proxy/core/auth"
	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// longestReason is in characters.
const longestReason = 200

// caller is whose key a client uses, as far as it is known before the gateway is asked.
type caller struct {
	sign atomic.Pointer[auth.SignIn]
	key  string // that was given
}

// who is the person; empty if it is not known.
func (c *caller) who() string {
	if s := c.sign.Load(); s != nil {
		return cmp.Or(s.Email, s.UserID)
	}
	return ""
}

// label tells one virtual key from another, without telling it.
func (c *caller) label() string {
	key := c.key
	if s := c.sign.Load(); s != nil {
		key = s.Key
	}
	if !protocol.IsKey(key) {
		return ""
	}
	return audit.KeyName(key)
}

// journal puts the writes of a command into the log.
type journal struct {
	session *session
	log     *audit.Log
	entry   audit.Entry // what all of them share
	caller  *caller
}

// audit has a client's writes noted down, and lets the gateway know the reason, if the line gives one.
func (s *session) audit(line *command.Line, gateway config.Gateway, caller *caller, o *transport.Options) error {
	reason := strings.TrimSpace(line.Globals.Reason)
	if n := len([]rune(reason)); n > longestReason || strings.ContainsFunc(reason, unicode.IsControl) {
		return problem.New(problem.Usage, "cannot use --reason: it is one line of at most %d characters", longestReason)
	}
	if reason != "" {
		o.ChangedBy = func() string {
			quoted := strconv.QuoteToASCII(strings.TrimSpace(caller.who() + " (" + reason + ")"))
			return quoted[1 : len(quoted)-1]
		}
	}
	file, err := s.settings()
	if err != nil || file.NoAudit {
		return err
	}
	dir, err := s.auditDir()
	if err != nil {
		dir = "" // its own error comes with the first write
	}
	o.Journal = &journal{session: s, log: audit.Open(dir, s.secrets.String), caller: caller, entry: audit.Entry{
		Gateway: cmp.Or(gateway.URL, gateway.Profile), Profile: gateway.Profile, Plugin: line.Name, Command: words(line), Reason: reason,
	}}
	return nil
}

// Begin notes that a write goes out.
func (j *journal) Begin(r transport.Request) func(int, *problem.Error) {
	e := j.entry
	if r.Command != "" {
		e.Command, e.Plugin = r.Command, r.Plugin
	}
	e.Who, e.Key, e.Method, e.Path = j.caller.who(), j.caller.label(), r.Method, r.Path
	e.Targets = audit.Targets(r.Method, r.Path, r.Query, r.Body, j.session.secrets.String)
	end, err := j.log.Begin(e)
	if err != nil { // it comes once
		j.session.say("what is written is not in your log (litellm-proxy log): %v", err)
	}
	return func(status int, failed *problem.Error) { end(status, resultOf(status, failed), saidBy(failed)) }
}

func resultOf(status int, failed *problem.Error) string {
	switch {
	case failed != nil && failed.State == problem.Unknown:
		return audit.Unknown
	case failed == nil && status/100 == 2:
		return audit.Done
	case status >= 500 || status == 0:
		return audit.Failed
	}
	return audit.Refused
}

func saidBy(failed *problem.Error) string {
	if failed == nil {
		return ""
	}
	return cmp.Or(failed.Said, fmt.Sprint(failed.Code))
}
