// Package protocol is the wire between host and plugin: the generated messages and what both ends must agree on.
//
// Authors of Go plugins never need it; authors in other languages read plugin.proto and the constants here.
package protocol

import goplugin "github.com/hashicorp/go-plugin"

const (
	// Version of the conversation. Host and plugin refuse each other when they share none.
	Version = 1

	// ServiceName is the name under which go-plugin dispenses the plugin.
	ServiceName = "plugin"

	// TokenHeader is the metadata that carries the one-time token in every RPC.
	TokenHeader = "litellm-proxy-token"

	// SocketDirEnv names the directory that the plugin makes (mode 0700), listens in and removes when it ends.
	SocketDirEnv = "PLUGIN_UNIX_SOCKET_DIR"

	// MaxMessage is the size limit of one message in bytes, both ways.
	MaxMessage = 17 << 20

	// ChunkSize is how much of a body one HTTPChunk carries at most, in bytes.
	ChunkSize = 1 << 20

	// MaxInput is the size limit of the content behind a flag or argument, in bytes.
	MaxInput = 16 << 20
)

// Handshake lets go-plugin tell a plugin that was started by mistake what it is.
func Handshake() goplugin.HandshakeConfig {
	return goplugin.HandshakeConfig{
		ProtocolVersion:  Version,
		MagicCookieKey:   "PLUGIN_HOST",
		MagicCookieValue: "litellm-proxy",
	}
}
