//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// onboards gives the run a script that makes an account, a membership and a key for each item.
func (r *torture) onboards() *torture {
	r.t.Helper()
	var people strings.Builder
	people.WriteString("email\n")
	for n := range r.size.keys {
		fmt.Fprintf(&people, "%s-%d@example.com\n", r.prefix, n+1)
	}
	r.write("people.csv", people.String())
	r.write("onboard.ts", r.read("testdata/torture/onboard.ts"))
	r.must(r.t, "teams", "create", "--alias", r.prefix)
	r.script = []string{"script", "run", "./onboard.ts", "people.csv", "--team", r.prefix}
	r.each = 18
	return r
}

// person is a user, or a member, as lists print them.
type person struct {
	ID    string  `json:"user_id"`
	Email *string `json:"user_email"`
}

// people are the users that the run has made.
func (r *torture) people() []person {
	r.t.Helper()
	var out []person
	if err := json.Unmarshal(r.printed("users", "list", "--email", r.prefix, "-o", "json"), &out); err != nil {
		r.t.Fatal(err)
	}
	return out
}

// checkPeople compares accounts, memberships and owners of keys with results.csv.
func (r *torture) checkPeople() {
	r.t.Helper()
	rows, ids := r.results(), map[string]string{} // e-mails by id
	for _, one := range rows {
		if one["user"] != "created" || one["member"] != "created" {
			r.t.Errorf("%s has the user %q and the membership %q", one["n"], one["user"], one["member"])
		}
		ids[one["user_id"]] = one["n"]
	}
	for _, p := range r.people() {
		if p.Email == nil || ids[p.ID] != *p.Email {
			r.t.Errorf("user %s of the gateway is not in results.csv", p.ID)
		}
	}
	if n := len(r.people()); n != r.size.keys || len(ids) != r.size.keys {
		r.t.Errorf("%d users are there, and %d in results.csv, want %d", n, len(ids), r.size.keys)
	}
	var members []person
	if err := json.Unmarshal([]byte(r.must(r.t, "teams", "members", "list", r.prefix, "-o", "json")), &members); err != nil {
		r.t.Fatal(err)
	}
	times := map[string]int{}
	for _, m := range members {
		times[m.ID]++
	}
	owners := map[string]int{}
	for _, k := range r.keys() {
		if k.User != nil && k.Team != nil {
			owners[*k.User]++
		}
	}
	for id := range ids {
		if times[id] != 1 || owners[id] != 1 {
			r.t.Errorf("user %s is a member %d times and has %d keys of the team", id, times[id], owners[id])
		}
	}
}

// tidy removes from a live gateway what the run has made.
func (r *torture) tidy() {
	if r.box != nil {
		return
	}
	r.gate.clear()
	for some := range slices.Chunk(slices.Collect(maps.Keys(r.hashes())), 100) {
		r.deleteKeys(some)
	}
	for _, p := range r.people() {
		r.printed("users", "delete", p.ID)
	}
	r.printed("teams", "delete", r.prefix, "--ignore-missing")
}

// deleteKeys deletes in one request what the program would look up first, one after the other. A busy gateway gets time for it.
func (r *torture) deleteKeys(hashes []string) {
	body, err := json.Marshal(map[string]any{"keys": hashes})
	if err != nil {
		r.t.Fatal(err)
	}
	for range 3 {
		var q *http.Request
		q, err = http.NewRequestWithContext(context.WithoutCancel(r.t.Context()), http.MethodPost, r.gate.url()+"/key/delete", bytes.NewReader(body))
		if err != nil {
			r.t.Fatal(err)
		}
		q.Header.Set("Authorization", "Bearer "+r.key)
		q.Header.Set("Content-Type", "application/json")
		var resp *http.Response
		if resp, err = http.DefaultClient.Do(q); err != nil {
			continue
		}
		resp.Body.Close()
		if resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusNotFound { // a try before has done it
			return
		}
		err = fmt.Errorf("the gateway answered %s", resp.Status)
	}
	r.t.Errorf("delete the keys of the run: %v", err)
}
