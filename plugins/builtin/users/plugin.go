// Package users is the plugin for the users of a gateway.
package users

import "github.com/litellm-proxy/litellm-proxy/sdk"

// Plugin is the resource "users".
func Plugin() *sdk.Plugin {
	return &sdk.Plugin{
		Name: "users", Version: "1.0.0", Summary: "List, create, change and delete users",
		Help: "A user has an id, mostly an e-mail, a role and limits. On the command line a user is named by the id, or by an " +
			"e-mail that one user alone has.",
		Commands:   &commands{},
		Completers: map[string]sdk.Completer{"users": complete},
		Grants: []sdk.Grant{
			{Methods: "GET", Path: "/user/list", Why: "list users, and find one by e-mail"},
			{Methods: "GET", Path: "/v2/user/info", Why: "read one user, and ask whose key is used"},
			{Methods: "GET", Path: "/team/info", Why: "read the teams that a user is to be in"},
			{Methods: "GET", Path: "/v2/team/list", Why: "find a team by its alias"},
			{Methods: "GET", Path: "/key/list", Why: "say which keys go with a user"},
			{Methods: "GET", Path: "/key/info", Why: "read a new key back"},
			{Methods: "POST", Path: "/user/new", Why: "create a user"},
			{Methods: "POST", Path: "/user/update", Why: "change a user"},
			{Methods: "POST", Path: "/user/delete", Why: "delete a user"},
			{Methods: "POST", Path: "/team/member_add", Why: "make a new user a member of teams"},
			{Methods: "POST", Path: "/key/generate", Why: "make a key for a new user, if asked"},
			{Methods: "POST", Path: "/key/delete", Why: "delete a new key that is not what was asked for"},
		},
	}
}

type commands struct {
	List   listCmd   `cmd:"" effect:"read" noun:"users" help:"List users."`
	Get    getCmd    `cmd:"" effect:"read" help:"Show one user."`
	Create createCmd `cmd:"" effect:"write" body:"POST /user/new" help:"Create a user."`
	Update updateCmd `cmd:"" effect:"write" body:"POST /user/update" help:"Change the given fields of a user."`
	Delete deleteCmd `cmd:"" effect:"destroy" help:"Delete users, and their keys with them."`
}
