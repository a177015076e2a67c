package gateway

import (
	"database/sql"

	"github.com/google/uuid"
)

// budgetShape is a row of the budget table inside the rows of keys, and
// memberBudgetShape inside memberships and teams (observed on LiteLLM
// 1.106.2). Besides the endpoints of budgets, soft_budget of keys and the
// budgets of team members make rows.
const (
	budgetShape = `{"budget_id":null,"max_budget":null,"soft_budget":null,"max_parallel_requests":null,"tpm_limit":null,"rpm_limit":null,
"tpd_limit":null,"model_max_budget":null,"budget_duration":null,"budget_reset_at":null,"allowed_models":[],"temp_budget_increase":null,
"temp_budget_expiry":null,"created_at":null,"created_by":null,"updated_at":null,"updated_by":null,"organization":null,"projects":null,
"keys":null,"end_users":null,"tags":null,"model_access_groups":null,"team_membership":null,"organization_membership":null}`
	memberBudgetShape = `{"budget_id":null,"soft_budget":null,"max_budget":null,"max_parallel_requests":null,"tpm_limit":null,
"rpm_limit":null,"tpd_limit":null,"model_max_budget":null,"budget_duration":null,"allowed_models":[],"temp_budget_increase":null,
"temp_budget_expiry":null,"budget_reset_at":null,"created_at":null}`
	teamBudgetShape = `{"budget_id":null,"max_budget":null,"soft_budget":null,"max_parallel_requests":null,"tpm_limit":null,
"rpm_limit":null,"tpd_limit":null,"model_max_budget":null,"budget_duration":null,"budget_reset_at":null,"allowed_models":[],
"temp_budget_increase":null,"temp_budget_expiry":null,"created_at":null}`
)

var (
	budgetForm       = formOf(budgetShape)
	memberBudgetForm = formOf(memberBudgetShape)
	teamBudgetForm   = formOf(teamBudgetShape)
)

// budget returns the budget with the id.
func (s *store) budget(id string) (b object, found bool, err error) {
	var data string
	if found, err = s.get(`SELECT data FROM budgets WHERE budget_id = ?`, []any{id}, &data); err != nil || !found {
		return nil, found, err
	}
	b, err = parseObject(data)
	return b, true, err
}

// newBudget stores a budget with those members, under a random id unless it
// brings one, and returns its id.
func (q *request) newBudget(b object) (string, error) {
	id, given := b.str("budget_id")
	if !given {
		id = uuid.NewString()
	}
	for _, name := range []string{"max_budget", "soft_budget"} {
		if f, ok := b.number(name); ok {
			b[name] = floatValue(f)
		}
	}
	if text, ok := b.str("budget_duration"); ok && !b.has("budget_reset_at") {
		b.set("budget_reset_at", stamp(budgetReset(text, q.now)))
	}
	b.set("budget_id", id)
	for _, name := range []string{"created", "updated"} {
		b.set(name+"_at", stamp(q.now))
		b.set(name+"_by", q.userID())
	}
	return id, q.tx.exec(`INSERT INTO budgets (budget_id, data) VALUES (?,?)`, id, b.text())
}

// changeBudget merges members into a budget.
func (q *request) changeBudget(id string, b, with object) error {
	for name, v := range with {
		b[name] = v
	}
	b.set("updated_at", stamp(q.now))
	return q.tx.exec(`UPDATE budgets SET data = ? WHERE budget_id = ?`, b.text(), id)
}

// removeBudget deletes a budget and takes it away from keys and memberships,
// whose limits are gone with it (observed on LiteLLM 1.106.2).
func (s *store) removeBudget(id string) error {
	for _, statement := range []string{
		`UPDATE keys SET data = json_remove(data, '$.budget_id') WHERE data ->> '$.budget_id' = ?`,
		`UPDATE memberships SET budget_id = NULL WHERE budget_id = ?`,
		`DELETE FROM budgets WHERE budget_id = ?`,
	} {
		if err := s.exec(statement, id); err != nil {
			return err
		}
	}
	return nil
}

// budgetRows returns the budgets in the order in which they were made.
func (s *store) budgetRows() ([]object, error) {
	var list []object
	err := s.each(`SELECT data FROM budgets ORDER BY data ->> '$.created_at', budget_id`, nil, func(rows *sql.Rows) error {
		var data string
		if err := rows.Scan(&data); err != nil {
			return err
		}
		b, err := parseObject(data)
		list = append(list, b)
		return err
	})
	return list, err
}
