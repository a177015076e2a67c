// Command generate writes the manifests of the built-in plugins, and the reference pages.
//
//	go run ./plugins/builtin/generate plugins/builtin/manifests docs/reference
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/litellm-proxy/litellm-proxy/plugins/builtin"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: generate MANIFESTS REFERENCE")
		os.Exit(2)
	}
	for _, p := range builtin.All() {
		binary, text, err := builtin.Render(p)
		if err == nil {
			err = os.WriteFile(filepath.Join(os.Args[1], p.Name+".pb"), binary, 0o644)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(os.Args[1], p.Name+".json"), text, 0o644)
		}
		var page []byte
		if err == nil {
			page, err = builtin.Reference(p)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(os.Args[2], p.Name+".md"), page, 0o644)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "generate:", err)
			os.Exit(1)
		}
	}
}
