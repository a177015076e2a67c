package gateway

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestReset(t *testing.T) {
	for _, seed := range []string{"demo", "empty"} {
		t.Run(seed, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "sandbox.db")
			g := openTest(t, Options{Path: path, Seed: seed})
			before := names(t, g)
			call(t, g, "POST", "/model/new", `{"model_name":"mine","litellm_params":{"model":"openai/gpt-4o"}}`).want(200)
			call(t, g, "POST", "/user/new", `{"user_id":"u"}`).want(200)
			call(t, g, "POST", "/team/new", `{"team_id":"t","team_member_budget":1}`).want(200)
			call(t, g, "POST", "/key/generate", `{"key":"`+trapKey+`","rpm_limit":1}`).want(200)
			call(t, g, "POST", "/chat/completions", `{"model":"mock-gpt","messages":[]}`, trapKey).want(200)
			call(t, g, "POST", "/key/delete", `{"keys":["`+trapKey+`"]}`).want(200)
			call(t, g, "POST", "/credentials", `{"credential_name":"c","credential_values":{"api_key":"k"},"credential_info":{}}`).want(200)
			if err := Reset(t.Context(), path); err != nil {
				t.Fatal(err)
			}
			if after := names(t, g); after != before {
				t.Errorf("models after the reset: %s, before: %s", after, before)
			}
			call(t, g, "GET", "/user/info?user_id=u", "").want(404)
			call(t, g, "GET", "/key/list", "").contains(`"total_count":0`)
			call(t, g, "GET", "/team/list", "").contains(`[]`)
			checkTables(t, g)
			call(t, g, "GET", "/credentials", "").contains(`"credentials":[]`)
		})
	}
	missing := filepath.Join(t.TempDir(), "none.db")
	if err := Reset(t.Context(), missing); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("reset made a file")
	}
}

// checkTables sees that the reset knows every table, and that all that the seed
// does not fill are empty.
func checkTables(t *testing.T, g *Gateway) {
	t.Helper()
	rows, err := g.db.QueryContext(t.Context(), `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	rows.Close()
	for _, name := range names {
		var count int
		if err := g.db.QueryRowContext(t.Context(), `SELECT count(*) FROM `+name).Scan(&count); err != nil {
			t.Fatal(err)
		}
		if name != "meta" && (!slices.Contains(tables, name) || name != "models" && count > 0) {
			t.Errorf("table %s: %d rows after a reset", name, count)
		}
	}
}

func TestMemory(t *testing.T) {
	a, b := openTest(t, Options{Path: ":memory:"}), openTest(t, Options{Path: ":memory:"})
	if a.Key() == b.Key() {
		t.Error("two gateways share a key")
	}
	call(t, a, "POST", "/model/new", `{"model_name":"mine","litellm_params":{"model":"openai/gpt-4o"}}`).want(200)
	if got := names(t, b); strings.Contains(got, "mine") {
		t.Error("two gateways share a database")
	}
	if got := names(t, a); !strings.Contains(got, "mine") {
		t.Errorf("models: %s", got)
	}
}

// TestManyWriters has several gateways on one file write at once.
func TestManyWriters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.db")
	const writers, each = 8, 10
	first := openTest(t, Options{Path: path, Seed: "empty"})
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			g := openTest(t, Options{Path: path})
			for i := range each {
				call(t, g, "POST", "/model/new", fmt.Sprintf(
					`{"model_name":"m","litellm_params":{"model":"openai/gpt-4o"},"model_info":{"id":"%d-%d"}}`, w, i)).want(200)
			}
			// The race for one id has one winner (observed section 7).
			call(t, g, "POST", "/model/new", `{"model_name":"m","litellm_params":{"model":"openai/gpt-4o"},"model_info":{"id":"same"}}`)
		})
	}
	wg.Wait()
	var count int
	err := first.db.QueryRowContext(t.Context(), `SELECT count(*) FROM models WHERE NOT configured`).Scan(&count)
	if err != nil || count != writers*each+1 {
		t.Errorf("%d rows, %v", count, err)
	}
}
