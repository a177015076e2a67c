package record_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/litellm-proxy/litellm-proxy/core/record"
)

// program is one entry of testdata/jq*.txt.
type program struct {
	comment, text, input, output string
}

func readPrograms(t *testing.T, file string) []program {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var list []program
	for block := range strings.SplitSeq(strings.TrimSpace(string(b)), "\n\n") {
		lines := strings.Split(block, "\n")
		var p program
		if strings.HasPrefix(lines[0], "# ") {
			p.comment, lines = lines[0][2:], lines[1:]
		}
		if len(lines) < 2 {
			continue
		}
		p.text, p.input = lines[0], lines[1]
		for _, l := range lines[2:] {
			p.output += l + "\n"
		}
		list = append(list, p)
	}
	return list
}

// run prints one value through a Printer; a failure becomes the line "error".
func (p program) run(t *testing.T) string {
	var out bytes.Buffer
	printer, err := record.New(t.Context(), &out, record.Options{Format: record.JSONL, JQ: p.text, Shape: record.Any})
	if err == nil {
		err = printer.Record([]byte(p.input))
	}
	if err == nil {
		err = printer.Close()
	}
	if err != nil {
		out.WriteString("error\n")
	}
	return out.String()
}

func (p program) runRealJQ(t *testing.T) string {
	cmd := exec.CommandContext(t.Context(), "jq", "-c", p.text)
	cmd.Stdin = strings.NewReader(p.input)
	out, err := cmd.Output()
	if err != nil {
		return string(out) + "error\n"
	}
	return string(out)
}

func TestPrograms(t *testing.T) {
	for _, p := range readPrograms(t, "jq.txt") {
		t.Run(p.text, func(t *testing.T) {
			if diff := cmp.Diff(p.output, p.run(t)); diff != "" {
				t.Errorf("%s on %s (-want +got):\n%s", p.text, p.input, diff)
			}
		})
	}
}

// The real jq prints the same, but for the differences that testdata lists for its version.
func TestProgramsInRealJQ(t *testing.T) {
	version, err := exec.CommandContext(t.Context(), "jq", "--version").Output()
	if err != nil {
		t.Skip("there is no jq")
	}
	file := strings.TrimSpace(string(version)) + ".txt"
	if _, err := os.Stat(filepath.Join("testdata", file)); err != nil {
		t.Skipf("the differences to this version are not known: testdata/%s is missing", file)
	}
	type key struct{ text, input string }
	known := map[key]program{}
	for _, p := range readPrograms(t, file) {
		known[key{p.text, p.input}] = p
	}
	listed := map[key]bool{}
	for _, p := range readPrograms(t, "jq.txt") {
		t.Run(p.text, func(t *testing.T) {
			t.Parallel()
			want := p.output
			if k, ok := known[key{p.text, p.input}]; ok {
				want = k.output
				if k.comment == "" {
					t.Errorf("the difference has no reason")
				}
				if want == p.output {
					t.Errorf("listed as different, but it is not")
				}
			}
			if diff := cmp.Diff(want, p.runRealJQ(t)); diff != "" {
				t.Errorf("%s on %s: jq prints something else (-known +jq):\n%s", p.text, p.input, diff)
			}
		})
		listed[key{p.text, p.input}] = true
	}
	for k := range known {
		if !listed[k] {
			t.Errorf("%s on %s: a difference of no program in jq.txt", k.text, k.input)
		}
	}
}
