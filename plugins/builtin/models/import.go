package models

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Imported is what became of one deployment of a file.
type Imported struct {
	ModelID   string   `json:"model_id" column:"ID,wide"`
	ModelName string   `json:"model_name" column:"PUBLIC MODEL"`
	Upstream  string   `json:"upstream_model" column:"UPSTREAM MODEL"`
	Groups    []string `json:"access_groups" column:"ACCESS GROUPS"`
	Result    string   `json:"result" column:"RESULT" help:"created, exists or failed."`
	sdk.Failure
}

type importCmd struct {
	sdk.Lists[Imported]
	File        sdk.Input `arg:"" help:"A LiteLLM configuration file with a model_list; - reads standard input."`
	Models      string    `name:"only-models-matching-regex" placeholder:"REGEX" help:"Only deployments whose upstream model matches."`
	Groups      string    `name:"only-access-groups-matching-regex" placeholder:"REGEX" help:"Only deployments with an access group that matches."`
	IfNotExists bool      `name:"if-not-exists" help:"Leave out what is there already under any id: the same model_name and the same parameters, secrets left aside."`

	credentials map[string]error // what the gateway said of each
	there       []*row           // with IfNotExists, all deployments that no entry has been found to be
	mine        map[string]bool  // the ids of the entries
}

func (importCmd) Help() string {
	return "The whole file is checked before anything is sent. An entry without model_info.id gets an id that follows from what it " +
		"is, its secrets left aside: the same file again makes nothing twice. An entry that was changed since is another deployment, " +
		"unless it has an id of its own. os.environ/NAME is sent as it is: the gateway reads its own environment."
}

func (importCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "models info --source db --jq '{model_list: .}' -o yaml > config.yaml", Note: "what a gateway has, without its keys"},
		{Command: "models import config.yaml --dry-run", Note: "what would be added"},
		{Command: "models import config.yaml --only-models-matching-regex '^azure/' --if-not-exists"},
	}
}

func (c *importCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	keep, err := c.filter()
	if err != nil {
		return err
	}
	raw, err := inv.Input(ctx, "file", 0)
	if err != nil {
		return err
	}
	entries, err := readFile(raw)
	if err != nil {
		return err
	}
	if err := identifyAll(entries); err != nil { // before the filters: they must not change an id
		return err
	}
	inFile := len(entries)
	if entries = slices.DeleteFunc(entries, func(e *entry) bool { return !keep(e) }); len(entries) == 0 {
		inv.Notice("nothing to import: the file has %d models, and none of them is meant", inFile)
		return nil
	}
	if c.IfNotExists {
		if c.there, err = all(sdk.Attempting(ctx, "read the deployments that are there"), inv); err != nil {
			return err
		}
	}
	c.credentials, c.mine = map[string]error{}, map[string]bool{}
	for _, e := range entries {
		c.mine[e.info["id"].(string)] = true
	}
	return c.each(ctx, inv, entries)
}

// filter returns what the regular expressions leave. They match anywhere in a text, as in the older tool.
func (c *importCmd) filter() (keep func(*entry) bool, err error) {
	model, err := compile("only-models-matching-regex", c.Models)
	if err != nil {
		return nil, err
	}
	group, err := compile("only-access-groups-matching-regex", c.Groups)
	if err != nil {
		return nil, err
	}
	return func(e *entry) bool {
		return model.MatchString(e.model()) && (c.Groups == "" || slices.ContainsFunc(e.groups, group.MatchString))
	}, nil
}

func compile(flag, text string) (*regexp.Regexp, error) {
	compiled, err := regexp.Compile(text)
	if err != nil {
		return nil, &problem.Error{
			Code: problem.Usage, Message: "cannot use --" + flag + ": " + err.Error(), Field: flag, State: problem.Unchanged,
			Hint: "the syntax is RE2's: no look-ahead and no back-references",
		}
	}
	return compiled, nil
}

// add makes one deployment, or finds that it is there; the result is created or exists.
func (c *importCmd) add(ctx context.Context, inv *sdk.Invocation, e *entry) (result string, err error) {
	d := &creation{attempt: "import model " + e.name, name: e.name, params: e.params, info: e.info, given: true}
	ctx = sdk.Attempting(ctx, "%s", d.attempt)
	if there := c.alike(e); there != nil {
		e.info["id"] = there.Info.ID
		return "exists", nil
	}
	switch there, err := byID(ctx, inv, d.id()); {
	case err == nil:
		return c.compare(ctx, inv, d, there)
	case problem.CodeOf(err) != problem.NotFound:
		return "", err
	}
	if err := c.checkCredential(ctx, inv, e.params); err != nil {
		return "", err
	}
	out, err := d.send(ctx, inv)
	if err != nil {
		return "", err
	}
	return out.Result, nil
}

// alike finds, with IfNotExists, a deployment with the name and the parameters of an entry, whatever its id. Each stands
// for one entry; one with the entry's own id is the entry's.
func (c *importCmd) alike(e *entry) *row {
	for i, d := range c.there {
		if d == nil || d.ModelName != e.name || d.Info.ID != e.info["id"] && c.mine[d.Info.ID] {
			continue
		}
		params, _, err := d.parts()
		if err == nil && len(differing("", e.params, params)) == 0 && len(lacking(e.params, params))+len(lacking(params, e.params)) == 0 {
			c.there[i] = nil
			return d
		}
	}
	return nil
}

// compare decides about a deployment that has the entry's id: it is the entry's, or in the way of it.
func (c *importCmd) compare(ctx context.Context, inv *sdk.Invocation, d *creation, there *row) (result string, err error) {
	params, info, err := there.parts()
	if err != nil {
		return "", err
	}
	differs := append(differing("litellm_params", d.params, params), differing("model_info", d.info, info)...)
	if there.ModelName != d.name {
		differs = append(differs, "model_name")
	}
	if len(differs) > 0 {
		e := d.taken(there, "the id \""+d.id()+"\" is in use, and differs in "+strings.Join(differs, ", "))
		return "", e.WithHint("change that one: litellm-proxy models update %s", d.id())
	}
	served, err := live(ctx, inv, d.id())
	if err != nil {
		return "", err
	}
	if !served {
		return "", problem.New(problem.Failed, "cannot %s: it is saved, but the gateway cannot serve it", d.attempt).
			WithHint("name the provider: litellm-proxy models update %s -p model=PROVIDER/NAME", d.id()).WithState(problem.Unchanged)
	}
	return "exists", nil
}

// checkCredential asks about each credential once.
func (c *importCmd) checkCredential(ctx context.Context, inv *sdk.Invocation, params map[string]any) error {
	name, _ := params["litellm_credential_name"].(string)
	err, known := c.credentials[name]
	if !known {
		err = checkCredential(ctx, inv, params)
		c.credentials[name] = err
	}
	return err
}
