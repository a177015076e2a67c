package protocol

import "slices"

// Parameters are the flags and the arguments of a command, in a slice of the caller's own.
func (c *Command) Parameters() []*Parameter { return slices.Concat(c.GetFlags(), c.GetArguments()) }
