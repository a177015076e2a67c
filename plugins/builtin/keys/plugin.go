// Package keys is the plugin for virtual keys: whose they are, what they may do, how they come and go.
package keys

import "github.com/litellm-proxy/litellm-proxy/sdk"

// Plugin is the resource "keys".
func Plugin() *sdk.Plugin {
	return &sdk.Plugin{
		Name: "keys", Version: "1.0.0", Summary: "List, make, change, rotate and delete virtual keys",
		Help: "A virtual key is what a person or a program calls models with. It is named by its hash, by at least 12 digits of it, " +
			"by its alias, or by the secret itself; - reads names from standard input, so that a secret need not stand in the " +
			"shell's history. A key's secret is shown once, when it is made.",
		Commands:   &commands{},
		Completers: map[string]sdk.Completer{"keys": complete},
		Grants: []sdk.Grant{
			{Methods: "GET", Path: "/key/list", Why: "list keys"},
			{Methods: "GET", Path: "/key/info", Why: "read one key"},
			{Methods: "GET", Path: "/key/aliases", Why: "complete aliases"},
			{Methods: "GET", Path: "/v2/user/info", Why: "know whose list of keys it is, and that an owner exists"},
			{Methods: "GET", Path: "/team/info", Why: "check that a team exists before a key names it"},
			{Methods: "POST", Path: "/budget/info", Why: "check that a budget exists before a key names it"},
			{Methods: "GET", Path: "/v1/models", Why: "see with a key whether it still works"},
			{Methods: "POST", Path: "/key/generate", Why: "make a key"},
			{Methods: "POST", Path: "/key/update", Why: "change a key"},
			{Methods: "POST", Path: "/key/block", Why: "block a key"},
			{Methods: "POST", Path: "/key/unblock", Why: "unblock a key"},
			{Methods: "POST", Path: "/key/{key}/regenerate", Why: "rotate a key where the licence allows it"},
			{Methods: "POST", Path: "/key/delete", Why: "delete a key"},
		},
	}
}

type commands struct {
	List     listCmd     `cmd:"" effect:"read" noun:"keys" envelope:"keys" help:"List keys, with what they may spend and have spent."`
	Info     infoCmd     `cmd:"" aliases:"get" effect:"read" noun:"keys" help:"Show one key."`
	Generate generateCmd `cmd:"" aliases:"create" effect:"write" body:"POST /key/generate" help:"Make a key. Its secret is shown once."`
	Update   updateCmd   `cmd:"" effect:"write" body:"POST /key/update" help:"Change the given fields of a key."`
	Block    blockCmd    `cmd:"" effect:"write" help:"Stop keys from working, until they are unblocked."`
	Unblock  unblockCmd  `cmd:"" effect:"write" help:"Let blocked keys work again."`
	Delete   deleteCmd   `cmd:"" effect:"destroy" help:"Delete keys."`
	Rotate   rotateCmd   `cmd:"" effect:"destroy" help:"Give keys new secrets, with the same grants; the old ones work a while longer."`
	Import   importCmd   `cmd:"" effect:"write" help:"Make the keys of another gateway here, with new secrets."`
}

// Columns are the members of a key that tables show. Records have all that the gateway tells.
type Columns struct {
	Token     string         `json:"token" column:"KEY,name=key,format=hash" help:"The SHA-256 of the secret, which the gateway knows the key by."`
	KeyAlias  *string        `json:"key_alias" column:"ALIAS,name=alias"`
	UserID    *string        `json:"user_id" column:"OWNER,name=owner"`
	TeamID    *string        `json:"team_id" column:"TEAM,name=team"`
	Spend     float64        `json:"spend" column:"SPEND,format=dollars" help:"In dollars. It counts up to a minute late."`
	MaxBudget *float64       `json:"max_budget" column:"LIMIT,name=limit,format=dollars"`
	Duration  *string        `json:"budget_duration" column:"PER,name=per,wide" help:"How often the spend begins anew."`
	Expires   *string        `json:"expires" column:"EXPIRES,format=ago"`
	LastUsed  *string        `json:"last_active" column:"USED,name=last_used,format=ago"`
	Status    string         `json:"status" column:"STATUS" help:"active, expired or blocked."`
	Models    []string       `json:"models" column:"MODELS,wide" help:"Empty: all."`
	CreatedAt string         `json:"created_at" column:"CREATED,name=created,format=time,wide"`
	CreatedBy *string        `json:"created_by" column:"BY,name=created_by,wide"`
	Blocked   *bool          `json:"blocked"`
	TPMLimit  *int64         `json:"tpm_limit" help:"Tokens a minute."`
	RPMLimit  *int64         `json:"rpm_limit" help:"Requests a minute."`
	ResetAt   *string        `json:"budget_reset_at" help:"When the spend begins anew."`
	Metadata  map[string]any `json:"metadata"`
	KeyName   string         `json:"key_name" column:"MASKED,name=masked,wide" help:"The secret, masked. It names no key."`
}
