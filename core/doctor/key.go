package doctor

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/auth"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

const (
	keyArea = "key"
	// soonOver is how long before its end a key that is not renewed is worth a word.
	soonOver = 24 * time.Hour
	// nearlySpent is the part of a budget from which on it is worth one.
	nearlySpent = 0.9
)

// roles say what each may do.
var roles = map[string]string{
	litellm.RoleAdmin:      "may do everything",
	litellm.RoleViewer:     "may read everything, may write nothing",
	litellm.RoleUser:       "may use models and manage keys of their own",
	litellm.RoleUserViewer: "may read what is their own, may write nothing",
}

// key asks whose the key is, and what it may do. While a gateway's database is down its answers about keys mean nothing: the
// master key got 500, and a good virtual key 401 (observed on LiteLLM 1.106.2).
func (g *Gateway) key(ctx context.Context, databaseDown bool) []Finding {
	if g.KeyErr != nil {
		return g.noted(g.keyless())
	}
	timed, stop := context.WithTimeout(ctx, g.limit())
	defer stop()
	who, err := auth.Verify(timed, g.Client, "")
	asked := g.Client.Asked(transport.Request{})
	source := asked.KeyLabel
	if asked.HasKey && asked.KeyFrom != "" {
		source = strings.TrimSpace(source + " from " + asked.KeyFrom)
	}
	switch {
	case err != nil && databaseDown && asked.HasKey:
		return g.noted(doubtful(keyArea, "", "%s: it cannot be known whose it is while the database is down", source))
	case err != nil:
		e := *problem.As(err)
		if e.Code == problem.Denied && e.Type != "" {
			e.Said = "" // it is LiteLLM's own refusal, whose meaning is in the message
		}
		f := FromError(keyArea, &e)
		if asked.HasKey {
			f.Text = source + ": " + f.Text
		}
		return g.noted(f)
	case !asked.HasKey:
		return g.noted(doubtful(keyArea, "", "none is used, and the gateway asks for none"))
	}
	if g.KeyNote != "" {
		source += "; " + g.KeyNote
	}
	info := g.keyInfo(ctx)
	budget, doubts := budgets(who, info)
	about := whose(who)
	about.Text = strings.Join(append([]string{about.Text}, append(g.team(who, info), budget...)...), "; ")
	all := append([]Finding{good(keyArea, "%s", source), about}, doubts...)
	return append(all, g.ends(info)...)
}

// keyless is the finding for a key that could not be had. Its error says what was attempted where.
func (g *Gateway) keyless() Finding {
	e := problem.As(g.KeyErr)
	code := e.Code
	if code == problem.Failed {
		code = problem.Denied // it is what a gateway would say of the missing key
	}
	return bad(keyArea, code, e.Hint, "%s", e.Message)
}

// noted is a finding behind the note on the key.
func (g *Gateway) noted(f Finding) []Finding {
	if g.KeyNote == "" {
		return []Finding{f}
	}
	return []Finding{good(keyArea, "%s", g.KeyNote), f}
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
	name := oneLine(cmp.Or(who.Email, who.UserID))
	means := roles[who.Role]
	switch {
	case who.Role == "":
		return doubtful(keyArea, "an admin can say what it may do", "%s, in a role that the gateway does not tell", name)
	case means == "":
		means = "a role of the gateway's own"
	}
	return good(keyArea, "%s, %s: %s", name, oneLine(who.Role), means)
}

// keyInfo is what the gateway knows of a virtual key; nil for another credential, of which it answers 404 or 500 (observed on
// LiteLLM 1.106.2).
type keyInfo struct {
	Spend     float64  `json:"spend"` // USD
	MaxBudget *float64 `json:"max_budget"`
	Reset     string   `json:"budget_reset_at"`
	Expires   string   `json:"expires"`
	TeamID    string   `json:"team_id"`
}

func (g *Gateway) keyInfo(ctx context.Context) *keyInfo {
	var doc struct {
		Info *keyInfo `json:"info"`
	}
	g.json(ctx, "/key/info", &doc)
	return doc.Info
}

// team is the one that the key is of, or how many its owner is in.
func (g *Gateway) team(who *auth.Identity, info *keyInfo) []string {
	switch {
	case info != nil && info.TeamID != "":
		return []string{"a key of team " + oneLine(info.TeamID)}
	case g.SignIn != nil && g.SignIn.TeamID != "":
		return []string{"in team " + oneLine(g.SignIn.TeamID)}
	case len(who.Teams) == 1:
		return []string{"in team " + oneLine(who.Teams[0])}
	case len(who.Teams) > 1:
		return []string{fmt.Sprintf("in %d teams", len(who.Teams))}
	}
	return nil
}

// budgets says how much is left of the key's own budget and of its owner's: either may stop it. What is nearly spent, or
// spent, is a finding of its own.
func budgets(who *auth.Identity, info *keyInfo) (parts []string, doubts []Finding) {
	add := func(whose string, spend float64, limit *float64, reset *time.Time) {
		if limit == nil {
			return
		}
		text := fmt.Sprintf("%s $%.2f of $%.2f left", whose, max(0, *limit-spend), *limit)
		if reset != nil {
			text += ", resets " + reset.Local().Format("2 Jan")
		}
		const hint = "an admin can raise it"
		switch {
		case spend >= *limit:
			doubts = append(doubts, bad(keyArea, problem.Denied, hint, "%s: model calls are refused", text))
		case spend >= nearlySpent**limit:
			doubts = append(doubts, doubtful(keyArea, hint, "%s", text))
		default:
			parts = append(parts, text)
		}
	}
	owner := "budget"
	if info != nil && info.MaxBudget != nil {
		add("budget", info.Spend, info.MaxBudget, moment(info.Reset))
		owner = "owner's budget"
	}
	add(owner, who.Spend, who.MaxBudget, who.BudgetReset)
	return parts, doubts
}

// moment reads a time of the gateway's; nil if it is none.
func moment(text string) *time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil
	}
	return &t
}

// ends says when the key ends.
func (g *Gateway) ends(info *keyInfo) []Finding {
	var end *time.Time
	hint := "litellm-proxy keys rotate, or another key"
	if info != nil {
		end = moment(info.Expires)
	}
	if g.SignIn != nil {
		if g.SignIn.Renewable() {
			return []Finding{good(keyArea, "renews itself")}
		}
		if end == nil {
			end = g.SignIn.Expires
		}
		if g.SignIn.Flow != auth.Given {
			hint = "litellm-proxy login"
		}
	}
	if end == nil {
		return nil
	}
	left := end.Sub(g.Now())
	text := "expires " + end.Local().Format("2006-01-02 15:04")
	switch {
	case left <= 0: // and the gateway has just taken it
		return []Finding{doubtful(keyArea, hint, "%s, which is over", text)}
	case left < soonOver:
		return []Finding{doubtful(keyArea, hint, "%s, in %s", text, span(left))}
	}
	return []Finding{good(keyArea, "%s", text)}
}
