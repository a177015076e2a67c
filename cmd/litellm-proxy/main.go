// Command litellm-proxy administers a LiteLLM gateway.
package main

import (
	"os"
	"runtime/debug"

	"github.com/litellm-proxy/litellm-proxy/core/app"
	"github.com/litellm-proxy/litellm-proxy/core/plugin"
	"github.com/litellm-proxy/litellm-proxy/plugins/builtin"
	"github.com/litellm-proxy/litellm-proxy/scripts"
	"github.com/litellm-proxy/litellm-proxy/sdk"
)

// main decides what this process is, a plugin or the program, and nothing else.
func main() {
	debug.SetGCPercent(400) // most commands end before they have made garbage worth collecting
	if len(os.Args) == 3 && os.Args[1] == plugin.Role {
		if p := builtin.Find(os.Args[2]); p != nil {
			sdk.Serve(p)
		}
	}
	var own []plugin.Builtin
	for _, p := range builtin.All() {
		own = append(own, plugin.Builtin{Name: p.Name, Summary: p.Summary, Manifest: builtin.Manifest})
	}
	os.Exit(app.Main(own, scripts.FS))
}
