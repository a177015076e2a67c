package http_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

// pages answers page=1 with the first, and so on.
func pages(all ...string) sdktest.Host {
	return sdktest.Host{Gateway: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := strings.Index("0123456789", r.URL.Query().Get("page"))
		if n < 1 || n > len(all) {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		_, _ = io.WriteString(w, all[n-1])
	})}
}

// TestPages reads lists in the shapes that LiteLLM has.
func TestPages(t *testing.T) {
	for _, c := range []struct {
		name     string
		pages    []string
		want     string
		requests int
	}{
		{"keys", []string{
			`{"keys":[{"token":"a"},{"token":"b"}],"total_count":3,"total_pages":2}`,
			`{"keys":[{"token":"c"}],"total_count":3,"total_pages":2}`,
		}, `[{"token":"a"},{"token":"b"},{"token":"c"}]`, 2},
		{"models", []string{`{"data":[{"model_info":{"id":"a"}}],"total_count":1,"current_page":1,"total_pages":1}`}, `[{"model_info":{"id":"a"}}]`, 1},
		{"an empty list", []string{`{"keys":[],"total_count":0,"total_pages":0}`}, `[]`, 1},
		{"a row that moved and came twice", []string{
			`{"data":[{"id":"a"},{"id":"b"}],"total":3,"total_pages":2}`,
			`{"data":[{"id":"b","seen":"later"},{"id":"c"}],"total":3,"total_pages":2}`,
		}, `[{"id":"a"},{"id":"b"},{"id":"c"}]`, 2},
		{"rows without an id", []string{
			`{"data":[1.10,2],"total":3,"total_pages":2}`, `{"data":[2,3],"total":3,"total_pages":2}`,
		}, `[1.10,2,3]`, 2},
		{"a list that grows meanwhile", []string{
			`{"data":[{"id":"a"}],"total":2,"total_pages":2}`,
			`{"data":[{"id":"b"}],"total":3,"total_pages":3}`,
			`{"data":[{"id":"c"}],"total":3,"total_pages":3}`,
		}, `[{"id":"a"},{"id":"b"},{"id":"c"}]`, 3},
		{"no total", []string{`{"data":[{"id":"a"}],"total_pages":1}`}, `[{"id":"a"}]`, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := run(t, pages(c.pages...), "GET /list?size=2 --paginate")
			if r.Err != nil || len(r.Records) != 1 || string(r.Records[0]) != c.want || len(r.Requests) != c.requests {
				t.Fatalf("%s, %d requests, %v", r.Records, len(r.Requests), r.Err)
			}
			if !strings.Contains(r.Requests[0].Query, "size=2") {
				t.Errorf("the query is lost: %s", r.Requests[0].Query)
			}
		})
	}
}

// A part is not called the whole, and nothing is printed then.
func TestPagesRefuse(t *testing.T) {
	for _, c := range []struct {
		name  string
		pages []string
		code  problem.Code
		want  string
	}{
		{"fewer rows than there are", []string{`{"data":[{"id":"a"}],"total":2,"total_pages":1}`}, problem.Failed, "1 of 2 rows came"},
		{"one hidden by one that came twice", []string{
			`{"data":[{"id":"a"},{"id":"b"}],"total":4,"total_pages":2}`, `{"data":[{"id":"b"},{"id":"d"}],"total":4,"total_pages":2}`,
		}, problem.Failed, "3 of 4 rows came"},
		{"an answer without pages", []string{`{"data":[{"id":"a"}]}`}, problem.Usage, "its answer has no pages"},
		{"two lists", []string{`{"a":[],"b":[],"total_pages":1}`}, problem.Usage, "no pages"},
		{"an array", []string{`[1]`}, problem.Usage, "no pages"},
		{"no JSON", []string{`<html>`}, problem.Usage, "no pages"},
		{"a page that fails", []string{`{"data":[{"id":"a"}],"total":2,"total_pages":2}`}, problem.Refused, "400"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := run(t, pages(c.pages...), "GET /list --paginate")
			if r.Code() != c.code || !strings.Contains(r.Err.Error(), c.want) || len(r.Records) > 0 {
				t.Errorf("%d %v, %s", r.Code(), r.Err, r.Records)
			}
		})
	}
}
