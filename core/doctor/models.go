package doctor

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

const (
	modelsArea = "models"
	// stale is the age from which on a health check says little about now.
	stale = 24 * time.Hour
	// mostModels is how many models that failed are told of.
	mostModels = 5
)

// check is the last health check of a deployment, as GET /health/latest has it (observed on LiteLLM 1.106.2).
type check struct {
	Name    string `json:"model_name"`
	Status  string `json:"status"` // healthy or unhealthy
	Said    string `json:"error_message"`
	Checked string `json:"checked_at"`
}

// model is what the health checks say of the deployments of one name.
type model struct {
	name    string
	checked int
	failed  []string // their ids
	last    check    // the newest that failed
	at      time.Time
}

// models says which deployments failed the last health check that the gateway keeps. Nothing is probed: that would cost
// money. None is a finding where there are none, or where they may not be seen.
func (g *Gateway) models(ctx context.Context) []Finding {
	var doc struct {
		Latest map[string]check `json:"latest_health_checks"` // by the deployment's id
	}
	if !g.json(ctx, "/health/latest", &doc) || len(doc.Latest) == 0 {
		return nil
	}
	there := g.deployments(ctx)
	byName := map[string]*model{}
	checked, failed := 0, 0
	for _, id := range slices.Sorted(maps.Keys(doc.Latest)) {
		c := doc.Latest[id]
		name, served := there[id]
		if there != nil && !served {
			continue // of one that is gone
		}
		name = cmp.Or(name, strings.TrimSpace(c.Name), id)
		m := byName[name]
		if m == nil {
			m = &model{name: name}
			byName[name] = m
		}
		checked++
		m.checked++
		if c.Status != "unhealthy" {
			continue
		}
		failed++
		m.failed = append(m.failed, id)
		if at, _ := time.Parse(time.RFC3339, c.Checked); len(m.failed) == 1 || at.After(m.at) {
			m.last, m.at = c, at
		}
	}
	var all []Finding
	var more int
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		switch m := byName[name]; {
		case len(m.failed) == 0:
		case len(all) == mostModels:
			more++
		default:
			all = append(all, g.failed(m))
		}
	}
	if more > 0 {
		all = append(all, doubtful(modelsArea, "litellm-proxy http request GET /health/latest", "%d more models have such deployments", more))
	}
	if n := checked - failed; n > 0 {
		all = append([]Finding{good(modelsArea, "%d of %d deployments passed their last health check", n, checked)}, all...)
	}
	return all
}

// failed is the finding for a model with deployments that failed.
func (g *Gateway) failed(m *model) Finding {
	text := oneLine(m.name)
	if m.checked > 1 {
		text += fmt.Sprintf(" (%d of %d deployments)", len(m.failed), m.checked)
	}
	text += ": last health check failed"
	age := time.Duration(0)
	if !m.at.IsZero() {
		age = g.Now().Sub(m.at)
		text += " " + m.at.Local().Format("2006-01-02 15:04")
	}
	if said := shortly(m.last.Said); said != "" {
		text += ", " + said
	}
	hint := "litellm-proxy models test " + m.failed[0]
	if age >= stale {
		return doubtful(modelsArea, hint, "%s", text)
	}
	return bad(modelsArea, problem.Failed, hint, "%s", text)
}

// errorClass is how LiteLLM begins what its exceptions say: "litellm.AuthenticationError: AuthenticationError: …".
var errorClass = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:litellm\.(\w+)|(\w*(?:Error|Exception))):\s*`)
})

// shortly is the first line of what a health check said, in few words.
func shortly(said string) string {
	said, _, _ = strings.Cut(strings.TrimSpace(said), "\n")
	last := ""
	for m := errorClass().FindStringSubmatch(said); m != nil; m = errorClass().FindStringSubmatch(said) {
		last, said = m[1]+m[2], said[len(m[0]):]
	}
	said = strings.TrimSpace(said)
	if said == "" {
		said = last
	}
	if r := []rune(said); len(r) > 100 {
		said = string(r[:99]) + "…"
	}
	return oneLine(said)
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
