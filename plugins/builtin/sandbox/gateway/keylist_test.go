package gateway

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// manyKeys stores n keys without going through the API.
func manyKeys(t testing.TB, g *Gateway, n int) {
	t.Helper()
	tx, err := g.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	st := &store{tx: tx, ctx: t.Context()}
	by := adminUser
	for i := range n {
		alias, user, budget := fmt.Sprintf("key-%05d", i), fmt.Sprintf("user-%03d", i%500), float64(i%7)
		k := &keyRow{token: hashKey(alias), alias: &alias, userID: &user, createdBy: &by, maxBudget: &budget, spend: float64(i % 3),
			createdAt: stamp(time.Date(2026, 1, 1, 0, 0, i, 0, time.UTC)), data: object{}}
		k.updatedAt = k.createdAt
		k.data.set("key_name", "sk-...abcd")
		k.data.set("key_type", "default")
		k.data.set("models", []string{"mock-gpt"})
		k.data.set("metadata", object{"env": raw("test")})
		if err := k.insert(st); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkKeyPage(b *testing.B) {
	g := openTest(b, Options{})
	manyKeys(b, g, 10_000)
	for name, path := range map[string]string{
		"first full": "/key/list?return_full_object=true&size=100", "last full": "/key/list?return_full_object=true&size=100&page=100",
		"hashes": "/key/list?size=100&page=50", "by alias": "/key/list?return_full_object=true&size=100&page=50&sort_by=key_alias",
		"by spend": "/key/list?return_full_object=true&size=100&page=50&sort_by=spend",
		"of user":  "/key/list?return_full_object=true&size=100&user_id=user-007", "part of alias": "/key/list?return_full_object=true&size=100&key_alias=KEY-0&substring_matching=true",
		"by token": "/key/list?return_full_object=true&size=100&page=50&sort_by=token", "aliases": "/key/aliases?size=100&page=50",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				call(b, g, "GET", path, "").want(200)
			}
		})
	}
}

// walk reads all pages and returns what the pages held, one text a row.
func walk(t *testing.T, g *Gateway, path string) (all []string, total int) {
	t.Helper()
	for page := 1; ; page++ {
		var o struct {
			Keys       []string         `json:"keys"`
			Rows       []map[string]any `json:"users"`
			TotalCount int              `json:"total_count"`
			Total      int              `json:"total"`
		}
		r := call(t, g, "GET", fmt.Sprintf("%s&page=%d", path, page), "").want(200)
		r.into(&o)
		for _, u := range o.Rows {
			o.Keys = append(o.Keys, fmt.Sprint(u["user_id"]))
		}
		if len(o.Keys) == 0 {
			return all, o.TotalCount + o.Total
		}
		all = append(all, o.Keys...)
	}
}

func distinctCount(all []string) int { return len(slices.Compact(slices.Sorted(slices.Values(all)))) }

// The order among rows with the same spend changes from page to page, so a
// walk misses some; by creation and by hash it misses none.
func TestKeyPages(t *testing.T) {
	g := openTest(t, Options{})
	manyKeys(t, g, 73)
	for order, complete := range map[string]bool{
		"": true, "&sort_by=created_at&sort_order=asc": true, "&sort_by=token": true, "&sort_by=key_alias&sort_order=asc": true,
		"&sort_by=spend": false, "&sort_by=max_budget": false,
	} {
		all, total := walk(t, g, "/key/list?size=7"+order)
		if total != 73 || len(all) != 73 || (distinctCount(all) == 73) != complete {
			t.Errorf("%q: total %d, %d rows, %d distinct", order, total, len(all), distinctCount(all))
		}
	}
	call(t, g, "GET", "/key/list?size=100", "").want(200).contains(`"total_count":73,"current_page":1,"total_pages":1}`)
	call(t, g, "GET", "/key/list?size=7&page=12", "").want(200).contains(`{"keys":[],"total_count":73,"current_page":12,"total_pages":11}`)
	call(t, g, "GET", "/key/list?size=1&sort_by=key_alias&sort_order=asc&return_full_object=true", "").contains(`"key_alias":"key-00000"`)
	call(t, g, "GET", "/key/list?size=1&sort_by=key_alias&sort_order=bogus&return_full_object=true", "").contains(`"key_alias":"key-00072"`)
	call(t, g, "GET", "/key/list?size=1&return_full_object=true", "").contains(`"key_alias":"key-00072"`, `"org_id":null`, `"api_key":null`).lacks(`"status"`)
}

