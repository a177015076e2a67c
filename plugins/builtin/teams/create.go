package teams

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

// Written is the result of creating or changing a team.
type Written struct {
	litellm.Team
	Result  string   `json:"result" column:"RESULT" help:"created, exists, updated or unchanged."`
	Differs []string `json:"differs,omitempty" help:"With exists: the given fields that have other values there."`
}

type createCmd struct {
	sdk.Emits[Written]
	Alias string `required:"" placeholder:"ALIAS" help:"The team's name. The gateway would let several teams have it; this command does not."`
	ID    string `name:"id" placeholder:"ID" help:"The team's id; one of the command's own making if not given."`
	fields
	IfNotExists bool `name:"if-not-exists" help:"If a team has the alias already, print that one and name the fields that differ."`
}

func (createCmd) Help() string {
	return "The owner of the key that is used becomes an admin of the team; the gateway does so. A lost answer never makes two teams."
}

func (createCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "teams create --alias eng --models mock-gpt,mock-claude --max-budget 500 --budget-duration 1mo"},
		{Command: "teams create --alias eng --set metadata.owner=ada --if-not-exists --jq .team_id"},
	}
}

// creation is a team to be made.
type creation struct {
	*createCmd
	attempt string
	request map[string]any // the body, which carries the id
	id      string
	again   bool // an earlier run, that was cut off, may have made it
}

func (c *createCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	n := &creation{createCmd: c, attempt: "create team " + c.Alias}
	ctx = sdk.Attempting(ctx, "%s", n.attempt)
	if err := n.prepare(ctx, inv); err != nil {
		return litellm.Before(n.attempt, err)
	}
	t, exists, err := n.claim(ctx, inv)
	switch {
	case err != nil:
		return err
	case exists:
		return litellm.EmitWith(inv, t.Raw, "result", "exists", "differs", n.differs(t))
	}
	return litellm.EmitWith(inv, t.Raw, "result", "created")
}

// prepare makes the body.
func (n *creation) prepare(ctx context.Context, inv *sdk.Invocation) error {
	if inv.Given("id") && n.ID == "" {
		return problem.New(problem.Usage, "cannot %s: --id is empty", n.attempt)
	}
	if err := n.refuse(n.attempt); err != nil {
		return err
	}
	n.request = n.fields.request(inv)
	n.request["team_alias"] = n.Alias
	if err := n.Apply(ctx, inv, body.Operation("POST", "/team/new"), n.request); err != nil {
		return err
	}
	if n.request["team_alias"] != n.Alias {
		return problem.New(problem.Usage, "cannot %s: --set team_alias is another alias", n.attempt)
	}
	if n.id = n.ID; n.id == "" {
		n.id = uuid.NewString()
	}
	if id, ok := inv.Intended("team"); ok {
		n.id, n.again = id, true
	}
	n.request["team_id"] = n.id
	litellm.DropNulls(n.request)
	return litellm.Check(n.attempt, n.request)
}

// claim makes the team, or finds the one that exists. Nobody else on this machine does it for the same alias meanwhile.
func (n *creation) claim(ctx context.Context, inv *sdk.Invocation) (t *litellm.Team, exists bool, err error) {
	unlock, err := inv.Lock(ctx, "team", n.Alias)
	defer unlock()
	if err != nil {
		return nil, false, err
	}
	there, err := litellm.Alone(ctx, func() ([]*litellm.Team, error) { return litellm.TeamsByAlias(ctx, inv, n.Alias) })
	if err != nil {
		return nil, false, litellm.Before(n.attempt, err)
	}
	if n.again && slices.ContainsFunc(there, func(t *litellm.Team) bool { return t.TeamID == n.id }) {
		return n.settle(ctx, inv, nil)
	}
	if len(there) > 0 {
		t, err := n.found(ctx, inv, there)
		return t, true, err
	}
	if n.ID != "" { // an id that is taken is told from a lost answer of ours only before
		switch other, err := litellm.TeamByID(ctx, inv, n.ID); {
		case err == nil:
			return nil, false, n.inUse("the id is in use", "another --id, or none", other)
		case !litellm.IsNotFound(err):
			return nil, false, litellm.Before(n.attempt, err)
		}
	}
	if err := inv.Intend(ctx, "team", n.id); err != nil {
		return nil, false, err
	}
	err = inv.Create(ctx, "/team/new", n.request, nil)
	if err != nil && (errors.Is(err, sdk.ErrPlanned) || !litellm.Lost(err) && problem.As(err).Status != 400) {
		return nil, false, err
	}
	return n.settle(ctx, inv, err)
}

// wanted is what the team is to be, as far as the gateway shows it.
func (n *creation) wanted() map[string]any { return maps.Clone(n.request) }

// differs names what was given and is otherwise in t.
func (n *creation) differs(t *litellm.Team) []string {
	wanted := n.wanted()
	if n.ID == "" {
		delete(wanted, "team_id")
	}
	return litellm.Differing(wanted, litellm.Within(wanted, litellm.Members(t.Raw)))
}
