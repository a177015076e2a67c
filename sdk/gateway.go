package sdk

// As returns an invocation whose requests are made with a key that the user has named in an argument, in place of the
// command's own: to see whether it works. index counts the names, those on standard input included. It may read and nothing
// else.
func (inv *Invocation) As(argument string, index int) *Invocation {
	other := *inv
	other.as, other.asIndex = argument, index
	return &other
}

// At returns an invocation whose requests go to the second gateway that a flag of kind GatewayRef names. It may be read
// from and nothing else, with the grants of this plugin. Output and questions stay those of the command.
func (inv *Invocation) At(flag string) *Invocation {
	other := *inv
	other.gateway = flag
	return &other
}
