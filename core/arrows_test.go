package core_test

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/litellm-proxy/litellm-proxy/"

// imports lists, for every package of the module, the packages of the module that it depends on.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", "-f", `{{if not .Standard}}{{.ImportPath}} {{join .Imports ","}}{{end}}`, module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		pkg, list, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || !strings.HasPrefix(pkg, module) {
			continue
		}
		all[strings.TrimPrefix(pkg, module)] = strings.Split(list, ",")
	}
	if len(all) < 10 {
		t.Fatalf("go list found %d packages", len(all))
	}
	return all
}

// under reports whether a package is one of the roots or below one.
func under(pkg string, roots ...string) bool {
	for _, r := range roots {
		if pkg == r || strings.HasPrefix(pkg, r+"/") {
			return true
		}
	}
	return false
}

// TestArrows holds the architecture: who may import whom.
func TestArrows(t *testing.T) {
	for pkg, list := range imports(t) {
		for _, full := range list {
			to, own := strings.CutPrefix(full, module)
			bad := func(rule string) { t.Errorf("%s imports %s: %s", pkg, strings.TrimPrefix(full, module), rule) }
			if under(pkg, "sdk") {
				for _, heavy := range []string{"github.com/dop251/goja", "github.com/itchyny/gojq", "github.com/evanw/esbuild"} {
					if under(full, heavy) {
						bad("the SDK stays light")
					}
				}
			}
			if !own {
				continue
			}
			switch {
			case under(pkg, "cmd") && !under(to, "core/app", "core/plugin", "plugins/builtin", "scripts", "sdk"):
				bad("main wires the core, the built-in plugins and the shipped scripts, and nothing else")
			case under(to, "plugins/builtin") && !under(pkg, "cmd", "plugins/builtin"):
				bad("only main knows the built-in plugins")
			case under(pkg, "plugins/builtin") && !under(to, "sdk", "plugins/builtin"):
				bad("a built-in plugin uses the SDK, as a third party's would")
			case under(pkg, "sdk") && !under(to, "sdk"):
				bad("the SDK imports nothing of the program")
			case under(pkg, "core/record", "core/config", "core/term", "core/redact") && under(to, "core"):
				bad("it imports no other core package")
			case under(to, "core/app") && !under(pkg, "cmd"):
				bad("only main runs the program")
			case under(pkg, "plugins/builtin") && under(to, "plugins/builtin") && !under(to, pkg) && !under(pkg, "plugins/builtin/generate") && pkg != "plugins/builtin":
				bad("one built-in plugin does not know another")
			}
		}
	}
}
