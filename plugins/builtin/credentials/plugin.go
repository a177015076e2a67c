// Package credentials is the plugin for the credentials of providers that a gateway keeps, and that its models name.
package credentials

import (
	"context"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

// Plugin is the resource "credentials".
func Plugin() *sdk.Plugin {
	return &sdk.Plugin{
		Name: "credentials", Version: "1.0.0", Summary: "List, create, change and delete credentials of providers",
		Help: "A credential is a provider's key, and what belongs to it, under a name that models refer to " +
			"(litellm_credential_name). It has values, which are secret, and info, which is not. What is secret is never shown.",
		Commands:   &commands{},
		Completers: map[string]sdk.Completer{"credentials": complete},
		Grants: []sdk.Grant{
			{Methods: "GET", Path: "/credentials", Why: "list credentials"},
			{Methods: "GET", Path: "/credentials/by_name/{name…}", Why: "read one credential, whose name may have slashes"},
			{Methods: "POST", Path: "/credentials", Why: "create a credential"},
			{Methods: "PATCH", Path: "/credentials/{name…}", Why: "change a credential"},
			{Methods: "DELETE", Path: "/credentials/{name…}", Why: "delete a credential"},
			{Methods: "GET", Path: "/v1/model/info", Why: "see which models use a credential before it is deleted"},
		},
	}
}

type commands struct {
	List   listCmd   `cmd:"" effect:"read" noun:"credentials" envelope:"credentials" prefetch:"/credentials" attempt:"list credentials" help:"List credentials. Secrets are masked."`
	Get    getCmd    `cmd:"" effect:"read" help:"Show one credential. Secrets are masked."`
	Create createCmd `cmd:"" effect:"write" help:"Create a credential."`
	Update updateCmd `cmd:"" effect:"write" help:"Change the given fields of a credential."`
	Delete deleteCmd `cmd:"" effect:"destroy" help:"Delete credentials that no model uses."`
}

// complete returns the names that begin with prefix, with their providers.
func complete(ctx context.Context, inv *sdk.Invocation, prefix string) ([]sdk.Candidate, error) {
	rows, err := all(sdk.Attempting(ctx, "list credentials"), inv)
	var out []sdk.Candidate
	for _, c := range rows {
		if strings.HasPrefix(c.Name, prefix) {
			out = append(out, sdk.Candidate{Text: c.Name, Note: c.Info.Provider})
		}
	}
	return out, err
}
