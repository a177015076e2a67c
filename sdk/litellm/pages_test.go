package litellm_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

// list is a list of keys that changes while it is read.
type list struct {
	mu     sync.Mutex
	tokens []string // sorted
	newest []string // newest first
	pages  int      // that were served
	// between is called before every page but the first.
	between func(l *list, page int)
}

func newList(n int) *list {
	l := &list{}
	for i := range n {
		l.insert(fmt.Sprintf("%08d", i*10))
	}
	return l
}

func (l *list) insert(token string) {
	at, _ := slices.BinarySearch(l.tokens, token)
	l.tokens = slices.Insert(l.tokens, at, token)
	l.newest = slices.Insert(l.newest, 0, token)
}

func (l *list) remove(token string) {
	l.tokens = slices.DeleteFunc(l.tokens, func(t string) bool { return t == token })
	l.newest = slices.DeleteFunc(l.newest, func(t string) bool { return t == token })
}

func (l *list) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	page, _ := strconv.Atoi(r.FormValue("page"))
	size, _ := strconv.Atoi(r.FormValue("size"))
	if l.pages++; l.pages > 1 && l.between != nil {
		l.between(l, page)
	}
	rows := l.tokens
	if r.FormValue("sort_by") == "created_at" {
		rows = l.newest
	}
	from := min((page-1)*size, len(rows))
	var objects []string
	for _, token := range rows[from:min(from+size, len(rows))] {
		objects = append(objects, `{"token":"`+token+`","key_alias":null}`)
	}
	fmt.Fprintf(w, `{"keys":[%s],"total_count":%d,"current_page":%d,"total_pages":%d}`, strings.Join(objects, ","), len(rows), page, (len(rows)+size-1)/size)
}

type command struct {
	Go doCmd `cmd:"" effect:"write" help:"Do it."`
}

type doCmd struct {
	sdk.Emits[struct{}]
}

var doing func(context.Context, *sdk.Invocation) error

func (*doCmd) Run(ctx context.Context, inv *sdk.Invocation) error { return doing(ctx, inv) }

// run runs do as a command.
func run(t *testing.T, h sdktest.Host, do func(context.Context, *sdk.Invocation) error) *sdktest.Result {
	t.Helper()
	doing = do
	return sdktest.Run(t, &sdk.Plugin{Name: "x", Version: "1.0.0", Summary: "x", Commands: &command{}, Grants: []sdk.Grant{{Methods: "*", Path: "/{rest…}", Why: "all"}}}, h, "go")
}

// read walks the list and returns the tokens in the order in which they came.
func read(t *testing.T, l *list) (tokens []string, total int, result *sdktest.Result) {
	t.Helper()
	result = run(t, sdktest.Host{Gateway: l}, func(ctx context.Context, inv *sdk.Invocation) (err error) {
		total, err = litellm.KeyPages(nil).Walk(ctx, inv, func(row json.RawMessage) error {
			var k struct{ Token string }
			if err := json.Unmarshal(row, &k); err != nil {
				return err
			}
			tokens = append(tokens, k.Token)
			return nil
		})
		return err
	})
	return tokens, total, result
}

func unique(t *testing.T, tokens []string) {
	t.Helper()
	sorted := slices.Sorted(slices.Values(tokens))
	if n := len(slices.Compact(sorted)); n != len(tokens) {
		t.Errorf("%d of %d rows came twice", len(tokens)-n, len(tokens))
	}
}

func TestWalkWithoutChanges(t *testing.T) {
	for _, n := range []int{0, 1, 99, 100, 101, 200, 1234} {
		l := newList(n)
		tokens, total, result := read(t, l)
		unique(t, tokens)
		if result.Err != nil || len(tokens) != n || total != n {
			t.Errorf("%d rows: %d came, total %d, %v", n, len(tokens), total, result.Err)
		}
		if want := max((n+99)/100, 1); l.pages != want {
			t.Errorf("%d rows: %d pages were read, want %d", n, l.pages, want)
		}
	}
}

// Rows that are added on pages that were read push others to the next page, where they come again.
func TestWalkWhileRowsAreAdded(t *testing.T) {
	l := newList(450)
	added := 0
	l.between = func(l *list, _ int) {
		if added < 7 {
			added++
			l.insert(fmt.Sprintf("%08d", added)) // before all that was read
		}
	}
	tokens, total, result := read(t, l)
	unique(t, tokens)
	if result.Err != nil || len(tokens) != total || total < 450+added-1 { // the last one was added after all was read
		t.Errorf("%d came, total %d, %d were added: %v", len(tokens), total, added, result.Err)
	}
}

