package script

import (
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/script/types"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// ours are the exports of "litellm" that no plugin has a share in.
var ours = strings.Fields("args gateway job csv output files env run ApiError NotFound Denied Ambiguous")

// exports are the names that can be imported from "litellm".
func exports(manifests []*protocol.Manifest) []string {
	out := append([]string{}, ours...)
	for _, m := range types.Modules(manifests) {
		out = append(out, m.Name)
	}
	return out
}

// virtual is the text of the module "litellm". Its calls are marked as pure, so that what is not imported is left out of the bundle.
func virtual(manifests []*protocol.Manifest) string {
	var b strings.Builder
	for _, name := range exports(manifests) {
		b.WriteString("export const " + name + ` = /* @__PURE__ */ $litellm("` + name + "\");\n")
	}
	return b.String()
}
