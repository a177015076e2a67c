// Package teams is the plugin for the teams of a gateway and their members.
package teams

import "github.com/litellm-proxy/litellm-proxy/sdk"

// Plugin is the resource "teams".
func Plugin() *sdk.Plugin {
	return &sdk.Plugin{
		Name: "teams", Version: "1.0.0", Summary: "List, create, change and delete teams, and their members",
		Help: "A team has an id, mostly an alias, members and limits. On the command line it is named by the id, or by an alias " +
			"that one team alone has: the gateway lets several have the same.",
		Commands:   &commands{},
		Completers: map[string]sdk.Completer{"teams": complete},
		Grants: []sdk.Grant{
			{Methods: "GET", Path: "/v2/team/list", Why: "list teams, and find one by its alias"},
			{Methods: "GET", Path: "/team/info", Why: "read one team with its keys and members"},
			{Methods: "GET", Path: "/team/available", Why: "list teams that one may join"},
			{Methods: "GET", Path: "/v2/user/info", Why: "ask whose key is used, and find people"},
			{Methods: "GET", Path: "/user/list", Why: "find people by e-mail"},
			{Methods: "GET", Path: "/key/info", Why: "read the key that is used, to assign it"},
			{Methods: "POST", Path: "/team/new", Why: "create a team"},
			{Methods: "PATCH", Path: "/team/{id}", Why: "change a team"},
			{Methods: "POST", Path: "/team/update", Why: "change a team on an older gateway"},
			{Methods: "POST", Path: "/team/delete", Why: "delete a team"},
			{Methods: "POST", Path: "/team/block", Why: "block a team"},
			{Methods: "POST", Path: "/team/unblock", Why: "unblock a team"},
			{Methods: "POST", Path: "/team/member_add", Why: "add a member"},
			{Methods: "POST", Path: "/team/member_update", Why: "change a member"},
			{Methods: "POST", Path: "/team/member_delete", Why: "remove a member"},
			{Methods: "POST", Path: "/key/update", Why: "assign the key that is used to a team"},
		},
	}
}

type commands struct {
	List      listCmd      `cmd:"" effect:"read" noun:"teams" help:"List teams."`
	Get       getCmd       `cmd:"" effect:"read" help:"Show one team."`
	Create    createCmd    `cmd:"" effect:"write" body:"POST /team/new" help:"Create a team."`
	Update    updateCmd    `cmd:"" effect:"write" body:"POST /team/update" help:"Change the given fields of a team."`
	Delete    deleteCmd    `cmd:"" effect:"destroy" help:"Delete teams, and their keys with them."`
	Block     blockCmd     `cmd:"" effect:"write" help:"Stop all keys of teams."`
	Unblock   unblockCmd   `cmd:"" effect:"write" help:"Let the keys of teams work again."`
	Available availableCmd `cmd:"" effect:"read" noun:"teams" help:"List the teams that one may join."`
	AssignKey assignCmd    `cmd:"" name:"assign-key" effect:"write" help:"Assign the key that is used to a team."`
	Members   membersCmd   `cmd:"" help:"List, add, change and remove the members of a team."`
}

type membersCmd struct {
	List   membersListCmd   `cmd:"" effect:"read" noun:"members" help:"List the members of a team."`
	Add    membersAddCmd    `cmd:"" aliases:"create" effect:"write" body:"POST /team/member_add" help:"Make users members of a team."`
	Update membersUpdateCmd `cmd:"" effect:"write" body:"POST /team/member_update" help:"Change the role or the limits of members."`
	Remove membersRemoveCmd `cmd:"" aliases:"delete" effect:"destroy" help:"Take members out of a team, and their keys in it with them."`
}
