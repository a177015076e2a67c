package body

import (
	"bytes"
	"os"
	"os/exec"
	"testing"
)

func TestOperation(t *testing.T) {
	for _, c := range []struct{ method, path, field, want string }{
		{"POST", "/model/new", "model_name", "s"},
		{"post", "/model/new", "model_name", "s"},
		{"PATCH", "/model/{model_id}/update", "model_name", "s"},
		{"PATCH", "/model/abc/update", "model_name", "s"}, // a concrete path
		{"POST", "/key/generate", "max_budget", "n"},
		{"POST", "/key/generate", "models", "a"},
		{"POST", "/key/generate", "blocked", "b"},
		{"POST", "/model/new", "no_such_field", ""},
		{"GET", "/model/new", "model_name", ""},
		{"POST", "/model/new/", "model_name", ""},
		{"POST", "/no/such/path", "x", ""},
		{"POST", "", "x", ""},
		{"", "/model/new", "model_name", ""},
	} {
		if got := Operation(c.method, c.path).kind(c.field); got != c.want {
			t.Errorf("%s %s: %s is %q, want %q", c.method, c.path, c.field, got, c.want)
		}
	}
	if got := (Schema{}).Field("x").Field("y").kind("z"); got != "" {
		t.Errorf("the zero schema knows %q", got)
	}
}

// TestSchemaDrift generates the table again from LiteLLM's OpenAPI document, which is not part of this repository.
func TestSchemaDrift(t *testing.T) {
	document := os.Getenv("LITELLM_OPENAPI")
	if document == "" {
		t.Skip("LITELLM_OPENAPI does not name LiteLLM's OpenAPI document (GET /openapi.json of a gateway): schema.txt is not compared with it")
	}
	cmd := exec.CommandContext(t.Context(), "go", "run", "./generate", document)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	if string(out) != schemaText {
		t.Error("schema.txt is not what the document makes: make schema")
	}
}
