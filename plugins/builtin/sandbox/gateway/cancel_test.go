package gateway

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestClientsThatGoAway leaves requests at every moment of their work; a
// database in memory outlives them.
func TestClientsThatGoAway(t *testing.T) {
	g, err := Open(t.Context(), Options{Path: ":memory:", Report: func(err error) { t.Error(err) }})
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	ask := func(ctx context.Context, method, path, body string) int {
		r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+g.Key())
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		g.ServeHTTP(w, r)
		return w.Code
	}
	for i := range 300 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*time.Microsecond)
		ask(ctx, http.MethodPost, "/model/new", `{"model_name":"x","litellm_params":{"model":"gpt-4"}}`)
		ask(ctx, http.MethodGet, "/v2/model/info", "")
		cancel()
	}
	if got := ask(t.Context(), http.MethodGet, "/v1/models", ""); got != http.StatusOK {
		t.Errorf("afterwards the list answers %d", got)
	}
}
