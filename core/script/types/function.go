package types

import "github.com/litellm-proxy/litellm-proxy/sdk/protocol"

// signature is a function from its parenthesis on: what it takes, by the name of that type, and what it gives.
func signature(f *Function, takes, record string) string {
	optional := ""
	if !f.Needs() {
		optional = "?"
	}
	target := f.Target()
	parameters := ""
	if target != nil {
		parameters = "<T extends Targets = string[]>"
		takes += "<T>"
	}
	given := ""
	if takes != "" {
		given = "f" + optional + ": " + takes
	}
	switch f.Command.GetRecord().GetShape() {
	case protocol.Shape_SHAPE_LIST:
		return "(" + given + "): Listing<" + record + ">"
	case protocol.Shape_SHAPE_ANY:
		return "<R = unknown>(" + given + "): Promise<R>"
	case protocol.Shape_SHAPE_ONE:
		if target != nil {
			record = "Each<T, " + record + ">"
		}
		return parameters + "(" + given + "): Promise<" + record + ">"
	case protocol.Shape_SHAPE_UNSPECIFIED:
	}
	return "(" + given + "): Promise<string>"
}

// Needs reports whether the function cannot be called without an object.
func (f *Function) Needs() bool {
	for _, p := range f.Properties() {
		if p.Required() {
			return true
		}
	}
	return false
}
