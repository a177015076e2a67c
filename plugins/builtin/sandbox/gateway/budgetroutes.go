package gateway

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

func budgetRoutes() []route {
	return []route{
		change(http.MethodPost, "/budget/new", admins, newBudget),
		change(http.MethodPost, "/budget/info", admins, budgetInfo), // a write to roles
		change(http.MethodPost, "/budget/update", admins, updateBudget),
		change(http.MethodPost, "/budget/delete", admins, deleteBudget),
		get("/budget/list", admins, listBudgets),
		get("/budget/settings", admins, budgetSettings),
	}
}

// budgetFields are the members that a body about a budget can set.
var budgetFields = fields(`budget_id string, max_budget number, soft_budget number, max_parallel_requests integer,
	tpm_limit integer, rpm_limit integer, tpd_limit integer, model_max_budget dict, budget_duration string, budget_reset_at string`)

// readBudget checks a body and returns what it sets (observed on LiteLLM
// 1.106.2, as all here).
func readBudget(b object) (object, error) {
	if err := refuseInvalid(checkFields(b, budgetFields, "body")); err != nil {
		return nil, err
	}
	set := object{}
	for _, f := range budgetFields {
		if v, given := b[f.name]; given {
			set[f.name] = v
		}
		n, given := set.number(f.name)
		switch {
		case given && f.kind == "integer" && (n > 1<<63-1 || n < -1<<63):
			return nil, refuse(unhandledError())
		case given && f.kind == "number":
			set[f.name] = floatValue(n)
		}
	}
	return set, nil
}

// refuseBudget refuses limits that cannot be, in the order of the gateway.
func refuseBudget(b object) error {
	bad := func(message string) error { return refuse(detailError(http.StatusBadRequest, message)) }
	for _, name := range []string{"max_budget", "soft_budget"} {
		if message := badBudget(b, name); message != "" {
			return bad(message)
		}
	}
	if message := checkBudgetDuration(b); message != "" {
		return bad(message)
	}
	if len(b.object("model_max_budget")) > 0 {
		return bad(modelBudgetLicence)
	}
	return nil
}

// newBudget is POST /budget/new. An empty id is an id.
func newBudget(q *request) (answer, error) {
	b, err := readBudget(q.body)
	if err != nil {
		return answer{}, err
	}
	if err := refuseBudget(b); err != nil {
		return answer{}, err
	}
	id, err := q.newBudget(b)
	if isDuplicate(err) {
		return detailError(http.StatusBadRequest, fmt.Sprintf("Budget with id '%s' already exists.", id)), nil
	}
	if err != nil {
		return answer{}, err
	}
	return ok(budgetForm().fill(b))
}

// updateBudget is POST /budget/update: null clears, and one that is missing is
// null with a 200.
func updateBudget(q *request) (answer, error) {
	with, err := readBudget(q.body)
	if err != nil {
		return answer{}, err
	}
	id, given := with.str("budget_id")
	if !given {
		return detailError(http.StatusBadRequest, "budget_id is required"), nil
	}
	if err := refuseBudget(with); err != nil {
		return answer{}, err
	}
	b, found, err := q.tx.budget(id)
	if err != nil || !found {
		return reply(http.StatusOK, nil), err
	}
	if _, fixed := with["budget_reset_at"]; !fixed {
		if text, ok := with.str("budget_duration"); ok {
			with.set("budget_reset_at", stamp(budgetReset(text, q.now)))
		} else if _, cleared := with["budget_duration"]; cleared {
			with.set("budget_reset_at", nil)
		}
	}
	with.set("updated_by", q.userID())
	if err := q.changeBudget(id, b, with); err != nil {
		return answer{}, err
	}
	return ok(budgetForm().fill(b))
}

// deleteBudget is POST /budget/delete. One that is missing is null with a 200.
func deleteBudget(q *request) (answer, error) {
	if err := refuseInvalid(requireText(q.body, "id")); err != nil {
		return answer{}, err
	}
	id, _ := q.body.str("id")
	b, found, err := q.tx.budget(id)
	if err != nil || !found {
		return reply(http.StatusOK, nil), err
	}
	if err := q.tx.removeBudget(id); err != nil {
		return answer{}, err
	}
	return ok(budgetForm().fill(b))
}

// budgetInfo is POST /budget/info: those that are there, once.
func budgetInfo(q *request) (answer, error) {
	if err := refuseInvalid(requireTexts(q.body, "budgets")); err != nil {
		return answer{}, err
	}
	ids, _ := q.body.strs("budgets")
	if len(ids) == 0 {
		return detailError(http.StatusBadRequest, "Specify list of budget id's to query. Passed in=[]"), nil
	}
	return q.showBudgets(func(id string) bool { return slices.Contains(ids, id) })
}

// listBudgets is GET /budget/list.
func listBudgets(q *request) (answer, error) {
	return q.showBudgets(func(string) bool { return true })
}

func (q *request) showBudgets(wanted func(id string) bool) (answer, error) {
	rows, err := q.tx.budgetRows()
	if err != nil {
		return answer{}, err
	}
	list := []jsontext.Value{}
	for _, b := range rows {
		if id, _ := b.str("budget_id"); wanted(id) {
			list = append(list, budgetForm().fill(b))
		}
	}
	return ok(list)
}

// budgetSetting are the members that /budget/settings tells about.
var budgetSetting = []struct{ name, kind, about string }{
	{"max_budget", "Float", "Requests will fail if this budget (in USD) is exceeded."},
	{"soft_budget", "Float", "Requests will NOT fail if this is exceeded. Will fire alerting though."},
	{"max_parallel_requests", "Integer", "Max concurrent requests allowed for this budget id."},
	{"tpm_limit", "Integer", "Max tokens per minute, allowed for this budget id."},
	{"rpm_limit", "Integer", "Max requests per minute, allowed for this budget id."},
	{"tpd_limit", "Integer", "Max tokens per day, charged by batch submissions, allowed for this budget id."},
	{"budget_duration", "String", "Max duration budget should be set for (e.g. '1hr', '1d', '28d')"},
	{"model_max_budget", "Object", "Max budget for each model (e.g. {'gpt-4o': {'max_budget': '0.0000001', 'budget_duration': '1d', 'tpm_limit': 1000, 'rpm_limit': 1000}})"},
}

// budgetSettings is GET /budget/settings. A budget that is missing has nulls.
func budgetSettings(q *request) (answer, error) {
	id, given := q.query("budget_id")
	if !given {
		return invalid(missing("query", "budget_id")), nil
	}
	b, _, err := q.tx.budget(id)
	if err != nil {
		return answer{}, err
	}
	list := make([]ordered, len(budgetSetting))
	for i, s := range budgetSetting {
		value := jsontext.Value("null")
		if b.has(s.name) {
			value = b[s.name]
		}
		list[i] = ordered{
			{"field_name", s.name}, {"field_type", s.kind}, {"field_description", s.about}, {"field_value", value}, {"stored_in_db", true},
			{"field_default_value", nil}, {"premium_field", false}, {"nested_fields", nil}, {"field_options", nil}, {"field_tab", nil},
			{"source", "unset"}, {"editable", true},
		}
	}
	return ok(list)
}
