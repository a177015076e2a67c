// Package litellm holds what every client of LiteLLM's management API must know and the API does not say: lists whose rows
// move while they are read, names that are matched loosely, answers that call a failure a success. Facts are observed on
// LiteLLM 1.106.2 and 1.83.14.
package litellm

import (
	"context"
	"encoding/json"
	"errors"
	"hash/maphash"
	"maps"
	"strconv"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Pages is a list that comes in pages, in an order in which no two rows are equal. In an order with equal rows the API loses
// some of them, even while nothing changes.
type Pages struct {
	Path   string
	Filter sdk.Query
	Noun   string    // "keys", for errors
	Order  sdk.Query // unique
	Newest sdk.Query // newest first, to find what was added meanwhile
	Size   string    // the parameter for the number of rows a page
	Items  string    // the member of the answer that holds the rows
	Total  string    // the member that holds their number
	ID     string    // the member of a row that tells it from all others; "" for rows that are a string
}

// KeyPages is the list of keys: objects with all they have, in the order of their hashes.
func KeyPages(filter sdk.Query) Pages {
	p := TokenPages(filter)
	p.ID = "token"
	p.Filter["return_full_object"] = "true"
	return p
}

// TokenPages is the list of keys by their hashes alone.
func TokenPages(filter sdk.Query) Pages {
	p := Pages{
		Path: "/key/list", Filter: sdk.Query{}, Noun: "keys", Size: "size", Items: "keys", Total: "total_count",
		Order:  sdk.Query{"sort_by": "token", "sort_order": "asc"},
		Newest: sdk.Query{"sort_by": "created_at", "sort_order": "desc"},
	}
	maps.Copy(p.Filter, filter)
	return p
}

// UserPages is the list of users.
func UserPages(filter sdk.Query) Pages {
	return Pages{
		Path: "/user/list", Filter: filter, Noun: "users", Size: "page_size", Items: "users", Total: "total", ID: "user_id",
		Order:  sdk.Query{"sort_by": "user_id", "sort_order": "asc"},
		Newest: sdk.Query{"sort_by": "created_at", "sort_order": "desc"},
	}
}

// TeamPages is the list of teams.
func TeamPages(filter sdk.Query) Pages {
	return Pages{
		Path: "/v2/team/list", Filter: filter, Noun: "teams", Size: "page_size", Items: "teams", Total: "total", ID: "team_id",
		Order:  sdk.Query{"sort_by": "team_id", "sort_order": "asc"},
		Newest: sdk.Query{"sort_by": "created_at", "sort_order": "desc"},
	}
}

const (
	pageSize = 100 // the API's limit
	walks    = 6   // tries to see a list as it is
)

// ErrStop is returned by the function that Walk calls to end the walk early, which is no failure.
var ErrStop = errors.New("enough")

// Walk calls each for every row of the list, once, one page after the other, and returns how many there are on the gateway.
// Each row that was there from the beginning to the end is among them, whatever is added or removed meanwhile; when Walk
// cannot be sure of that the error has the code Failed. It keeps 8 bytes a row.
func (p Pages) Walk(ctx context.Context, inv *sdk.Invocation, each func(row json.RawMessage) error) (total int, err error) {
	w := &walk{Pages: p, inv: inv, seen: map[uint64]struct{}{}, each: each}
	err = w.all(ctx)
	if errors.Is(err, ErrStop) {
		err = nil
	}
	return w.total, err
}

// One reads a single page, in the order of the list, and returns how many rows there are on the gateway. A page beyond the
// end has none.
func (p Pages) One(ctx context.Context, inv *sdk.Invocation, page, size int) (rows []json.RawMessage, total int, err error) {
	got := (&walk{Pages: p, inv: inv}).fetch(ctx, p.Order, page, size)
	return got.rows, got.total, got.err
}

// walk is one reading of a list.
type walk struct {
	Pages
	inv  *sdk.Invocation
	each func(json.RawMessage) error

	hash  maphash.Hash
	seen  map[uint64]struct{} // what each was called for
	total int                 // that seen is compared with
	last  int                 // as the last page told
}

// all walks until what was seen is what there is.
func (w *walk) all(ctx context.Context) error {
	shrunk, err := w.pass(ctx, false, nil)
	for range walks {
		switch {
		case err != nil:
			return err
		case !shrunk && len(w.seen) == w.total:
			return nil
		case !shrunk && len(w.seen) < w.total:
			shrunk, err = w.pass(ctx, true, nil) // only new rows can be missing
		default:
			// Something was removed: a row that stayed may have slipped to a page that was read before.
			there := map[uint64]struct{}{}
			if shrunk, err = w.pass(ctx, false, there); err == nil && !shrunk && len(there) == w.total {
				if gone := len(w.seen) - w.total; gone > 0 {
					w.inv.Notice("%d of these %s were removed while they were read", gone, w.Noun)
				}
				return nil
			}
		}
	}
	if err != nil {
		return err
	}
	return problem.New(problem.Failed, "cannot list the %s: they change faster than they can be read, %d were seen and the gateway speaks of %d", w.Noun, len(w.seen), w.total).
		WithHint("try again, or narrow the list with a filter")
}

// pass reads pages from the first one; with newest it begins with the newest rows and ends with the first page without news:
// what is added after the first of these pages is not looked for. there, which may be nil, collects every row of this pass.
// shrunk says that the list became shorter on the way.
func (w *walk) pass(ctx context.Context, newest bool, there map[uint64]struct{}) (shrunk bool, err error) {
	order := w.Order
	if newest {
		order = w.Newest
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	next := w.begin(ctx, order, 1)
	for page := 1; ; page++ {
		got := <-next
		if got.err != nil {
			return shrunk, got.err
		}
		shrunk = shrunk || (page > 1 || newest) && got.total < w.last
		w.last = got.total
		if page == 1 || !newest {
			w.total = got.total
		}
		last := len(got.rows) < pageSize || page*pageSize >= got.total
		if !last {
			next = w.begin(ctx, order, page+1) // under way while these rows are looked at
		}
		news, err := w.take(got.rows, there)
		if err != nil {
			return shrunk, err
		}
		if last || newest && news == 0 {
			return shrunk, nil
		}
		w.inv.Progress(len(w.seen), w.total, "reading %s", w.Noun)
	}
}

// take hands on the rows that have not been seen yet, and returns how many they were.
func (w *walk) take(rows []json.RawMessage, there map[uint64]struct{}) (news int, err error) {
	for _, row := range rows {
		id, err := w.identify(row)
		if err != nil {
			return news, err
		}
		if there != nil {
			there[id] = struct{}{}
		}
		if _, again := w.seen[id]; again {
			continue
		}
		w.seen[id] = struct{}{}
		news++
		if err := w.each(row); err != nil {
			return news, err
		}
	}
	return news, nil
}

// identify returns a number that stands for the row's id.
func (w *walk) identify(row json.RawMessage) (uint64, error) {
	id := []byte(row)
	if w.ID != "" {
		var ok bool
		if id, ok = member(row, w.ID); !ok {
			return 0, problem.New(problem.Unreachable, "cannot list the %s: a row has no %s", w.Noun, w.ID).WithHint(addressHint)
		}
	}
	w.hash.Reset()
	_, _ = w.hash.Write(id)
	return w.hash.Sum64(), nil
}

const addressHint = "is this the LiteLLM gateway's own address?"

type page struct {
	rows  []json.RawMessage
	total int
	err   error
}

func (w *walk) begin(ctx context.Context, order sdk.Query, number int) <-chan page {
	got := make(chan page, 1)
	go func() { got <- w.fetch(ctx, order, number, pageSize) }()
	return got
}

func (w *walk) fetch(ctx context.Context, order sdk.Query, number, size int) (p page) {
	query := sdk.Query{"page": strconv.Itoa(number), w.Size: strconv.Itoa(size)}
	maps.Copy(query, w.Filter)
	maps.Copy(query, order)
	var answer map[string]json.RawMessage
	if p.err = w.inv.Get(sdk.Attempting(ctx, "list %s", w.Noun), w.Path, query, &answer); p.err != nil {
		return p
	}
	if json.Unmarshal(answer[w.Items], &p.rows) != nil || p.rows == nil || json.Unmarshal(answer[w.Total], &p.total) != nil {
		p.err = problem.New(problem.Unreachable, "cannot list %s: the answer has no list of them", w.Noun).WithHint(addressHint)
	}
	return p
}
