package credentials

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Deleted is the result of deleting a credential.
type Deleted struct {
	Name   string `json:"credential_name" column:"NAME,name=name"`
	Result string `json:"result" column:"RESULT" help:"deleted, or not_found with --ignore-missing."`
	sdk.Failure
}

type deleteCmd struct {
	sdk.Emits[Deleted]
	Name          []string `arg:"" stdin:"" complete:"credentials" help:"Names of the credentials; - reads them from standard input."`
	IgnoreMissing bool     `name:"ignore-missing" help:"Do not fail for credentials that are not there."`
	Force         bool     `help:"Delete those too that models use: calls to these will fail."`

	users map[string][]string // by credential, the deployments that name it; nil when not read
}

func (deleteCmd) Help() string {
	return "A credential that a model uses is refused: the gateway would delete it, and the model would fail at its next call."
}

func (deleteCmd) Examples() []sdk.Example {
	return []sdk.Example{{Command: "credentials delete azure-prod --ignore-missing"}}
}

func (c *deleteCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	names, piped, err := litellm.Names(ctx, inv, "name", c.Name)
	if err != nil || len(names) == 0 {
		return err
	}
	c.Name = names
	for _, name := range c.Name {
		if err := usable(name, "delete credential "+name); err != nil {
			return err
		}
	}
	asks := inv.Terminal().Stdin && inv.Terminal().Stderr && !inv.DryRun()
	if !c.Force || asks {
		attempt := "delete credential " + c.Name[0]
		if n := len(c.Name); n > 1 {
			attempt = fmt.Sprintf("delete %d credentials", n)
		}
		if c.users, err = users(sdk.Attempting(ctx, "%s", attempt), inv); err != nil {
			e := problem.As(err)
			e.Facts = append(e.Facts, problem.Fact{Label: "why", Text: "it must be seen first which models use it"})
			return e
		}
	}
	if piped {
		err = inv.ConfirmSelection(ctx, "delete", "credentials", c.Name)
	} else if asks {
		err = c.confirm(ctx, inv)
	}
	if err != nil {
		return err
	}
	return inv.Each(ctx, "credential_name", c.Name, func(ctx context.Context, name string) error {
		err := c.delete(sdk.Attempting(ctx, "delete credential %s", name), inv, name)
		if c.IgnoreMissing && isMissing(err) && !errors.Is(err, sdk.ErrPlanned) {
			return inv.Emit(Deleted{Name: name, Result: "not_found"})
		}
		return err
	})
}

// users finds the deployments that name a credential, as "gpt-4 (id)".
func users(ctx context.Context, inv *sdk.Invocation) (map[string][]string, error) {
	var deployments []struct {
		ModelName string `json:"model_name"`
		Params    struct {
			Credential string `json:"litellm_credential_name"`
		} `json:"litellm_params"`
		Info struct {
			ID string `json:"id"`
		} `json:"model_info"`
	}
	if err := inv.List(ctx, "/v1/model/info", nil, "data", &deployments); err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, d := range deployments {
		if name := d.Params.Credential; name != "" {
			out[name] = append(out[name], d.ModelName+" ("+d.Info.ID+")")
		}
	}
	return out, nil
}

// confirm says on a terminal what will go, and what it breaks.
func (c *deleteCmd) confirm(ctx context.Context, inv *sdk.Invocation) error {
	rows, err := all(sdk.Attempting(ctx, "read credentials"), inv)
	if err != nil {
		return err
	}
	there := map[string]*row{}
	for i := range rows {
		there[rows[i].Name] = &rows[i]
	}
	var lines []string
	for _, name := range c.Name {
		found, using := there[name], c.users[name]
		if found == nil || len(using) > 0 && !c.Force {
			continue // it will be missing, or refused
		}
		line := "delete credential  " + describe(found)
		if len(using) > 0 {
			line += fmt.Sprintf(", which %s: calls to them will fail", usedBy(using))
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return nil
	}
	return inv.Confirm(ctx, lines...)
}

// usedBy says how many deployments use a credential, and which.
func usedBy(deployments []string) string {
	const most = 10
	text := strings.Join(deployments[:min(most, len(deployments))], ", ")
	if more := len(deployments) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	if len(deployments) == 1 {
		return "1 deployment uses: " + text
	}
	return fmt.Sprintf("%d deployments use: %s", len(deployments), text)
}

// delete reads first, and makes sure afterwards: LiteLLM 1.83.14 says success for a missing credential too (observed).
func (c *deleteCmd) delete(ctx context.Context, inv *sdk.Invocation, name string) error {
	found, err := byName(ctx, inv, name)
	if _, ok := inv.Intended("delete " + name); ok && isMissing(err) {
		return inv.Emit(Deleted{Name: name, Result: "deleted"})
	}
	if err != nil {
		return err
	}
	if err := editable(found, "delete credential "+name); err != nil {
		return err
	}
	if using := c.users[name]; len(using) > 0 && !c.Force {
		return (&problem.Error{
			Code: problem.Refused, Message: "cannot delete credential " + name + ": models use it",
			Facts: []problem.Fact{{Label: "by", Text: strings.Join(using, ", ")}}, State: problem.Unchanged,
		}).WithHint("give those another first: litellm-proxy models update ID -p litellm_credential_name=NAME, or --force")
	}
	if err := inv.Intend(ctx, "delete "+name, name); err != nil {
		return err
	}
	err = inv.Delete(ctx, sdk.Path("/credentials/{name…}", name), nil, nil)
	e := problem.As(err)
	switch {
	case e != nil && e.Code == problem.NotFound && !errors.Is(err, sdk.ErrPlanned): // somebody else was quicker
		return missing(name, e.Said)
	case err != nil && (errors.Is(err, sdk.ErrPlanned) || e.State != problem.Unknown && e.Status < 500):
		return err
	}
	return c.verify(ctx, inv, name, e)
}

// verify makes sure that a credential is gone, and prints that it is. failure is that of the delete, if its answer was lost
// or an error.
func (c *deleteCmd) verify(ctx context.Context, inv *sdk.Invocation, name string, failure *problem.Error) error {
	isGone, err := gone(sdk.Attempting(ctx, "make sure that credential %s is gone", name), inv, name)
	switch {
	case isGone && failure != nil:
		inv.Notice("the gateway's answer was lost or an error; checked: the credential was deleted")
	case isGone:
	case failure != nil:
		if err == nil {
			failure.State = problem.Unchanged + " (checked)"
		}
		return failure
	case err != nil:
		// The gateway has said that it was done; that it cannot be seen now does not undo it.
		inv.Notice("credential %s was deleted; the check afterwards failed: %v", name, err)
	default:
		return problem.New(problem.Failed, "credential %s is still there, though the gateway said that it was deleted", name).
			WithHint("another process of the gateway may still have it; look again: litellm-proxy credentials get %s", name)
	}
	return inv.Emit(Deleted{Name: name, Result: "deleted"})
}
