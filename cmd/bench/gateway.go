package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// gateway answers what the scripts of the measurement ask for as LiteLLM 1.106.2 does, after a pause and without keeping
// anything: POST /key/generate, GET /key/info, GET /key/list, and {} to whatever else.
type gateway struct {
	*httptest.Server
	requests atomic.Int64
}

func startGateway(latency time.Duration) *gateway {
	g := &gateway{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /key/generate", generateKey)
	mux.HandleFunc("GET /key/info", keyInfo)
	mux.HandleFunc("GET /key/list", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, []byte(`{"keys":[],"total_count":0,"current_page":1,"total_pages":0}`))
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		answer(w, []byte(`{}`))
	})
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v2/user/info" { // asked once, by a job that wants to know whose it is
			g.requests.Add(1)
		}
		if latency > 0 {
			time.Sleep(latency)
		}
		mux.ServeHTTP(w, r)
	}))
	return g
}

// row is what the gateway tells of a key: about as long as the real one's.
const row = `"key_name":"sk-...9Qx2","key_alias":null,"spend":0.0,"expires":null,"models":[],"aliases":{},"config":{},"user_id":null,` +
	`"team_id":null,"permissions":{},"max_parallel_requests":null,"metadata":{},"blocked":null,"tpm_limit":null,"rpm_limit":null,` +
	`"max_budget":1.0,"budget_duration":null,"budget_reset_at":null,"allowed_cache_controls":[],"allowed_routes":[],` +
	`"model_spend":{},"model_max_budget":{},"budget_id":null,"organization_id":null,"created_at":"2026-11-24T02:14:00.000Z",` +
	`"created_by":"default_user_id","updated_at":"2026-11-24T02:14:00.000Z","updated_by":"default_user_id"`

func generateKey(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Key string `json:"key"`
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.Key == "" {
		http.Error(w, `{"error":{"message":"no key","type":"bad_request","code":"400"}}`, http.StatusBadRequest)
		return
	}
	hash := protocol.KeyHash(asked.Key)
	answer(w, fmt.Appendf(nil, `{"key":%q,"token":%q,"token_id":%q,%s}`, asked.Key, hash, hash, row))
}

func keyInfo(w http.ResponseWriter, r *http.Request) {
	hash := r.URL.Query().Get("key")
	answer(w, fmt.Appendf(nil, `{"key":%q,"info":{%s}}`, hash, row))
}

func answer(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	_, _ = w.Write(body)
}
