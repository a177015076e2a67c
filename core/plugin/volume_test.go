//go:build unix

package plugin_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// withinMemory fails the test if the host had more than so many MiB resident. The race detector multiplies memory.
func withinMemory(t *testing.T, got program, mib int) {
	t.Helper()
	if !raceEnabled && got.memory > mib {
		t.Errorf("the host used %d MiB, want at most %d", got.memory, mib)
	}
	t.Logf("the host used %d MiB", got.memory)
}

// TestOversize refuses a message over the limit, and says so.
func TestOversize(t *testing.T) {
	t.Parallel()
	got := surroundings{}.run(t, "oversize", "count", "1")
	if got.code != int(problem.Plugin) {
		t.Errorf("exit %d, want %d", got.code, problem.Plugin)
	}
	wants(t, "stderr", got.stderr, `plugin "oversize" sent a message of more than 17 MiB`)
	withinMemory(t, got, 256)
}

// TestFlood has a plugin say far more than the host may hold.
func TestFlood(t *testing.T) {
	for _, what := range []string{"records", "log", "progress", "stderr", "descriptor"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			got := surroundings{}.run(t, "bad", "flood", what, "400", strconv.Itoa(512<<10), "-o", "jsonl")
			if got.code != 0 || !strings.HasSuffix(got.stdout, "{\"said\":\"all\"}\n") {
				t.Errorf("exit %d, stdout %.100q, stderr %.200q", got.code, got.stdout, got.stderr)
			}
			withinMemory(t, got, 128)
		})
	}
}

// TestManyRecords loses none of 20,000 records and keeps their order.
func TestManyRecords(t *testing.T) {
	t.Parallel()
	const n = 20_000
	got := surroundings{}.run(t, "bad", "count", strconv.Itoa(n), "-o", "jsonl")
	if got.code != 0 {
		t.Fatalf("exit %d: %s", got.code, got.stderr)
	}
	i := 0
	for line := range strings.Lines(got.stdout) {
		var record struct{ I int }
		if err := json.Unmarshal([]byte(line), &record); err != nil || record.I != i {
			t.Fatalf("record %d is %q", i, line)
		}
		i++
	}
	if i != n {
		t.Errorf("%d records came, want %d", i, n)
	}
}

// TestLargeBody passes a body over gRPC's own limit of 4 MiB in both directions.
func TestLargeBody(t *testing.T) {
	t.Parallel()
	server, _ := gateway(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.Copy(w, r.Body)
	})
	for _, size := range []int{10 << 20, 15 << 20} {
		got := surroundings{server: server}.run(t, "bad", "echo", strconv.Itoa(size))
		if got.code != 0 || got.stdout != fmt.Sprint(size) {
			t.Errorf("%d bytes: %+v", size, got)
		}
	}
}