// Users of one bulk call share a time, and the default order loses some.
func TestUserPages(t *testing.T) {
	g := openTest(t, Options{})
	var rows []string
	for i := range 100 {
		rows = append(rows, fmt.Sprintf(`{"user_id":"u%03d"}`, i))
	}
	call(t, g, "POST", "/management/v1/users/bulk", `{"users":[`+strings.Join(rows, ",")+`]}`).want(200).contains(`"created":100`)
	for order, complete := range map[string]bool{"": false, "&sort_by=spend": false, "&sort_by=user_role": false, "&sort_by=user_id&sort_order=asc": true} {
		all, total := walk(t, g, "/user/list?page_size=7"+order)
		if total != 100 || (distinctCount(all) == 100) != complete {
			t.Errorf("%q: total %d, %d distinct", order, total, distinctCount(all))
		}
	}
}

func TestKeyFilters(t *testing.T) {
	now := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	g := openTest(t, Options{Now: func() time.Time { return now }})
	for _, b := range []string{
		`{"key_alias":"Alice","user_id":"alice","key":"sk-filter-000000001"}`, `{"key_alias":"alice2","user_id":"alice2","key":"sk-filter-000000002","team_id":"t1"}`,
		`{"key_alias":"al_ce","duration":"0s","key":"sk-filter-000000003"}`, `{"key_alias":"","key":"sk-filter-000000004","blocked":true}`,
	} {
		call(t, g, "POST", "/key/generate", b).want(200)
	}
	now = now.Add(time.Second)
	for query, count := range map[string]int{
		"": 4, "key_alias=alice": 0, "key_alias=Alice": 1, "key_alias=": 4, "user_id=alice": 1, "user_id=": 4, "substring_matching=true&user_id=ALICE": 2,
		"substring_matching=true&key_alias=alice": 2, "substring_matching=true&key_alias=al_ce": 3, "substring_matching=1&key_alias=%25": 4, "team_id=t1": 1, "organization_id=none": 0,
		"key_hash=" + hashKey("sk-filter-000000001"): 1, "key_hash=" + strings.ToUpper(hashKey("sk-filter-000000001")): 0, "key_hash=sk-filter-000000001": 0,
		"status=active": 2, "status=expired": 1, "status=revoked": 1, "status=deleted": 0, "expires=expired": 1, "expires=active": 3, "status=active&expires=expired": 0,
		"include_created_by_keys=true&user_id=default_user_id": 3, "search=ALICE": 2, "project_id=x": 0, "access_group_id=x": 0, "agent_id=x": 0, "bogus=x": 4,
	} {
		call(t, g, "GET", "/key/list?"+query, "").want(200).contains(fmt.Sprintf(`"total_count":%d,`, count))
	}
	run(t, g, []step{
		{"GET", "/key/list?status=zz", "", 400, `{"error":{"message":"{'error': \"Invalid status value. Supported: 'active', 'expired', 'revoked', 'deleted'.\"}","type":"internal_server_error","param":"None","code":"400"}}`},
		{"GET", "/key/list?expires=", "", 400, `Invalid expires value. Supported: 'active', 'expired'.`},
		{"GET", "/key/list?sort_by=user_id", "", 400, `{'error': 'Invalid sort column. Must be one of: spend, max_budget, created_at, updated_at, token, key_alias'}`},
		{"GET", "/key/list?return_full_object=zz", "", 422, `{"detail":[{"type":"bool_parsing","loc":["query","return_full_object"],"msg":"Input should be a valid boolean, unable to interpret input"}]}`},
		{"GET", "/key/list?size=1&expand=user&key_alias=Alice", "", 200, `"key_alias":"Alice"`},
		{"GET", "/key/aliases", "", 200, `{"aliases":["Alice","al_ce","alice2"],"total_count":3,"current_page":1,"total_pages":1,"size":50}`},
		{"GET", "/key/aliases?search=LICE&size=1&page=2", "", 200, `{"aliases":["alice2"],"total_count":2,"current_page":2,"total_pages":2,"size":1}`},
		{"GET", "/key/aliases?size=101", "", 422, `Input should be less than or equal to 100`},
	})
}
