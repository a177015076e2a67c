package doctor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/auth"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

const (
	keyArea    = "key"
	modelsArea = "models"
	// soonOver is how long before its end a key that is not renewed is worth a word.
	soonOver = 24 * time.Hour
)

// roles say what each may do.
var roles = map[string]string{
	litellm.RoleAdmin:      "may do everything",
	litellm.RoleViewer:     "may read everything, may write nothing",
	litellm.RoleUser:       "may use models and manage keys of their own",
	litellm.RoleUserViewer: "may read what is their own, may write nothing",
}

// Key asks whose the key is, and what it may do.
func (g *Gateway) Key(ctx context.Context) []Finding {
	timed, stop := context.WithTimeout(ctx, within)
	defer stop()
	who, err := auth.Verify(timed, g.Client, "")
	asked := g.Client.Asked(transport.Request{}) // it is known when it was used
	if err != nil {
		f := FromError(keyArea, err)
		if asked.HasKey && asked.KeyFrom != "" {
			f.Text = strings.TrimSpace(asked.KeyLabel+" from "+asked.KeyFrom) + ": " + f.Text
		}
		return []Finding{f}
	}
	if !asked.HasKey {
		return []Finding{doubtful(keyArea, "", "none is used, and the gateway asks for none")}
	}
	all := []Finding{good(keyArea, "%s", strings.TrimSpace(strings.TrimSpace(asked.KeyLabel+" from "+asked.KeyFrom)))}
	all = append(all, whose(who))
	info := g.keyInfo(ctx)
	all = append(all, budget(who, info)...)
	return append(all, g.ends(info)...)
}

// whose says whose key it is.
func whose(who *auth.Identity) Finding {
	switch {
	case who.Master:
		return good(keyArea, "the gateway's master key: may do everything")
	case who.Limited:
		return doubtful(keyArea, "", "a good key that is limited to some endpoints: it may not ask who it is")
	case who.Nobody:
		return doubtful(keyArea, "", "it belongs to nobody: it may use models, and manage nothing")
	}
	name := who.Email
	if name == "" {
		name = who.UserID
	}
	means := roles[who.Role]
	switch {
	case who.Role == "":
		return doubtful(keyArea, "an admin can say what it may do", "%s, in a role that the gateway does not tell", name)
	case means == "":
		means = "a role of the gateway's own"
	}
	return good(keyArea, "%s, %s: %s", name, who.Role, means)
}

// keyInfo is what the gateway knows of a virtual key; nil for another credential.
type keyInfo struct {
	Spend     float64  `json:"spend"`
	MaxBudget *float64 `json:"max_budget"`
	Reset     *string  `json:"budget_reset_at"`
	Expires   *string  `json:"expires"`
	TeamID    *string  `json:"team_id"`
}

func (g *Gateway) keyInfo(ctx context.Context) *keyInfo {
	var doc struct {
		Info *keyInfo `json:"info"`
	}
	g.json(ctx, "/key/info", &doc)
	return doc.Info
}

// budget says how much is left, of the key's own budget or else of its owner's.
func budget(who *auth.Identity, info *keyInfo) []Finding {
	spend, limit := who.Spend, who.MaxBudget
	reset := ""
	if who.BudgetReset != nil {
		reset = who.BudgetReset.Local().Format("2 Jan")
	}
	if info != nil && info.MaxBudget != nil {
		spend, limit, reset = info.Spend, info.MaxBudget, ""
		if info.Reset != nil {
			if at, err := time.Parse(time.RFC3339, *info.Reset); err == nil {
				reset = at.Local().Format("2 Jan")
			}
		}
	}
	if limit == nil {
		return nil
	}
	text := fmt.Sprintf("budget: $%.2f of $%.2f spent", spend, *limit)
	if reset != "" {
		text += ", resets " + reset
	}
	switch {
	case spend >= *limit:
		return []Finding{bad(keyArea, problem.Denied, "an admin can raise it", "%s: model calls are refused", text)}
	case spend >= 0.9**limit:
		return []Finding{doubtful(keyArea, "an admin can raise it", "%s", text)}
	}
	return []Finding{good(keyArea, "%s", text)}
}

// ends says when the key ends.
func (g *Gateway) ends(info *keyInfo) []Finding {
	end := g.KeyEnds
	if info != nil && info.Expires != nil {
		if at, err := time.Parse(time.RFC3339, *info.Expires); err == nil {
			end = &at
		}
	}
	switch {
	case g.Renews:
		return []Finding{good(keyArea, "renews itself")}
	case end == nil:
		return nil
	}
	left := end.Sub(g.Now())
	text := fmt.Sprintf("ends %s", end.Local().Format("2006-01-02 15:04"))
	if left < soonOver {
		hint := "litellm-proxy login"
		if info != nil {
			hint = "litellm-proxy keys rotate, or another key"
		}
		return []Finding{doubtful(keyArea, hint, "%s, in %s", text, left.Round(time.Minute))}
	}
	return []Finding{good(keyArea, "%s", text)}
}

// Models says which deployments failed the last health check that the gateway keeps. Nothing is probed: that would cost
// money.
func (g *Gateway) Models(ctx context.Context) []Finding {
	var doc struct {
		Latest map[string]struct {
			Name    string `json:"model_name"`
			Status  string `json:"status"`
			Said    string `json:"error_message"`
			Checked string `json:"checked_at"`
		} `json:"latest_health_checks"`
	}
	if !g.json(ctx, "/health/latest", &doc) || len(doc.Latest) == 0 {
		return nil // it may not be asked, or has none
	}
	there := g.deployments(ctx)
	var failed []Finding
	checked := 0
	for id, c := range doc.Latest {
		name, served := there[id]
		if there != nil && !served {
			continue // of one that is gone
		}
		checked++
		if c.Status != "unhealthy" {
			continue
		}
		text := cmp.Or(name, strings.TrimSpace(c.Name), id) + ": the last health check"
		if t, err := time.Parse(time.RFC3339, c.Checked); err == nil {
			text += " of " + t.Local().Format("2006-01-02 15:04")
		}
		text += " failed"
		if said, _, _ := strings.Cut(c.Said, "\n"); said != "" {
			text += ": " + said
		}
		failed = append(failed, doubtful(modelsArea, "litellm-proxy models test "+id, "%s", oneLine(text)))
	}
	slices.SortFunc(failed, func(a, b Finding) int { return strings.Compare(a.Text, b.Text) })
	const most = 5
	if n := len(failed); n > most {
		failed = append(failed[:most], doubtful(modelsArea, "litellm-proxy http request GET /health/latest", "%d more failed theirs", n-most))
	}
	switch {
	case checked == 0:
		return nil
	case len(failed) == 0:
		return []Finding{good(modelsArea, "the last health checks went well: %d", checked)}
	}
	return failed
}

// deployments are the names of what is served, by id; nil if it cannot be known.
func (g *Gateway) deployments(ctx context.Context) map[string]string {
	var doc struct {
		Data []struct {
			Name string `json:"model_name"`
			Info struct {
				ID string `json:"id"`
			} `json:"model_info"`
		} `json:"data"`
	}
	if !g.json(ctx, "/v1/model/info", &doc) {
		return nil
	}
	out := map[string]string{}
	for _, d := range doc.Data {
		out[d.Info.ID] = d.Name
	}
	return out
}
