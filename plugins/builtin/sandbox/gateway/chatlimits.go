package gateway

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// refuseModel is the 403 for a model that the key, the team or the user may
// not use, in this order; one that does not exist counts as such for them. The
// text does not say which models there are; it names the model that was asked
// for, which may be an alias of the key (observed on LiteLLM 1.106.2).
func (q *request) refuseModel(group, asked string) error {
	c := q.caller
	teamModels, _ := c.team.data.strs("models")
	var userModels []string
	if c.key != nil && c.key.teamID == nil {
		userModels, _ = c.user.data.strs("models")
	}
	kind := ""
	switch {
	case !allows(c.models, group) && !slices.Contains(c.models, "all-team-models"):
		kind = "key_model_access_denied"
	case !allows(teamModels, group):
		kind = "team_model_access_denied"
	case !allows(userModels, group):
		kind = "user_model_access_denied"
	default:
		return nil
	}
	return refuse(wireError(http.StatusForbidden, fmt.Sprintf("The requested model '%s' is not available for this API key, or the model name is invalid. Check the models available to you and try again.", asked), kind, "model"))
}

func overBudget(message string) error {
	return refuse(wireError(http.StatusUnprocessableEntity, message, "budget_exceeded", nil))
}

// refuseKeyBudget is the 422 for a key that has spent its budget, or that of
// the budget it is tied to. A budget of 0 is spent at once. It holds for the
// list of models too (observed on LiteLLM 1.106.2).
func (q *request) refuseKeyBudget() error {
	k := q.caller.key
	if k == nil {
		return nil
	}
	limit := k.maxBudget
	if id, tied := k.data.str("budget_id"); tied && limit == nil {
		b, _, err := q.tx.budget(id)
		if err != nil {
			return err
		}
		limit = b.optionalFloat("max_budget")
	}
	if limit == nil || k.spend < *limit {
		return nil
	}
	name := "key"
	if k.alias != nil && *k.alias != "" {
		name = *k.alias
	}
	return overBudget(fmt.Sprintf("Budget has been exceeded! Key=%s (%s) Current cost: %s, Max budget: %s",
		name, textOr(k.data.optional("key_name"), "sk-..."), floatText(k.spend), floatText(*limit)))
}

// refuseBudgets is the 422 for a spent budget of the team, of the user, which
// does not count in a team, or of the user in the team. A budget of 0 stops a
// user at once, and a team after its first cost (observed on LiteLLM 1.106.2).
func (q *request) refuseBudgets() error {
	k, t, u := q.caller.key, q.caller.team, q.caller.user
	if k == nil {
		return nil
	}
	if err := q.refuseKeyBudget(); err != nil {
		return err
	}
	if t.maxBudget != nil && t.spend > *t.maxBudget {
		return overBudget(fmt.Sprintf("Budget has been exceeded! Team=%s Current cost: %s, Max budget: %s", t.id, floatText(t.spend), floatText(*t.maxBudget)))
	}
	if k.teamID == nil && u.maxBudget != nil && u.spend >= *u.maxBudget {
		return overBudget(fmt.Sprintf("ExceededBudget: User=%s over budget. Spend=%s, Budget=%s", u.id, floatText(u.spend), floatText(*u.maxBudget)))
	}
	if k.teamID == nil || k.userID == nil {
		return nil
	}
	rows, err := q.tx.membershipsWhere(`team_id = ? AND user_id = ?`, *k.teamID, *k.userID)
	if err != nil || len(rows) == 0 || rows[0].budgetID == nil {
		return err
	}
	b, _, err := q.tx.budget(*rows[0].budgetID)
	if err != nil {
		return err
	}
	if limit, given := b.number("max_budget"); given && rows[0].spend >= limit {
		return overBudget(fmt.Sprintf("Budget has been exceeded! User=%s in Team=%s Current cost: %s, Max budget: %s", *k.userID, *k.teamID, floatText(rows[0].spend), floatText(limit)))
	}
	return nil
}

// rateWindow is how long requests are counted, from the first one on.
const rateWindow = time.Minute

// rate is a limit that a request counts against. A limit that is nil is none.
type rate struct {
	kind, id               string
	requests, tokens, jobs *float64
	started                time.Time
	usedRequests, used     int
}

