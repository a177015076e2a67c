package transport

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func TestRetryReads(t *testing.T) {
	for _, status := range []int{429, 502, 503, 504} {
		g := serve(t, func(w http.ResponseWriter, _ *http.Request, n int) {
			if n <= 2 {
				w.WriteHeader(status)
			}
			fmt.Fprint(w, `[]`)
		})
		var told []string
		c, _, waits := client(t, g.URL, func(o *Options) { o.OnWait = func(reason string, _ time.Duration) { told = append(told, reason) } })
		resp, err := c.Do(t.Context(), get)
		if err != nil || string(resp.Body) != `[]` || g.count() != 3 || len(*waits) != 2 {
			t.Errorf("%d: %v, %d requests, waits %v", status, err, g.count(), *waits)
		}
		if len(told) != 2 || told[0] != fmt.Sprintf("the gateway said %d", status) {
			t.Error(told)
		}
		for i, d := range *waits {
			if low := 125 * time.Millisecond << i; d < low || d > 4*low {
				t.Errorf("wait %d is %s", i, d)
			}
		}
	}
	for _, status := range []int{400, 404, 409, 422, 500} {
		g := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { w.WriteHeader(status) })
		c, _, _ := client(t, g.URL, nil)
		if fails(t, c, get); g.count() != 1 {
			t.Errorf("%d was tried %d times", status, g.count())
		}
	}
}

func TestRetriesEnd(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { w.WriteHeader(429) })
	c, _, _ := client(t, g.URL, nil)
	e := fails(t, c, get)
	if g.count() != 5 || e.Code != problem.Unreachable || e.Status != 429 || !e.Retryable || len(e.Facts) != 1 {
		t.Errorf("%d %+v", g.count(), e)
	}
	c, _, _ = client(t, g.URL, func(o *Options) { o.Retries = -1 })
	if fails(t, c, get); g.count() != 6 {
		t.Error(g.count())
	}
}

func TestSpentBudgetIsNotTriedAgain(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.WriteHeader(429)
		fmt.Fprint(w, `{"error":{"message":"Budget has been exceeded! Current cost: 1","type":"budget_exceeded","param":null,"code":"429"}}`)
	})
	c, _, _ := client(t, g.URL, nil)
	if e := fails(t, c, get); g.count() != 1 || e.Code != problem.Refused {
		t.Errorf("%d %+v", g.count(), e)
	}
}

func TestWritesAreSentOnce(t *testing.T) {
	for _, status := range []int{409, 500, 502, 503, 504} {
		g := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { w.WriteHeader(status) })
		c, _, _ := client(t, g.URL, nil)
		e := fails(t, c, write)
		if g.count() != 1 {
			t.Errorf("%d: sent %d times", status, g.count())
		}
		if want := map[bool]string{true: problem.Unchanged, false: problem.Unknown}[status < 500]; e.State != want {
			t.Errorf("%d: %+v", status, e)
		}
	}
}

// A 429 is refused before anything is done, so any write may be sent again; what spends may not.
func TestLimitedWritesAreRetried(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, _ *http.Request, n int) {
		if n%3 != 0 {
			w.WriteHeader(429)
		}
	})
	c, _, _ := client(t, g.URL, nil)
	if _, err := c.Do(t.Context(), write); err != nil || g.count() != 3 {
		t.Error(err, g.count())
	}
	if e := fails(t, c, Request{Method: "POST", Path: "/chat/completions", Body: []byte(`{}`)}); e.Status != 429 || g.count() != 4 {
		t.Errorf("%d %+v", g.count(), e)
	}
}

func TestIdentifiedWritesAreRetried(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, _ *http.Request, n int) {
		if n <= 2 {
			w.WriteHeader(503)
		}
	})
	c, _, _ := client(t, g.URL, nil)
	if _, err := c.Do(t.Context(), withID(write)); err != nil || g.count() != 3 {
		t.Error(err, g.count())
	}
	if g.body[2] != string(write.Body) {
		t.Error(g.body)
	}
}

// The second try may be refused because of what the first has done.
func TestRefusedAfterALostTry(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, _ *http.Request, n int) {
		w.WriteHeader(map[bool]int{true: 503, false: 409}[n == 1])
	})
	c, _, _ := client(t, g.URL, nil)
	if e := fails(t, c, withID(write)); e.Status != 409 || e.State != problem.Unknown {
		t.Errorf("%+v", e)
	}
}

func TestReadsByPostAreRetried(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, _ *http.Request, n int) {
		if n == 1 {
			w.WriteHeader(503)
		}
	})
	c, _, _ := client(t, g.URL, nil)
	if _, err := c.Do(t.Context(), Request{Method: "POST", Path: "/v2/key/info", Body: []byte(`{"keys":[]}`)}); err != nil {
		t.Error(err)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 24, 2, 17, 0, 0, time.UTC)
	date := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for _, c := range []struct {
		value, date string
		want        time.Duration
	}{
		{"", "", 0}, {"7", "", 7 * time.Second}, {"0", "", 0}, {"2.5", "", 2500 * time.Millisecond}, {"-3", "", 0}, {"soon", "", 0}, {"7 s", "", 0},
		{date(9 * time.Second), "", 9 * time.Second}, {date(-time.Hour), "", 0}, {"99999999999999999999", "", 1e6 * time.Second},
		{date(time.Hour + 9*time.Second), date(time.Hour), 9 * time.Second}, // the server's clock is an hour ahead
	} {
		h := http.Header{}
		h.Set("Retry-After", c.value)
		h.Set("Date", c.date)
		if got := retryAfter(h, now); got != c.want {
			t.Errorf("%q: %s, want %s", c.value, got, c.want)
		}
	}

	after := "7"
	g := serve(t, func(w http.ResponseWriter, _ *http.Request, n int) {
		if n%2 == 1 {
			w.Header().Set("Retry-After", after)
			w.WriteHeader(429)
		}
	})
	c, _, waits := client(t, g.URL, nil)
	if _, err := c.Do(t.Context(), get); err != nil || len(*waits) != 1 || (*waits)[0] != 7*time.Second {
		t.Error(err, *waits)
	}
	after = "61"
	if e := fails(t, c, get); len(*waits) != 1 || !strings.Contains(e.Message, "asks to wait 1m1s") {
		t.Error(e, *waits)
	}
	_, _ = c.Do(t.Context(), get)
	after = "60"
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := c.Do(ctx, get); problem.As(err).Status != 429 || len(*waits) != 1 {
		t.Error(err, *waits)
	}
}
