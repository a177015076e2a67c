package credentials

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Written is the result of creating or changing a credential.
type Written struct {
	Name        string          `json:"credential_name" column:"NAME,name=name"`
	DisplayName *string         `json:"display_name" column:"DISPLAY NAME"`
	Info        json.RawMessage `json:"credential_info,omitempty"`
	Values      json.RawMessage `json:"credential_values,omitempty" help:"As the gateway has them, masked; absent when they were not read back."`
	Result      string          `json:"result" column:"RESULT" help:"created, exists, updated or unchanged."`
	Differs     []string        `json:"differs,omitempty" help:"With exists: the given fields that have other values there, secrets left out."`
}

type createCmd struct {
	sdk.Emits[Written]
	Name string `arg:"" help:"The name that models refer to."`
	fields
	IfNotExists bool `name:"if-not-exists" help:"If there is a credential of that name already, print it and name the fields that differ."`
}

func (createCmd) Help() string {
	return "--info and --values are needed, unless --set gives what would be in them. A secret in a file does not stand in " +
		"the shell's history: --values @values.json, or --set credential_values.api_key=@key.txt."
}

func (createCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: `credentials create azure-prod --info='{"custom_llm_provider": "azure"}' --values='{"api_key": "sk-123", "api_base": "https://prod.azure.openai.com"}'`},
		{Command: `credentials create openai-prod --info '{"custom_llm_provider": "openai"}' --set credential_values.api_key=@key.txt`, Note: "the key from a file"},
	}
}

func (c *createCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	attempt := "create credential " + c.Name
	if err := usable(c.Name, attempt); err != nil {
		return err
	}
	ctx = sdk.Attempting(ctx, "%s", attempt)
	w := &wanted{info: map[string]any{}, values: map[string]any{}, more: map[string]any{}}
	if err := c.read(ctx, inv, c.Name, attempt, w); err != nil {
		return err
	}
	if err := c.complete(w, attempt); err != nil {
		return err
	}
	_, again := inv.Intended("credential")
	switch found, err := byName(ctx, inv, c.Name); {
	case err == nil && again && len(w.differing(found)) == 0 && w.fits(found):
		return c.created(ctx, inv, w)
	case err == nil:
		return c.found(inv, w, found, "")
	case !isMissing(err):
		return err
	}
	return c.create(ctx, inv, w)
}

// complete refuses a line that says nothing of info or values: the gateway needs both.
func (c *createCmd) complete(w *wanted, attempt string) error {
	e := &problem.Error{Code: problem.Usage, State: problem.Unchanged}
	switch {
	case c.Info == "" && len(w.info) == 0:
		e.Field, e.Message = "info", "cannot "+attempt+": --info is missing"
		e.Hint = `such as --info '{"custom_llm_provider": "openai"}'; '{}' for none`
	case len(w.values) == 0 && w.more["model_id"] == nil:
		e.Field, e.Message = "values", "cannot "+attempt+": it has no values"
		e.Hint = "give --values JSON, @FILE or @-, or --set credential_values.api_key=@FILE"
	default:
		return nil
	}
	return e
}

// create sends the credential. It is not sent again when the answer is lost: the second answer would be that it exists.
func (c *createCmd) create(ctx context.Context, inv *sdk.Invocation, w *wanted) error {
	if err := inv.Intend(ctx, "credential", c.Name); err != nil {
		return err
	}
	request := w.body(c.Name)
	err := inv.Post(ctx, "/credentials", request, nil)
	e := problem.As(err)
	switch {
	case errors.Is(err, sdk.ErrPlanned):
		return err
	case e != nil && (e.State == problem.Unknown || e.Status >= 500 || e.Status == 409):
		return c.settle(ctx, inv, w, e)
	case err != nil:
		return err
	}
	return c.created(ctx, inv, w)
}

// created prints what was made. Of a display name it makes sure first: LiteLLM 1.83.14 ignores it (observed).
func (c *createCmd) created(ctx context.Context, inv *sdk.Invocation, w *wanted) error {
	out := Written{Name: c.Name, Result: "created"}
	var err error
	if out.Info, err = json.Marshal(w.info); err != nil {
		return fmt.Errorf("encode the info of %s: %w", c.Name, err)
	}
	out.Info = masked(out.Info)
	if text, ok := w.more["display_name"].(string); ok {
		now, err := byName(sdk.Attempting(ctx, "read credential %s again", c.Name), inv, c.Name)
		switch {
		case err != nil:
			inv.Notice("credential %s was created; whether it has its display name could not be checked: %v", c.Name, err)
		case now.DisplayName == nil || *now.DisplayName != text:
			return &problem.Error{
				Code: problem.Failed, Message: "credential " + c.Name + " has no display name: this gateway's version does not take one",
				Field: "display-name", State: "the credential was created, without its display name",
			}
		}
		out.DisplayName = &text
	}
	return inv.Emit(out)
}

// body is that of the request. Every version takes all three members; LiteLLM 1.83.14 wants them all in an update too.
func (w *wanted) body(name string) map[string]any {
	request := map[string]any{"credential_name": name, "credential_info": w.info, "credential_values": w.values}
	for member, v := range w.more {
		request[member] = v
	}
	return request
}

// written is the result for a credential as it is now.
func written(c *row, result string) (Written, error) {
	var parts struct {
		Info   json.RawMessage `json:"credential_info"`
		Values json.RawMessage `json:"credential_values"`
	}
	err := json.Unmarshal(c.shown(), &parts)
	return Written{Name: c.Name, DisplayName: c.DisplayName, Info: parts.Info, Values: parts.Values, Result: result}, err
}
