// Package models is the plugin for the models of a gateway: those a caller may use, and the deployments behind them.
package models

import "github.com/litellm-proxy/litellm-proxy/sdk"

// Plugin is the resource "models".
func Plugin() *sdk.Plugin {
	return &sdk.Plugin{
		Name: "models", Version: "1.0.0", Summary: "List, add, change and test models",
		Help: "A model is a name that callers use. Behind a name stand one or more deployments, each with its parameters. " +
			"A deployment is known by its id.",
		Commands:   &commands{},
		Completers: map[string]sdk.Completer{"models": completeModels, "deployments": completeDeployments},
		Grants: []sdk.Grant{
			{Methods: "GET", Path: "/v1/models", Why: "list the models the key may use"},
			{Methods: "GET", Path: "/v1/model/info", Why: "read deployments"},
			{Methods: "GET", Path: "/v2/model/info", Why: "read one deployment"},
			{Methods: "GET", Path: "/credentials/by_name/{name…}", Why: "check that a credential exists before a model names it"},
			{Methods: "POST", Path: "/model/new", Why: "add a deployment"},
			{Methods: "PATCH", Path: "/model/{id}/update", Why: "change a deployment"},
			{Methods: "POST", Path: "/model/update", Why: "change a deployment whose id has a slash"},
			{Methods: "POST", Path: "/model/delete", Why: "delete a deployment"},
			{Methods: "GET", Path: "/health", Why: "test a deployment"},
		},
	}
}

type commands struct {
	List   listCmd   `cmd:"" effect:"read" noun:"models" prefetch:"/v1/models" attempt:"list models" items:"data" help:"List the models that the key may use."`
	Info   infoCmd   `cmd:"" effect:"read" noun:"deployments" prefetch:"/v1/model/info" attempt:"list deployments" items:"data" help:"List deployments with their parameters."`
	Get    getCmd    `cmd:"" effect:"read" noun:"deployments" help:"Show one deployment."`
	Add    addCmd    `cmd:"" aliases:"create" effect:"write" help:"Add a deployment."`
	Import importCmd `cmd:"" effect:"write" noun:"models" help:"Add the deployments of a LiteLLM configuration file."`
	Update updateCmd `cmd:"" effect:"write" help:"Change the given fields of deployments."`
	Delete deleteCmd `cmd:"" effect:"destroy" help:"Delete deployments."`
	Test   testCmd   `cmd:"" effect:"read" help:"Ask the gateway to reach a deployment's provider. This costs a request there."`
}
