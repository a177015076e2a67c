package transport

import (
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func TestBaseURL(t *testing.T) {
	for _, bad := range []string{"", " ", "localhost:4000", "ftp://x", "http://", "http://u:p@x", "https://x?a=b", "https://x?", "https://x#f", "https://x/#", "http://x/a/../b", "http://[::1", "http://x\ny"} {
		if _, err := New(Options{BaseURL: bad}); problem.CodeOf(err) != problem.Usage {
			t.Errorf("%q: %v", bad, err)
		} else if strings.Contains(err.Error(), "u:p") {
			t.Error(err)
		}
	}
	for _, good := range []string{"http://localhost:4000", "https://x", "https://x/", "https://x/llm/", "http://[::1]:4000"} {
		c, err := New(Options{BaseURL: good})
		if err != nil {
			t.Errorf("%q: %v", good, err)
		} else if c.BaseURL() != strings.TrimRight(good, "/") {
			t.Error(c.BaseURL())
		}
	}
	if _, err := New(Options{BaseURL: "http://x", Key: "sk-a\nb"}); problem.CodeOf(err) != problem.Usage || strings.Contains(err.Error(), "sk-a") {
		t.Error(err)
	}
}
