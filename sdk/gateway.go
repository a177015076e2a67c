package sdk

// At returns an invocation whose requests go to the second gateway that a flag of kind GatewayRef names. It may be read
// from and nothing else, with the grants of this plugin. Output and questions stay those of the command.
func (inv *Invocation) At(flag string) *Invocation {
	other := *inv
	other.gateway = flag
	return &other
}