// rates are the limits of the request.
func (q *request) rates(group string) []*rate {
	k, u, t := q.caller.key, q.caller.user, q.caller.team
	if k == nil {
		return nil
	}
	limits := func(kind, id string, o object) *rate {
		return &rate{kind: kind, id: id, requests: o.optionalFloat("rpm_limit"), tokens: o.optionalFloat("tpm_limit"), jobs: o.optionalFloat("max_parallel_requests")}
	}
	metadata := k.data.object("metadata")
	list := []*rate{
		limits("api_key", k.token, k.data), limits("user", u.id, u.data), limits("team", t.id, t.data),
		{kind: "model_per_key", id: k.token + ":" + group, requests: metadata.object("model_rpm_limit").optionalFloat(group), tokens: metadata.object("model_tpm_limit").optionalFloat(group)},
	}
	var out []*rate
	for _, r := range list {
		if r.requests != nil || r.tokens != nil || r.jobs != nil {
			out = append(out, r)
		}
	}
	return out
}

// takeRates counts the request against its limits, or refuses it. tokens is
// how many it will need.
func (q *request) takeRates(rates []*rate, tokens int) error {
	for _, r := range rates {
		var started int64
		found, err := q.tx.get(`SELECT started, requests, tokens FROM rates WHERE subject = ?`, []any{r.subject()}, &started, &r.usedRequests, &r.used)
		if err != nil {
			return err
		}
		r.started = time.Unix(started, 0).UTC()
		if !found || !q.now.Before(r.started.Add(rateWindow)) {
			r.started, r.usedRequests, r.used = q.now.Truncate(time.Second), 0, 0
		}
		if err := r.refuse(q.now, tokens); err != nil {
			return err
		}
	}
	for _, r := range rates {
		r.usedRequests++
		r.used += tokens
		err := q.tx.exec(`INSERT INTO rates (subject, started, requests, tokens) VALUES (?,?,?,?)
			ON CONFLICT DO UPDATE SET (started, requests, tokens) = (excluded.started, excluded.requests, excluded.tokens)`, r.subject(), r.started.Unix(), r.usedRequests, r.used)
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *rate) subject() string { return r.kind + " " + r.id }

// refuse is the 429, with three headers that say what and until when.
func (r *rate) refuse(now time.Time, tokens int) error {
	var kind string
	var limit, used float64
	switch {
	case r.requests != nil && float64(r.usedRequests)+1 > *r.requests:
		kind, limit, used = "requests", *r.requests, float64(r.usedRequests)
	case r.tokens != nil && float64(r.used+tokens) > *r.tokens:
		kind, limit, used = "tokens", *r.tokens, float64(r.used)
	case r.jobs != nil && *r.jobs < 1:
		kind, limit = "max_parallel_requests", *r.jobs
	default:
		return nil
	}
	end := r.started.Add(rateWindow)
	resets := end.Format("2006-01-02 15:04:05") + " UTC"
	a := wireError(http.StatusTooManyRequests, fmt.Sprintf("Rate limit exceeded for %s: %s. Limit type: %s. Current limit: %d, Remaining: %d. Limit resets at: %s",
		r.kind, r.id, kind, int(limit), max(0, int(limit-used)), resets), "throttling_error", nil)
	a.header = http.Header{
		"Retry-After":     {strconv.Itoa(max(1, int(end.Sub(now.Truncate(time.Second))/time.Second)))},
		"Rate_limit_type": {kind},
		"Reset_at":        {resets},
	}
	return refuse(a)
}

// spend adds the cost of a call to the key, its owner, its team, and the owner
// in the team. The real gateway does so some seconds later.
func (q *request) spend(cost float64) error {
	k := q.caller.key
	if q.caller.userID != nil {
		if err := q.tx.exec(`UPDATE users SET spend = spend + ? WHERE user_id = ?`, cost, *q.caller.userID); err != nil {
			return err
		}
	}
	if k == nil {
		return nil
	}
	k.spend += cost
	err := q.tx.exec(`UPDATE keys SET spend = spend + ?, total_spend = total_spend + ?, last_active = ? WHERE token = ?`, cost, cost, stamp(q.now), k.token)
	if err != nil || k.teamID == nil {
		return err
	}
	if err := q.tx.exec(`UPDATE teams SET spend = spend + ? WHERE team_id = ?`, cost, *k.teamID); err != nil || k.userID == nil {
		return err
	}
	return q.tx.exec(`UPDATE memberships SET spend = spend + ? WHERE team_id = ? AND user_id = ?`, cost, *k.teamID, *k.userID)
}
