package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// exchange is one request of the fidelity test.
type exchange struct {
	as     string // whose key: admin ("" too), none, or a name of fidelityKeys
	method string
	path   string
	body   string // "" sends none
	loose  bool   // messages may differ in their wording
	exact  bool   // values count too, but for those that change with every run
	mixed  bool   // the order of rows is not ours, so the order of names is not compared
	shape  bool   // never exact: rows of others are in it
}

// side is one of the two gateways that are compared.
type side struct {
	t      *testing.T
	base   string
	admin  string
	prefix string
	made   map[string]bool // the budgets in its answers, which stay behind
}

type reaction struct {
	status      int
	contentType string
	limit       string // the kind of rate limit, of a 429
	body        []byte
}

func (s side) send(x exchange) reaction {
	s.t.Helper()
	var body io.Reader
	if x.body != "" {
		body = strings.NewReader(s.fill(x.body))
	}
	req, err := http.NewRequestWithContext(s.t.Context(), x.method, s.base+s.fill(x.path), body)
	if err != nil {
		s.t.Fatal(err)
	}
	if x.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	switch x.as {
	case "", "admin":
		req.Header.Set("Authorization", "Bearer "+s.admin)
	case "none":
	default:
		req.Header.Set("Authorization", "Bearer "+s.fill("sk-$-key-of-"+x.as))
	}
	// A live gateway drops the connection after an unhandled error.
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatalf("%s %s: %v", x.method, x.path, err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatalf("%s %s: read the answer: %v", x.method, x.path, err)
	}
	if x.method != http.MethodGet || strings.Contains(x.path, "$") { // lists have others' budgets too
		for _, found := range budgetID.FindAllSubmatch(data, -1) {
			s.made[string(found[1])] = true
		}
	}
	limit := resp.Header.Get("rate_limit_type")
	if resp.Header.Get("retry-after") != "" && resp.Header.Get("reset_at") != "" {
		limit += " with times"
	}
	return reaction{resp.StatusCode, resp.Header.Get("Content-Type"), limit, data}
}

var budgetID = regexp.MustCompile(`"budget_id":"([^"]+)"`)

// fill puts the prefix of this run in place of $.
func (s side) fill(text string) string { return strings.ReplaceAll(text, "$", s.prefix) }

// TestFidelity sends the same exchanges to the sandbox and to a live gateway
// and compares status, content type, the names, order and types of all members,
// and the texts of errors; of the management endpoints all values that do not
// change with every run. It creates what it needs under a random prefix and
// removes it. For some seconds a poisoned key is on the live gateway, so it
// belongs to one that nobody else depends on.
func TestFidelity(t *testing.T) {
	if os.Getenv("LITELLM_PROXY_CONTRACT") == "" {
		t.Skip("it writes to a live gateway: make contract runs it")
	}
	url, key := os.Getenv("LITELLM_PROXY_URL"), os.Getenv("LITELLM_PROXY_API_KEY")
	if url == "" || key == "" {
		t.Skip("no live gateway to compare with: set LITELLM_PROXY_URL and LITELLM_PROXY_API_KEY (an admin key)")
	}
	if isOlder(t, url) {
		t.Skip("the live gateway is an older one than the sandbox stands for")
	}
	g := openTest(t, Options{})
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	prefix := fmt.Sprintf("sbx-%x", time.Now().UnixNano()&0xffffffff)
	sides := []side{{t, server.URL, g.Key(), prefix, map[string]bool{}}, {t, strings.TrimRight(url, "/"), key, prefix, map[string]bool{}}}

	t.Cleanup(func() {
		live := sides[1]
		live.t = t
		for _, x := range slices.Concat(fidelityCleanup, managementCleanup, edgeCleanup) {
			live.sendQuietly(x)
		}
		live.removeLeftovers()
		for id := range live.made {
			live.sendQuietly(exchange{method: "POST", path: "/budget/delete", body: fmt.Sprintf(`{"id":%q}`, id)})
		}
	})
	for i, x := range slices.Concat(fidelityExchanges, exactly(keyExchanges, keyListExchanges, userExchanges, teamExchanges, memberExchanges,
		credentialExchanges, roleExchanges, budgetExchanges, budgetRowExchanges, bulkExchanges, edgeExchanges, adminExchanges)) {
		t.Run(fmt.Sprintf("%03d %s %s %s", i, x.as, x.method, x.path), func(t *testing.T) {
			var got [2]map[string]any
			for n, s := range sides {
				s.t = t
				got[n] = describeReaction(s.send(x), x, prefix)
			}
			if diff := cmp.Diff(got[1], got[0]); diff != "" {
				t.Errorf("%s\nthe sandbox (+) differs from the live gateway (-):\n%s", x.body, diff)
			}
		})
	}
}

// exactly are all the exchanges of the lists, with their values compared.
func exactly(lists ...[]exchange) []exchange {
	all := slices.Concat(lists...)
	for i := range all {
		all[i].exact = !all[i].shape
	}
	return all
}

// removeLeftovers deletes users with random ids, by their e-mails.
func (s side) removeLeftovers() {
	var list struct {
		Users []struct {
			ID string `json:"user_id"`
		} `json:"users"`
	}
	req, err := http.NewRequest(http.MethodGet, s.base+s.fill("/user/list?page_size=100&user_email=$"), nil)
	if err != nil {
		return
	}
	req.Header.Set("Authorization", "Bearer "+s.admin)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	if json.NewDecoder(resp.Body).Decode(&list) != nil {
		return
	}
	for _, u := range list.Users {
		s.sendQuietly(exchange{method: "POST", path: "/user/delete", body: fmt.Sprintf(`{"user_ids":[%q]}`, u.ID)})
	}
}

// sendQuietly sends x and does not mind how it ends.
func (s side) sendQuietly(x exchange) {
	req, err := http.NewRequest(x.method, s.base+s.fill(x.path), strings.NewReader(s.fill(x.body)))
	if err != nil {
		return
	}
	req.Header.Set("Authorization", "Bearer "+s.admin)
	req.Header.Set("Content-Type", "application/json")
	if resp, err := http.DefaultClient.Do(req); err == nil {
		resp.Body.Close()
	}
}

// isOlder reports whether a live gateway is one that tells everybody its version, as LiteLLM 1.83.14 does and 1.106.2 does
// not (observed).
func isOlder(t *testing.T, base string) bool {
	t.Helper()
	r, err := http.Get(base + "/health/readiness") //nolint:noctx // a test's own
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(body, []byte("litellm_version"))
}
