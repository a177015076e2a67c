package script

import (
	"fmt"
	"slices"

	"github.com/litellm-proxy/litellm-proxy/core/script/check"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Finding is a mistake that can be seen without running a script.
type Finding struct {
	File         string // as the author named it
	Line, Column int    // from 1; columns are characters
	Message      string // `keys.generate has no field "key_alais"; did you mean key_alias?`
}

// String is the finding as compilers print theirs.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Message)
}

// Check looks for what the runtime would refuse and what can be seen without running the script; see package check. A script
// without findings may be wrong all the same, where what it does depends on what it reads.
func Check(p *Program, manifests []*protocol.Manifest) ([]Finding, error) {
	marks, err := check.Code(p.Code, manifests)
	if err != nil {
		return nil, fmt.Errorf("check %s: %w", p.Name, err)
	}
	var out []Finding
	for _, m := range marks {
		f := Finding{Message: m.Message}
		if f.File, f.Line, f.Column = p.Position(m.Line, m.Column); f.File != "" && !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out, nil
}
