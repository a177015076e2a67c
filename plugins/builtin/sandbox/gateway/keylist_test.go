package gateway

import (
	"fmt"
	"testing"
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
			createdAt: stamp(g.now().Add(-1e6 * 1000)), data: object{}}
		k.createdAt = fmt.Sprintf("2026-01-%02dT%02d:%02d:%02d.%06dZ", 1+i/86400, i/3600%24, i/60%60, i%60, 0)
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
