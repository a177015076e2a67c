package models

import (
	"context"
	"fmt"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// fields are the parts of a deployment that assignments set. They are embedded in the commands that write.
type fields struct {
	Param []sdk.Assignment `short:"p" sensitive:"" placeholder:"PATH=VALUE" help:"A parameter (litellm_params), typed as LiteLLM's schema has it. PATH:=JSON forces JSON, PATH=@FILE reads the value."`
	Info  []sdk.Assignment `short:"i" placeholder:"PATH=VALUE" help:"A field of model_info, typed and read the same way as --param."`
}

// apply sets params and info as the assignments say.
func (f *fields) apply(ctx context.Context, inv *sdk.Invocation, params, info map[string]any) error {
	deployment := body.Operation("POST", "/model/new")
	set := func(flag string, assignments []sdk.Assignment, target map[string]any, schema body.Schema) error {
		for i, a := range assignments {
			read := func() ([]byte, error) { return inv.Input(ctx, flag, i) }
			if err := body.Assign(target, schema, string(a), read); err != nil {
				return &problem.Error{
					Code: problem.Usage, Message: fmt.Sprintf("cannot use --%s %v", flag, err), Field: body.Name(string(a)),
					Hint: "the types are those of LiteLLM's schema; PATH:=JSON sends any JSON",
				}
			}
		}
		return nil
	}
	if err := set("param", f.Param, params, deployment.Field("litellm_params")); err != nil {
		return err
	}
	return set("info", f.Info, info, deployment.Field("model_info"))
}

// checkCredential refuses parameters that name a credential which does not exist: the gateway would take them, and
// fail at the first call (observed on LiteLLM 1.106.2).
func checkCredential(ctx context.Context, inv *sdk.Invocation, params map[string]any) error {
	name, _ := params["litellm_credential_name"].(string)
	if name == "" {
		return nil
	}
	err := inv.Get(sdk.Attempting(ctx, "check credential %s", name), sdk.Path("/credentials/by_name/{name…}", name), nil, nil)
	if problem.CodeOf(err) == problem.NotFound {
		return &problem.Error{
			Code: problem.NotFound, Message: fmt.Sprintf("there is no credential %q", name), Field: "litellm_credential_name",
			State: problem.Unchanged, Hint: "litellm-proxy credentials list shows them",
		}
	}
	return err
}