// A row that is removed from a page that was read pulls one that stays from the next page to it, past the reader. Their
// number alone does not tell: one of those that were read is gone, and one that is there was not read.
func TestWalkWhileRowsAreRemoved(t *testing.T) {
	l := newList(450)
	removed := 0
	l.between = func(l *list, page int) {
		if removed < 3 && page > 1 {
			removed++
			l.remove(fmt.Sprintf("%08d", removed*10))
		}
	}
	tokens, total, result := read(t, l)
	unique(t, tokens)
	if result.Err != nil || total != 450-removed {
		t.Fatalf("total %d, %v", total, result.Err)
	}
	for _, token := range l.tokens {
		if !slices.Contains(tokens, token) {
			t.Errorf("%s was there all the time and did not come", token)
		}
	}
	if len(result.Notices) != 1 || !strings.Contains(result.Notices[0], "removed") {
		t.Errorf("notices %q", result.Notices)
	}
}

// What cannot be sure says so, and is no shorter list.
func TestWalkThatCannotBeSure(t *testing.T) {
	l := newList(450)
	n := 0
	l.between = func(l *list, _ int) {
		n++
		l.remove(l.tokens[0])
	}
	_, _, result := read(t, l)
	if result.Code() != problem.Failed || !strings.Contains(result.Err.Error(), "change faster than they can be read") {
		t.Errorf("%v", result.Err)
	}
}

func TestWalkStops(t *testing.T) {
	l := newList(450)
	n := 0
	result := run(t, sdktest.Host{Gateway: l}, func(ctx context.Context, inv *sdk.Invocation) error {
		total, err := litellm.KeyPages(nil).Walk(ctx, inv, func(json.RawMessage) error {
			if n++; n == 3 {
				return litellm.ErrStop
			}
			return nil
		})
		if total != 450 {
			t.Errorf("total %d", total)
		}
		return err
	})
	if result.Err != nil || n != 3 {
		t.Errorf("%d rows, %v", n, result.Err)
	}
}

// An answer that is no list is an error, also under 200.
func TestWalkOfSomethingElse(t *testing.T) {
	for _, answer := range []string{`{}`, `{"keys":null,"total_count":0}`, `{"keys":[{"alias":"x"}],"total_count":1}`, `{"keys":[],"total_count":"many"}`, `[]`} {
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, answer) })
		result := run(t, sdktest.Host{Gateway: h}, func(ctx context.Context, inv *sdk.Invocation) error {
			_, err := litellm.KeyPages(nil).Walk(ctx, inv, func(json.RawMessage) error { return nil })
			return err
		})
		if result.Code() != problem.Unreachable {
			t.Errorf("%s: %v", answer, result.Err)
		}
	}
}

func TestCaller(t *testing.T) {
	for _, c := range []struct {
		status int
		answer string
		want   string
	}{
		{200, `{"user_id":"u","user_role":"internal_user"}`, "you see your own keys only (role internal_user)"},
		{200, `{"user_id":"u","user_role":"proxy_admin_viewer"}`, "you see all keys (role proxy_admin_viewer)"},
		{200, `{"user_id":"default_user_id","user_role":"internal_user"}`, "you see all keys (role proxy_admin)"},
		{404, `{"error":{"message":"User not found: default_user_id","type":"internal_server_error","param":null,"code":"404"}}`, "you see all keys (role proxy_admin)"},
		{404, `{"detail":"Not Found"}`, "you may see a part of the keys only (your role is not known)"},
		{400, `{"error":{"message":"user_id is required."}}`, "you may see a part of the keys only (your role is not known)"},
		{200, `null`, "you may see a part of the keys only (your role is not known)"},
	} {
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(c.status); fmt.Fprint(w, c.answer) })
		run(t, sdktest.Host{Gateway: h}, func(ctx context.Context, inv *sdk.Invocation) error {
			who, err := litellm.WhoAmI(ctx, inv)
			if err != nil {
				t.Errorf("%s: %v", c.answer, err)
				return err
			}
			if got, partial := who.Scope("keys"); got != c.want || partial == strings.Contains(got, "all keys") {
				t.Errorf("%s: %q, partial %v", c.answer, got, partial)
			}
			return nil
		})
	}
}

// Keys are made without a pause: the list is whole as of a moment near its end.
func TestWalkWhileRowsAreAddedAllTheTime(t *testing.T) {
	l := newList(450)
	n := 0
	l.between = func(l *list, _ int) {
		n++
		l.insert(fmt.Sprintf("%08d", n)) // before all that was read
	}
	tokens, total, result := read(t, l)
	unique(t, tokens)
	if result.Err != nil || len(tokens) != total || total < 450 {
		t.Errorf("%d came, total %d: %v", len(tokens), total, result.Err)
	}
}
