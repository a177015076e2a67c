package keys

import (
	"bytes"
	"context"
	"encoding/csv"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Imported is the record of a key of the other gateway.
type Imported struct {
	Secret   string  `json:"key,omitempty" secret:"" column:"SECRET,name=secret" help:"The new key itself, with --print-secrets."`
	Source   string  `json:"source" column:"SOURCE,format=hash" help:"Its hash there."`
	Token    string  `json:"token,omitempty" column:"KEY,name=key,format=hash" help:"Its hash here."`
	KeyAlias *string `json:"key_alias" column:"ALIAS,name=alias"`
	Result   string  `json:"result" column:"RESULT" help:"created, exists or failed."`
	sdk.Failure
}

type importCmd struct {
	sdk.Lists[Imported]
	SourceBaseURL sdk.GatewayRef `name:"source-base-url" gatewaykey:"source-api-key" xor:"source" placeholder:"URL" help:"Address of the other gateway."`
	SourceAPIKey  string         `name:"source-api-key" sensitive:"" placeholder:"KEY" help:"Key for the other gateway."`
	FromProfile   sdk.GatewayRef `name:"from-profile" xor:"source" placeholder:"NAME" complete:"profiles" help:"The other gateway, by its profile."`
	CreatedSince  string         `name:"created-since" placeholder:"TIME" help:"Only keys made since then: 2026-01-31 or 2026-01-31_15:04, in UTC."`
	TeamID        string         `name:"team-id" placeholder:"ID" help:"Only keys of this team."`
	PrintSecrets  bool           `name:"print-secrets" help:"Print the new secrets, as the older tool did, and write no file."`
	IfNotExists   bool           `name:"if-not-exists" help:"Leave keys alone that were imported before, or whose alias is in use."`
}

func (importCmd) Help() string {
	return "No gateway tells the secrets of its keys: the keys are made anew, with their aliases, owners, teams, grants, limits, spend and " +
		"the time that they have left. The new secrets go to a new file that only you can read; its name is printed at the end. " +
		"Keys that have expired are left out."
}

func (importCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "--dry-run keys import --from-profile sandbox", Note: "what would be made"},
		{Command: "keys import --from-profile sandbox --created-since 2026-01-01 --if-not-exists"},
	}
}

func (c *importCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	since, err := c.since()
	if err != nil {
		return err
	}
	source, err := c.source(inv)
	if err != nil {
		return err
	}
	rows, err := c.read(sdk.Attempting(ctx, "read the keys of the other gateway"), inv.At(source), since)
	if err != nil {
		return litellm.Before("import keys", err)
	}
	if len(rows) == 0 {
		inv.Notice("the other gateway has no such keys")
		return nil
	}
	i := &importer{importCmd: c, inv: inv, checked: map[string]error{}}
	if c.IfNotExists {
		if err := i.remember(ctx); err != nil {
			return litellm.Before("import keys", err)
		}
	}
	err = each(ctx, inv, "import", "source", rows, i.one)
	if i.made {
		inv.Notice("the new secrets are in %s (0600); rows whose token is not on the gateway were not made", i.path)
	}
	return err
}

func (c *importCmd) source(inv *sdk.Invocation) (flag string, err error) {
	switch {
	case c.FromProfile != "" && inv.Given("source-api-key"):
		return "", problem.New(problem.Usage, "cannot import keys: --source-api-key goes with --source-base-url, and a profile has a key of its own").
			WithState(problem.Unchanged)
	case c.FromProfile != "":
		return "from-profile", nil
	case c.SourceBaseURL != "":
		return "source-base-url", nil
	}
	return "", problem.New(problem.Usage, "cannot import keys: no other gateway is named").
		WithHint("give --source-base-url URL and --source-api-key KEY, or --from-profile NAME").WithState(problem.Unchanged)
}

func (c *importCmd) since() (time.Time, error) {
	if c.CreatedSince == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{"2006-01-02", "2006-01-02_15:04"} {
		if at, err := time.Parse(layout, c.CreatedSince); err == nil {
			return at, nil
		}
	}
	return time.Time{}, problem.New(problem.Usage, "cannot use --created-since %q: it must be a day such as 2026-01-31, or 2026-01-31_15:04", c.CreatedSince).
		WithState(problem.Unchanged)
}

