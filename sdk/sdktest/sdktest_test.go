package sdktest_test

import (
	"context"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

type pet struct {
	Name string `json:"name" column:"NAME"`
}

type petCommands struct {
	Add  addPet  `cmd:"" effect:"write" help:"Add a pet."`
	List listPet `cmd:"" effect:"read" help:"List pets."`
	Bad  badPet  `cmd:"" effect:"read" help:"Ask for more than is granted."`
	Late latePet `cmd:"" effect:"read" help:"Go on after the end."`
}

type addPet struct {
	sdk.Emits[pet]
	Name string   `arg:"" help:"Its name."`
	Tag  []string `help:"A tag."`
	File sdk.Input
}

func (c *addPet) Run(ctx context.Context, inv *sdk.Invocation) error {
	if c.File != "" {
		content, err := inv.Input(ctx, "file", 0)
		if err != nil {
			return err
		}
		c.Name = string(content)
	}
	var out pet
	if err := inv.Post(ctx, "/pets", map[string]any{"name": c.Name, "tags": c.Tag}, &out); err != nil {
		return err
	}
	return inv.Emit(out)
}

type listPet struct{ sdk.Lists[pet] }

func (*listPet) Run(ctx context.Context, inv *sdk.Invocation) error {
	_, err := inv.DeliverTo(ctx, sdk.Request{Method: "GET", Path: "/pets"}, sdk.Deliver{Items: "data"})
	return err
}

type badPet struct{}

func (*badPet) Run(ctx context.Context, inv *sdk.Invocation) error {
	return inv.Get(ctx, "/key%2Flist", nil, nil)
}

// latePet leaves somebody behind who goes on speaking.
type latePet struct{ sdk.Lists[pet] }

var late sync.WaitGroup

func (*latePet) Run(_ context.Context, inv *sdk.Invocation) error {
	for range 4 {
		late.Go(func() {
			for range 200 {
				inv.Notice("late")
				_ = inv.Emit(pet{"Late"})
				_ = inv.Get(context.Background(), "/pets", nil, nil)
				_, _ = inv.Input(context.Background(), "file", 0)
			}
		})
	}
	return nil
}

func plugin() *sdk.Plugin {
	return &sdk.Plugin{Name: "pets", Commands: &petCommands{}, Grants: []sdk.Grant{{Methods: "GET,POST", Path: "/pets"}}}
}

func shop(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		_, _ = io.WriteString(w, `{"data":[{"name":"Ada"},{"name":"Bob"}]}`)
		return
	}
	body, _ := io.ReadAll(r.Body)
	if string(body) == `{"name":"Eve","tags":null}` {
		w.WriteHeader(http.StatusConflict)
		_, _ = io.WriteString(w, "taken")
		return
	}
	_, _ = w.Write(body)
}

func TestRun(t *testing.T) {
	host := sdktest.Host{Gateway: http.HandlerFunc(shop), Inputs: map[string][]byte{"file": []byte("Zoe")}}
	t.Run("emits", func(t *testing.T) {
		r := sdktest.Run(t, plugin(), host, "add", "Ada", "--tag", "a,b", "--tag", "c")
		if r.Err != nil || len(r.Records) != 1 || string(r.Records[0]) != `{"name":"Ada"}` {
			t.Fatalf("%s, %v", r.Records, r.Err)
		}
		if got := string(r.Requests[0].Body); got != `{"name":"Ada","tags":["a,b","c"]}` {
			t.Errorf("a comma split free text: %s", got)
		}
	})
	t.Run("delivers", func(t *testing.T) {
		if r := sdktest.Run(t, plugin(), host, "list"); len(r.Records) != 2 || r.Err != nil {
			t.Fatalf("%s, %v", r.Records, r.Err)
		}
	})
	t.Run("reads inputs", func(t *testing.T) {
		if r := sdktest.Run(t, plugin(), host, "add", "x", "--file=f"); r.Err != nil || string(r.Records[0]) != `{"name":"Zoe"}` {
			t.Fatalf("%s, %v", r.Records, r.Err)
		}
	})
	t.Run("fails", func(t *testing.T) {
		if r := sdktest.Run(t, plugin(), host, "add", "Eve"); r.Code() != problem.Refused || problem.As(r.Err).Said != "taken" {
			t.Fatalf("%v", r.Err)
		}
	})
	t.Run("holds back", func(t *testing.T) {
		host := host
		host.DryRun = true
		r := sdktest.Run(t, plugin(), host, "add", "Ada")
		if r.Err != nil || len(r.Planned) != 1 || len(r.Requests) != 0 || len(r.Records) != 0 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("refuses", func(t *testing.T) {
		if r := sdktest.Run(t, plugin(), host, "bad"); r.Code() != problem.Plugin || len(r.Requests) != 0 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("usage", func(t *testing.T) {
		if r := sdktest.Run(t, plugin(), host, "add"); r.Code() != problem.Usage {
			t.Fatalf("%v", r.Err)
		}
	})
}

// TestLate: what a command still sends after its end reaches neither the result nor an end of waiting.
func TestLate(t *testing.T) {
	for range 10 {
		r := sdktest.Run(t, plugin(), sdktest.Host{Gateway: http.HandlerFunc(shop)}, "late")
		notices, records, requests := len(r.Notices), len(r.Records), len(r.Requests)
		late.Wait()
		if len(r.Notices) != notices || len(r.Records) != records || len(r.Requests) != requests || r.Err != nil {
			t.Fatalf("%d notices, %d records, %d requests came after the end, %v", len(r.Notices)-notices, len(r.Records)-records, len(r.Requests)-requests, r.Err)
		}
	}
}

// What is no list fails, as it does with the real host.
func TestNoList(t *testing.T) {
	for _, body := range []string{`{}`, `{"data":null}`, `[]`, `{"data":{}}`, `x`} {
		host := sdktest.Host{Gateway: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })}
		if r := sdktest.Run(t, plugin(), host, "list"); r.Code() != problem.Unreachable || len(r.Records) > 0 {
			t.Errorf("%s: %v, %s", body, r.Err, r.Records)
		}
	}
}
