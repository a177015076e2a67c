package users

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Written is the result of creating or changing a user.
type Written struct {
	litellm.User
	Result  string   `json:"result" column:"RESULT" help:"created, exists, updated or unchanged."`
	Differs []string `json:"differs,omitempty" help:"With exists: the given fields that have other values there."`
	Key     string   `json:"key,omitempty" secret:"" column:"SECRET,name=secret" help:"With --with-key: the user's new key. It is shown this once."`
}

type createCmd struct {
	sdk.Emits[Written]
	Email string `required:"" placeholder:"E-MAIL" help:"The user's e-mail. No two users may have the same, in any case of its letters."`
	Role  string `enum:"proxy_admin,proxy_admin_viewer,internal_user,internal_user_viewer" default:"internal_user" placeholder:"ROLE" help:"proxy_admin, proxy_admin_viewer, internal_user or internal_user_viewer."`
	fields
	Team        []string `split:"" placeholder:"TEAM" complete:"teams" help:"A team that the user is to be in: its id, or its alias if only one team has it."`
	ID          string   `name:"id" placeholder:"ID" help:"The user's id; one of the command's own making if not given."`
	WithKey     bool     `name:"with-key" help:"Make a key for the user, too."`
	IfNotExists bool     `name:"if-not-exists" help:"If a user has the e-mail already, print that one and name the fields that differ."`
}

func (createCmd) Help() string {
	return "The teams are looked up before anything is made, and the memberships are checked afterwards. No key is made unless " +
		"--with-key is given. A lost answer never makes two users."
}

func (createCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "users create --email ada@example.com --alias Ada --max-budget 50 --budget-duration 1mo"},
		{Command: "users create --email bob@example.com --with-key --jq .key", Note: "the key and nothing else"},
		{Command: "users create --email ada@example.com --set metadata.cost_center=4711 --if-not-exists"},
	}
}

// creation is a user to be made.
type creation struct {
	*createCmd
	attempt string
	request map[string]any // the body, which carries the id
	id      string
	again   bool // an earlier run, that was cut off, may have made it
	teams   []*litellm.Team
}

func (c *createCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	n := &creation{createCmd: c, attempt: "create user " + c.Email}
	ctx = sdk.Attempting(ctx, "%s", n.attempt)
	if err := n.prepare(ctx, inv); err != nil {
		return litellm.Before(n.attempt, err)
	}
	u, exists, err := n.claim(ctx, inv)
	planned := errors.Is(err, sdk.ErrPlanned)
	switch {
	case planned:
		u = &litellm.User{UserID: n.id}
	case err != nil:
		return err
	case exists:
		return litellm.EmitWith(inv, u.Raw, "result", "exists", "differs", n.differs(inv, u))
	}
	return n.complete(ctx, inv, u, planned)
}

// prepare makes the body, and finds the teams: the gateway drops one that it does not know in silence (observed on LiteLLM
// 1.106.2 and 1.83.14).
func (n *creation) prepare(ctx context.Context, inv *sdk.Invocation) error {
	if inv.Given("id") && n.ID == "" {
		return problem.New(problem.Usage, "cannot %s: --id is empty", n.attempt)
	}
	if err := n.refuse(n.attempt); err != nil {
		return err
	}
	n.request = n.fields.request(inv)
	n.request["user_email"], n.request["user_role"] = n.Email, n.Role
	if err := n.Apply(ctx, inv, body.Operation("POST", "/user/new"), n.request); err != nil {
		return err
	}
	if n.request["user_email"] != n.Email {
		return problem.New(problem.Usage, "cannot %s: --set user_email is another e-mail", n.attempt)
	}
	n.id = n.ID
	if n.id == "" {
		n.id = uuid.NewString()
	}
	if id, ok := inv.Intended("user"); ok {
		n.id, n.again = id, true
	}
	n.request["user_id"], n.request["auto_create_key"] = n.id, false
	litellm.DropNulls(n.request)
	if err := litellm.Check(n.attempt, n.request); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, name := range n.Team {
		t, err := litellm.FindTeam(ctx, inv, name)
		if err != nil {
			return err
		}
		if !seen[t.TeamID] {
			seen[t.TeamID] = true
			n.teams = append(n.teams, t)
		}
	}
	return nil
}

// claim makes the user, or finds the one that exists. Nobody else on this machine does it for the same e-mail meanwhile.
func (n *creation) claim(ctx context.Context, inv *sdk.Invocation) (u *litellm.User, exists bool, err error) {
	unlock, err := inv.Lock(ctx, "user", litellm.FoldEmail(n.Email))
	defer unlock()
	if err != nil {
		return nil, false, err
	}
	there, err := litellm.Alone(ctx, func() ([]*litellm.User, error) { return litellm.UsersByEmail(ctx, inv, n.Email) })
	if err != nil {
		return nil, false, litellm.Before(n.attempt, err)
	}
	if n.again && slices.ContainsFunc(there, func(u *litellm.User) bool { return u.UserID == n.id }) {
		return n.settle(ctx, inv, nil)
	}
	if len(there) > 0 {
		u, err := n.found(there, "")
		return u, true, err
	}
	if n.ID != "" { // an id that is taken is told from a lost answer of ours only before
		switch other, err := litellm.UserByID(ctx, inv, n.ID); {
		case err == nil:
			return nil, false, n.inUse("the id is in use", "", "another --id, or none", other)
		case !litellm.IsNotFound(err):
			return nil, false, litellm.Before(n.attempt, err)
		}
	}
	if err := inv.Intend(ctx, "user", n.id); err != nil {
		return nil, false, err
	}
	err = inv.Create(ctx, "/user/new", n.request, nil)
	if err != nil && (errors.Is(err, sdk.ErrPlanned) || !litellm.Lost(err) && problem.As(err).Status != 409) {
		return nil, false, err
	}
	return n.settle(ctx, inv, err)
}

// wanted is what the user is to be, as far as the gateway shows it.
func (n *creation) wanted() map[string]any {
	out := maps.Clone(n.request)
	delete(out, "auto_create_key")
	return out
}

// differs names what was given and is otherwise in u. The role counts when it was given.
func (n *creation) differs(inv *sdk.Invocation, u *litellm.User) []string {
	wanted := n.wanted()
	delete(wanted, "user_email") // it is the same but for its case
	if !inv.Given("role") {
		delete(wanted, "user_role")
	}
	if n.ID == "" {
		delete(wanted, "user_id")
	}
	out := litellm.Differing(wanted, litellm.Within(wanted, litellm.Members(u.Raw)))
	for _, t := range n.teams {
		if t.Member(u.UserID) == nil {
			return append(out, "teams")
		}
	}
	return out
}
