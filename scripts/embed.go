// Package scripts holds the batch scripts that ship with the program. `litellm-proxy script list` names them, and
// `litellm-proxy script copy` makes one your own.
package scripts

import "embed"

// FS holds them: onboard.ts and its like. The comment that a script begins with is its help; the first line is the summary,
// and lines that are set in by two spaces are command lines.
//
//go:embed *.ts
var FS embed.FS
