package http

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// page is one page of a list as LiteLLM has them: an object with one array of rows and the numbers of pages and rows
// (observed on LiteLLM 1.106.2: /key/list, /user/list, /v2/team/list, /v2/model/info).
type page struct {
	rows   []json.RawMessage
	pages  int
	total  int
	hasAll bool // it says how many rows there are in all
}

func readPage(raw []byte) (page, bool) {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil {
		return page{}, false
	}
	var p page
	if json.Unmarshal(object["total_pages"], &p.pages) != nil {
		return page{}, false
	}
	for _, name := range []string{"total_count", "total"} {
		if json.Unmarshal(object[name], &p.total) == nil {
			p.hasAll = true
			break
		}
	}
	lists := 0
	for _, member := range object {
		var rows []json.RawMessage
		if json.Unmarshal(member, &rows) == nil && string(member) != "null" {
			p.rows = rows
			lists++
		}
	}
	return p, lists == 1
}

// pages reads one page after the other, drops rows that moved and came twice, and refuses to call a part the whole.
func (c *requestCmd) pages(ctx context.Context, inv *sdk.Invocation, r sdk.Request) error {
	if r.Method != "GET" {
		return problem.New(problem.Usage, "cannot use --paginate with %s: only GET reads a list", r.Method)
	}
	if c.Include {
		return problem.New(problem.Usage, "cannot use --include with --paginate: there are several answers")
	}
	query, err := parseQuery(r.Query)
	if err != nil {
		return err
	}
	all, seen := []json.RawMessage{}, map[string]bool{}
	last := page{pages: 1}
	for number := 1; number <= last.pages; number++ {
		query.Set("page", strconv.Itoa(number))
		r.Query = query.Encode()
		response, err := inv.Do(ctx, r)
		if err != nil {
			return err
		}
		var ok bool
		if last, ok = readPage(response.Body); !ok {
			return problem.New(problem.Usage, "cannot use --paginate with %s: its answer has no pages", r.Path).WithHint("leave --paginate out")
		}
		for _, row := range last.rows {
			if id := identity(row); !seen[id] {
				seen[id] = true
				all = append(all, row)
			}
		}
		inv.Progress(number, last.pages, "page")
	}
	if last.hasAll && len(all) != last.total {
		return problem.New(problem.Failed, "cannot read all of %s: %d of %d rows came; the list changed, or the gateway's order is not stable", r.Path, len(all), last.total).
			WithHint("run it again, or add a unique order to the query, such as sort_by=created_at&sort_order=asc")
	}
	raw, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return inv.Emit(json.RawMessage(raw))
}

// identity is what makes a row itself: its id where it has one, else all of it.
func identity(row json.RawMessage) string {
	var ids struct {
		Token string `json:"token"`
		ID    string `json:"id"`
		Info  struct {
			ID string `json:"id"`
		} `json:"model_info"`
	}
	if json.Unmarshal(row, &ids) == nil {
		for kind, id := range []string{ids.Token, ids.Info.ID, ids.ID} {
			if id != "" {
				return strconv.Itoa(kind) + id
			}
		}
	}
	return string(row)
}
