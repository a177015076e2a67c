package sdk

// As returns an invocation whose requests are made with a key that the user has named by its secret, in an argument or on the
// standard input behind it, in place of the command's own: to see whether it works. hash is its SHA-256. It may read and
// nothing else.
func (inv *Invocation) As(argument, hash string) *Invocation {
	other := *inv
	other.as, other.asHash = argument, hash
	return &other
}

// At returns an invocation whose requests go to the second gateway that a flag of kind GatewayRef names. It may be read
// from and nothing else, with the grants of this plugin. Output and questions stay those of the command.
func (inv *Invocation) At(flag string) *Invocation {
	other := *inv
	other.gateway = flag
	return &other
}
