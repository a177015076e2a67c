package credentials

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/grant"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Credential is what the gateway tells of one credential. LiteLLM 1.83.14 has neither display_name nor source (observed).
type Credential struct {
	Name        string         `json:"credential_name" column:"NAME,name=name" help:"The name that models refer to."`
	DisplayName *string        `json:"display_name" column:"DISPLAY NAME"`
	Source      string         `json:"source" column:"SOURCE" help:"db, or config for one from the gateway's configuration file."`
	Info        Info           `json:"credential_info"`
	Values      map[string]any `json:"credential_values" column:"VALUES,name=values,wide" help:"Secrets are masked."`
}

// Info is what is known of a credential besides its values.
type Info struct {
	Provider string `json:"custom_llm_provider" column:"PROVIDER,name=provider"`
}

// row is one credential: what we read of it, and all that the gateway told.
type row struct {
	Credential
	raw   json.RawMessage
	there map[string]any // raw, with the digits of its numbers
}

// UnmarshalJSON takes an object with a name and nothing else.
func (r *row) UnmarshalJSON(raw []byte) error {
	there, err := body.Decode(raw)
	if err != nil {
		return err
	}
	if _, ok := there["credential_name"].(string); !ok {
		return errors.New("a credential has a name")
	}
	r.raw, r.there = append(json.RawMessage{}, raw...), there
	return json.Unmarshal(raw, &r.Credential)
}

func (r *row) info() map[string]any {
	info, _ := r.there["credential_info"].(map[string]any)
	return info
}

// shown is the credential as it may be printed.
func (r *row) shown() json.RawMessage { return masked(r.raw) }

// hasDisplayName reports whether the gateway knows of display names at all.
func (r *row) hasDisplayName() bool {
	_, ok := r.there["display_name"]
	return ok
}

// all reads every credential. The list has no pages.
func all(ctx context.Context, inv *sdk.Invocation) ([]row, error) {
	var rows []row
	err := inv.List(ctx, "/credentials", nil, "credentials", &rows)
	return rows, err
}

// byName reads one credential; a missing one is an error for which isMissing holds.
func byName(ctx context.Context, inv *sdk.Invocation, name string) (*row, error) {
	var c row
	err := inv.Get(ctx, sdk.Path("/credentials/by_name/{name…}", name), nil, &c)
	switch e := problem.As(err); {
	case e != nil && e.Status == 404 && !litellm.NoRoute(err) && !strings.Contains(e.Message, "not as LiteLLM does"):
		return nil, missing(name, e.Said)
	case err != nil:
		return nil, err
	case c.Name != name:
		return nil, problem.New(problem.Unreachable, "asked for the credential %q, the gateway answered with %q", name, c.Name)
	}
	return &c, nil
}

// isMissing tells a credential that is not there from an address that is not a gateway's.
func isMissing(err error) bool {
	e := problem.As(err)
	return e != nil && e.Code == problem.NotFound && e.Field == "name"
}

func missing(name, said string) error {
	return &problem.Error{
		Code: problem.NotFound, Message: "there is no credential \"" + name + "\"", Said: said, Field: "name",
		Hint: "litellm-proxy credentials list shows them",
	}
}

// usable refuses names that the gateway takes but that no request could address, or that it cannot store.
func usable(name, attempt string) error {
	why := ""
	switch {
	case name == "":
		why = "NAME is empty"
	case strings.ContainsRune(name, 0):
		why = "NAME holds a zero byte"
	default:
		err := grant.Valid("GET", sdk.Path("/credentials/by_name/{name…}", name))
		if err == nil {
			return nil
		}
		why = "no request could address that name: " + err.Error()
	}
	return &problem.Error{Code: problem.Usage, Message: "cannot " + attempt + ": " + why, Field: "name", State: problem.Unchanged}
}

// editable refuses a credential that comes from the gateway's configuration file; LiteLLM 1.106.2 answers 405 for it.
func editable(c *row, attempt string) error {
	if c.Source != "config" {
		return nil
	}
	return (&problem.Error{
		Code: problem.Refused, Message: "cannot " + attempt + ": it comes from the gateway's configuration file",
		State: problem.Unchanged,
	}).WithHint("change it in that file")
}

const (
	patience = 2 * time.Second
	interval = 100 * time.Millisecond
)

// gone waits up to two seconds for a credential to be gone, and reports whether it is. A process of the gateway other
// than the one that has deleted it may need a moment.
func gone(ctx context.Context, inv *sdk.Invocation, name string) (bool, error) {
	for end := time.Now().Add(patience); ; {
		_, err := byName(ctx, inv, name)
		switch {
		case isMissing(err):
			return true, nil
		case err != nil:
			return false, err
		case time.Now().After(end):
			return false, nil
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(interval):
		}
	}
}
