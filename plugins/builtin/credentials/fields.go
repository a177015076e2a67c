package credentials

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// fields are the parts of a credential that both create and update set.
type fields struct {
	Info        sdk.JSON         `atfile:"" placeholder:"JSON" help:"What is known of it, as an object: custom_llm_provider and more. @FILE and @- read it."`
	Values      sdk.JSON         `atfile:"" sensitive:"" placeholder:"JSON" help:"Its secrets and addresses, as an object: api_key, api_base and more. @FILE and @- read it."`
	DisplayName string           `name:"display-name" xor:"display" placeholder:"TEXT" help:"A name for people."`
	Set         []sdk.Assignment `sensitive:"" placeholder:"PATH=VALUE" help:"Any field of the request, such as credential_values.api_key=@FILE. PATH:=JSON forces JSON."`
}

// wanted is what a request is to set. Its members are those of the body, and info and values are never nil.
type wanted struct {
	info, values map[string]any
	more         map[string]any // what else --set and --display-name name
}

// read adds what the flags say to w, whose info is what is there already.
func (f *fields) read(ctx context.Context, inv *sdk.Invocation, name, attempt string, w *wanted) error {
	refuse := func(field, format string, args ...any) error {
		return &problem.Error{
			Code: problem.Usage, Message: "cannot " + attempt + ": " + fmt.Sprintf(format, args...), Field: field, State: problem.Unchanged,
		}
	}
	for _, part := range []struct {
		flag string
		text sdk.JSON
		into map[string]any
	}{{"info", f.Info, w.info}, {"values", f.Values, w.values}} {
		given, err := object(ctx, inv, part.flag, part.text)
		if err != nil {
			return refuse(part.flag, "--%s: %v", part.flag, err)
		}
		maps.Copy(part.into, given)
	}
	if inv.Given("display-name") {
		text := strings.TrimSpace(f.DisplayName) // the gateway trims it (observed on LiteLLM 1.106.2)
		if text == "" {
			return refuse("display-name", "--display-name is blank")
		}
		w.more["display_name"] = text
	}
	for i, a := range f.Set {
		read := func() ([]byte, error) { return inv.Input(ctx, "set", i) }
		if err := w.assign(string(a), read); err != nil {
			return refuse(body.Name(string(a)), "--set %v", err)
		}
	}
	return w.check(name, refuse)
}

// assign sets one field. The values of a credential become parameters of models, and so they are typed as those are:
// api_key=123456 is text.
func (w *wanted) assign(assignment string, read func() ([]byte, error)) error {
	if rest, ok := strings.CutPrefix(assignment, "credential_values."); ok {
		params := body.Operation("POST", "/model/new").Field("litellm_params")
		if err := body.Assign(w.values, params, rest, read); err != nil {
			return fmt.Errorf("credential_values.%w", err)
		}
		return nil
	}
	all := maps.Clone(w.more)
	all["credential_info"], all["credential_values"] = w.info, w.values
	if err := body.Assign(all, body.Operation("PATCH", "/credentials/name"), assignment, read); err != nil {
		return err
	}
	info, isInfo := all["credential_info"].(map[string]any)
	values, isValues := all["credential_values"].(map[string]any)
	if !isInfo || !isValues {
		return fmt.Errorf("%s: it must be a JSON object", body.Name(assignment))
	}
	w.info, w.values, w.more = info, values, all
	delete(all, "credential_info")
	delete(all, "credential_values")
	return nil
}

// check refuses what the gateway would take without doing it, or fail at with a message of its database's.
func (w *wanted) check(name string, refuse func(field, format string, args ...any) error) error {
	if other, ok := w.more["credential_name"]; ok && other != name {
		// LiteLLM 1.83.14 renames then, and its models are left with the old name (observed).
		return refuse("credential_name", "the name of a credential cannot be changed")
	}
	for _, member := range slices.Sorted(maps.Keys(w.values)) {
		if w.values[member] == nil {
			return refuse("credential_values."+member, "credential_values.%s is null, which the gateway ignores", member)
		}
	}
	for field, v := range map[string]any{"credential_info": w.info, "credential_values": w.values, "display_name": w.more["display_name"]} {
		if holdsNUL(v) {
			return refuse(field, "%s holds a zero byte", field)
		}
	}
	return nil
}

// object reads the JSON object that a flag holds or names; nil if it is not given.
func object(ctx context.Context, inv *sdk.Invocation, flag string, text sdk.JSON) (map[string]any, error) {
	if text == "" {
		return nil, nil
	}
	raw := []byte(text)
	if strings.HasPrefix(string(text), "@") {
		var err error
		if raw, err = inv.Input(ctx, flag, 0); err != nil {
			return nil, err
		}
	}
	return body.Decode(raw)
}
