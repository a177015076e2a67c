package protocol

import "strings"

// globals are the host's own flags: every command has them, so no command may define them.
var globals = map[string]bool{
	"base-url": true, "api-key": true, "profile": true, "output": true, "format": true, "jq": true, "columns": true,
	"no-headers": true, "dry-run": true, "yes": true, "max": true, "debug": true, "curl": true, "reason": true,
	"no-color": true, "timeout": true, "ca-cert": true, "version": true, "help": true,
	"o": true, "q": true, "y": true, "v": true, "h": true,
}

// ReservedFlag reports whether a long name or a letter belongs to the host: its globals and "x-…", kept for later ones.
func ReservedFlag(name string) bool {
	return globals[name] || strings.HasPrefix(name, "x-") || strings.HasPrefix(name, "no-") && globals[name[3:]]
}

// reservedNames are first words that no third party's plugin may take: the core's own commands, our plugins, names
// kept for later ones, and names of the tool we succeed.
var reservedNames = strings.Fields(`
	login logout whoami auth profile config log plugin script job completion help version doctor
	models model-groups credentials keys users teams chat http spend sandbox
	run budgets audit export diff apply tags organizations customers mcp-servers guardrails encryption prompts cache
	claude codex opencode pi configure reconfigure unconfigure up down autoroute debug`)

// ReservedName reports whether a third party's plugin may not have this name.
func ReservedName(name string) bool {
	for _, n := range reservedNames {
		if n == name {
			return true
		}
	}
	return strings.HasPrefix(name, "_") || strings.HasPrefix(name, "x-")
}
