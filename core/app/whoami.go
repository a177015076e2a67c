package app

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/auth"
	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func whoamiCommand() own {
	return ownCommands("whoami", "Ask the gateway who you are", ownCommand{&protocol.Command{
		Summary: "Ask the gateway who you are.", Effect: protocol.Effect_EFFECT_READ,
		Help: "Who, in which role and teams, until when, and how much of the budget is left. The answer is the gateway's.",
		Record: oneRecord("GATEWAY", "PROFILE", "USER=user_id", "EMAIL=user_email", "ROLE=user_role", "TEAMS", "TEAM=team_id", "KEY", "ALIAS=key_alias", "KEY FROM=key_from",
			"EXPIRES:time", "SPEND:dollars", "BUDGET=max_budget:dollars", "LEFT=budget_left:dollars", "RESETS=budget_reset_at:time"),
	}, runWhoami})
}

// whoamiRecord is what is known of the caller. What the gateway does not say is null.
type whoamiRecord struct {
	Gateway    string   `json:"gateway"`
	Profile    string   `json:"profile,omitempty"`
	UserID     *string  `json:"user_id"`
	Email      *string  `json:"user_email"`
	Role       *string  `json:"user_role"`
	Teams      []string `json:"teams"`
	TeamID     *string  `json:"team_id"`
	Key        string   `json:"key,omitempty"`
	Alias      string   `json:"key_alias,omitempty"`
	KeyFrom    string   `json:"key_from,omitempty"`
	Expires    *string  `json:"expires"`
	Renews     bool     `json:"renews"`
	Spend      *float64 `json:"spend"`
	MaxBudget  *float64 `json:"max_budget"`
	BudgetLeft *float64 `json:"budget_left"`
	ResetAt    *string  `json:"budget_reset_at"`
}

func runWhoami(ctx context.Context, s *session, line *command.Line) error {
	gateway, err := s.resolve(lineOf(line.Globals))
	if err != nil {
		return err
	}
	s.secrets.Add(gateway.Key)
	options, me, err := s.transportOptions(line, gateway)
	if err != nil {
		return err
	}
	target := s.open(ctx, gateway, options)
	defer target.close()
	client, err := target.wait(ctx)
	if err != nil {
		return err
	}
	s.progress.Update("asking "+target.name(), 0, 0)
	who, err := auth.Verify(ctx, client, "")
	if err != nil {
		return err
	}
	asked := client.Asked(transport.Request{})
	r := whoamiRecord{
		Gateway: target.name(), Profile: gateway.Profile, UserID: orNil(who.UserID), Email: orNil(who.Email), Role: orNil(who.Role),
		Teams: who.Teams, Key: asked.KeyLabel, KeyFrom: asked.KeyFrom,
		MaxBudget: who.MaxBudget,
	}
	if who.UserID != "" && !who.Master {
		r.Spend = &who.Spend
	}
	if who.BudgetReset != nil {
		r.ResetAt = orNil(who.BudgetReset.UTC().Format(time.RFC3339))
	}
	if gateway.Profile != config.Sandbox {
		r.Gateway = gateway.URL
	}
	if sign := me.sign.Load(); sign != nil {
		r.TeamID, r.Renews = orNil(sign.TeamID), sign.Renewable()
		if sign.Expires != nil {
			r.Expires = orNil(sign.Expires.UTC().Format(time.RFC3339))
		}
	}
	r.ofKey(ctx, client)
	if r.MaxBudget != nil && r.Spend != nil {
		left := max(0, *r.MaxBudget-*r.Spend)
		r.BudgetLeft = &left
	}
	return emit(ctx, s, line, r)
}

// ofKey adds what the gateway knows of a virtual key: its owner is not all that limits it. A sign-in is no key that the
// gateway has (404 there, for admins 500; observed on LiteLLM 1.106.2), and neither is the master key.
func (r *whoamiRecord) ofKey(ctx context.Context, client *transport.Client) {
	answer, err := client.Do(ctx, transport.Request{Method: http.MethodGet, Path: "/key/info", Attempt: "ask about the key", AnyStatus: true})
	if err != nil || answer.Status != http.StatusOK {
		return
	}
	var key struct {
		Info struct {
			TeamID    string   `json:"team_id"`
			Alias     string   `json:"key_alias"`
			Expires   *string  `json:"expires"`
			Spend     *float64 `json:"spend"`
			MaxBudget *float64 `json:"max_budget"`
			ResetAt   *string  `json:"budget_reset_at"`
		} `json:"info"`
	}
	if json.Unmarshal(answer.Body, &key) != nil {
		return
	}
	r.TeamID, r.Alias = orNil(key.Info.TeamID), key.Info.Alias
	if key.Info.Expires != nil {
		r.Expires = key.Info.Expires
	}
	if key.Info.MaxBudget != nil || r.MaxBudget == nil {
		r.Spend, r.MaxBudget, r.ResetAt = key.Info.Spend, key.Info.MaxBudget, key.Info.ResetAt
	}
}

func orNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
