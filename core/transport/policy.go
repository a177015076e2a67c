package transport

import (
	"github.com/litellm-proxy/litellm-proxy/sdk/grant"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Policy is what one command of a plugin may ask for.
type Policy struct {
	Plugin string
	Effect Effect
	Grants []*protocol.Grant
	DryRun bool
}

// Verdict says what becomes of a request that is allowed.
type Verdict int

// The verdicts.
const (
	Send Verdict = iota
	Hold         // a dry run: to be shown, not sent
)

// Check returns what becomes of a request; an error (*problem.Error, code Plugin) if the plugin may not make it. Which
// paths a grant allows is package grant's to say; the effect is judged on the decoded path, which the gateway routes.
func (p Policy) Check(r Request) (Verdict, error) {
	if err := grant.Check(p.Grants, r.Method, r.Path); err != nil {
		return Send, p.Refuse(r, err.Error())
	}
	if err := grant.Query(r.Query); err != nil {
		return Send, p.Refuse(r, err.Error())
	}
	if why := badHeader(r.Header); why != "" {
		return Send, p.Refuse(r, why)
	}
	decoded := grant.Decode(r.Path)
	write, spending := IsWrite(r.Method, decoded), IsSpending(r.Method, decoded)
	if p.Effect == Read && write && !spending {
		return Send, p.Refuse(r, "the command is declared as one that only reads")
	}
	if p.DryRun && (write || spending) {
		return Hold, nil
	}
	return Send, nil
}

// Refuse is the error for a request that the plugin may not make.
func (p Policy) Refuse(r Request, why string) *problem.Error {
	e := problem.New(problem.Plugin, "plugin %s asked for %s %s, which is refused: %s", p.Plugin, oneLine(r.Method, 20), oneLine(r.Path, 200), why)
	e.Hint = "this is a fault of the plugin: its manifest must ask for what it does"
	return e
}
