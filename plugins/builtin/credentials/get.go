package credentials

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

type getCmd struct {
	sdk.Emits[Credential]
	Name string `arg:"" complete:"credentials" help:"Name of the credential."`
}

func (getCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: `credentials create openai-prod --info '{"custom_llm_provider": "openai"}' --set credential_values.api_key=@key.txt`},
		{Command: "credentials get openai-prod"},
	}
}

func (c *getCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	attempt := "get credential " + c.Name
	if err := usable(c.Name, attempt); err != nil {
		return err
	}
	found, err := byName(sdk.Attempting(ctx, "%s", attempt), inv, c.Name)
	if err != nil {
		return err
	}
	return inv.Emit(found.shown())
}