// read lists what is to be imported.
func (c *importCmd) read(ctx context.Context, there *sdk.Invocation, since time.Time) ([]target, error) {
	filter := Filter{TeamID: c.TeamID}
	var out []target
	expired := 0
	_, err := litellm.WalkKeys(ctx, there, filter.query(), func(k *litellm.Key) error {
		if !filter.wants(k) {
			return nil
		}
		if made, _ := time.Parse(time.RFC3339, k.CreatedAt); made.Before(since) { // one without a date is older than all
			return nil
		}
		if k.Status == litellm.StatusExpired {
			expired++
			return nil
		}
		out = append(out, target{name: k.Token, key: k})
		return nil
	})
	if expired > 0 {
		there.Notice("left out: %d that have expired", expired)
	}
	return out, err
}

// importer makes keys like those of another gateway.
type importer struct {
	*importCmd
	inv     *sdk.Invocation
	checked map[string]error  // teams and budgets that were asked for
	before  map[string]string // keys that were imported before, by their hash there
	path    string            // of the file with the secrets
	made    bool              // there is a key whose secret is in it
}

// importName is the member of metadata that says what a key was made like.
const importName = "litellm_proxy_imported_from"

// remember finds the keys that an earlier import has made.
func (i *importer) remember(ctx context.Context) error {
	i.before = map[string]string{}
	_, err := litellm.WalkKeys(sdk.Attempting(ctx, "read the keys that are here already"), i.inv, nil, func(k *litellm.Key) error {
		metadata, _ := litellm.Members(k.Raw)["metadata"].(map[string]any)
		if from, ok := metadata[importName].(string); ok {
			i.before[from] = k.Token
		}
		return nil
	})
	return err
}

// one imports a key.
func (i *importer) one(ctx context.Context, t target) error {
	if token, ok := i.before[t.key.Token]; ok {
		return i.inv.Emit(Imported{Source: t.key.Token, Token: token, KeyAlias: t.key.Alias, Result: "exists"})
	}
	request, err := grants(t.key, litellm.Text(t.key.Expires))
	if err != nil {
		return litellm.Before("import key "+t.key.Label(), err)
	}
	request["metadata"] = withSource(request["metadata"], t.key.Token)
	if alias := litellm.Text(t.key.Alias); alias != "" {
		request["key_alias"] = alias
	}
	attempt := "import key " + t.key.Label()
	if err := i.check(ctx, attempt, request); err != nil {
		return err
	}
	n, err := litellm.CreateKey(ctx, i.inv, request, func(secret sdk.Secret) error { return i.save(ctx, t.key, secret) })
	switch {
	case err != nil:
		return err
	case n.Taken != nil && !i.IfNotExists:
		return litellm.AliasTaken(attempt, n.Taken, "")
	case n.Taken != nil:
		return i.inv.Emit(Imported{Source: t.key.Token, Token: n.Taken.Token, KeyAlias: t.key.Alias, Result: "exists"})
	}
	i.made = !i.PrintSecrets
	out := Imported{Source: t.key.Token, Token: n.Made.Token, KeyAlias: t.key.Alias, Result: "created"}
	if i.PrintSecrets {
		out.Secret = n.Secret.String()
	}
	return i.inv.Emit(out)
}

// check asks for a team and a budget once, however many keys name them.
func (i *importer) check(ctx context.Context, attempt string, request map[string]any) error {
	for _, name := range []string{"team_id", "budget_id"} {
		id, ok := request[name].(string)
		if !ok {
			continue
		}
		err, known := i.checked[name+id]
		if !known {
			err = checkNamed(ctx, i.inv, attempt, map[string]any{name: id})
			i.checked[name+id] = err
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// save writes a secret down before it is sent.
func (i *importer) save(ctx context.Context, k *litellm.Key, secret sdk.Secret) error {
	if i.PrintSecrets {
		return nil
	}
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	if i.path == "" {
		_ = w.Write([]string{"key_alias", "source", "token", "key"})
	}
	_ = w.Write([]string{litellm.Text(k.Alias), k.Token, secret.SHA256, secret.String()})
	w.Flush()
	path, err := i.inv.SaveAs(ctx, "keys-import.csv", text.String())
	if err == nil {
		i.path = path
	}
	return err
}

func withSource(metadata any, token string) map[string]any {
	out := map[string]any{importName: token}
	if have, ok := metadata.(map[string]any); ok {
		for name, v := range have {
			if name != markName && name != importName {
				out[name] = v
			}
		}
	}
	return out
}
