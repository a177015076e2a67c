package auth

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Identity is whose credential it is, as far as the gateway says.
type Identity struct {
	UserID string // empty for a key without an owner
	Email  string
	Alias  string
	Role   string   // empty when the gateway does not say
	Teams  []string // ids

	Spend          float64    // USD
	MaxBudget      *float64   // USD; nil: none
	BudgetDuration string     // "30d"; empty: the budget is never reset
	BudgetReset    *time.Time // nil: never, or not known

	Master  bool // the gateway's master key
	Nobody  bool // a virtual key without an owner
	Limited bool // a good key that may not ask who it is: it is limited to other endpoints
}

// masterUser is the user that the master key acts as; it may have a row of its own (observed on LiteLLM 1.106.2 and 1.83.14).
const masterUser = "default_user_id"

// Verify asks the gateway whose key this is, or the client's own if it is empty, with a request that changes nothing, for every kind of key: the master key,
// a virtual key with or without an owner, and the credential of a sign-in (observed on LiteLLM 1.106.2 and 1.83.14). The
// error is a *problem.Error: Denied for a key that is unknown, expired or blocked, Unreachable and so on otherwise.
func Verify(ctx context.Context, client *transport.Client, key string) (*Identity, error) {
	const attempt = "check the key"
	resp, err := client.Do(ctx, transport.Request{Method: http.MethodGet, Path: litellm.WhoAmIPath, Key: key, Attempt: attempt})
	if err != nil {
		return readRefusal(problem.As(err), key != "")
	}
	if e := resp.ExpectJSON(attempt); e != nil {
		return nil, e
	}
	var doc struct {
		ID       string   `json:"user_id"`
		Email    string   `json:"user_email"`
		Alias    string   `json:"user_alias"`
		Role     string   `json:"user_role"`
		Teams    []string `json:"teams"`
		Spend    float64  `json:"spend"`
		Budget   *float64 `json:"max_budget"`
		Duration string   `json:"budget_duration"`
		Reset    string   `json:"budget_reset_at"`
	}
	if err := decodeJSON(resp.Body, &doc); err != nil || doc.ID == "" {
		return nil, problem.New(problem.Unreachable, "cannot %s: the address answered, and not as LiteLLM does", attempt).
			WithHint("is this the LiteLLM gateway's own address?")
	}
	id := &Identity{
		UserID: doc.ID, Email: doc.Email, Alias: doc.Alias, Role: doc.Role, Teams: doc.Teams,
		Spend: doc.Spend, MaxBudget: doc.Budget, BudgetDuration: doc.Duration,
	}
	if at, err := time.Parse(time.RFC3339, doc.Reset); err == nil {
		id.BudgetReset = &at
	}
	return id.withMaster(), nil
}

// withMaster gives the master key its role: its user's row, if there is one, has another.
func (id *Identity) withMaster() *Identity {
	if id.UserID == masterUser {
		id.Master, id.Role = true, litellm.RoleAdmin
	}
	return id
}

// readRefusal tells the refusals that a good key gets from the others.
func readRefusal(e *problem.Error, given bool) (*Identity, error) {
	user, missing := strings.CutPrefix(e.Said, "404 User not found: ")
	switch {
	case e.Status == http.StatusNotFound && missing: // a user without a row: the master key's, or one that was never created
		return (&Identity{UserID: user}).withMaster(), nil
	case e.Status == http.StatusBadRequest && strings.Contains(e.Said, "user_id is required"):
		return &Identity{Nobody: true}, nil
	case e.Status == http.StatusForbidden && strings.Contains(e.Said, "not allowed to call this route"):
		return &Identity{Limited: true}, nil
	case e.Code == problem.Denied && given:
		e.Facts, e.Hint = nil, "" // the client's: it does not know where the key came from
	}
	return nil, e
}
