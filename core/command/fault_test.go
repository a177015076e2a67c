package command

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Values that may be secrets are in no error, whatever is wrong with the line.
func TestFaultsHoldNoSecret(t *testing.T) {
	for _, line := range []string{
		"--api-key -CANARYkey123 acme list", "acme list --api-key -CANARYkey123", "acme --api-key -CANARYkey123 list", "--base-url -CANARY acme list",
		"--api-key -CANARYkey123", "--api-key -CANARYkey123 acne list",
		"acme echo --pin -CANARY", "acme echo --ttl --CANARY", "acme echo -y --share -CANARY x",
	} {
		e := refused(t, line, "it needs a value, and what follows looks like a flag; to give it that value write --")
		if strings.Contains(e.Message+e.Hint+e.Said, "CANARY") {
			t.Errorf("%s: %+v", line, e)
		}
	}
}

func TestFaults(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"acme list ''", "cannot run acme list: an empty argument is not expected here"},
		{"acme echo --note --role", `--note: it needs a value, and "--role" looks like a flag; to give it that value write --note="--role"`},
		{"acme echo -n", "--note: its value is missing"},
		{"acme echo -kn", "--note: its value is missing"},
		{"acme echo --msg", "--message: its value is missing"},
		{"acme list -yo", "--output: its value is missing"},
		{"acme echo --quick=maybe", `--quick: it takes true or false, not "maybe"`},
		{"acme members add", "cannot run acme members add: missing: TEAM"},
	} {
		refused(t, c.line, c.want)
	}
	_, err := Parse(words("acme pick tcsh"), shelf{{Name: "acme", Commands: []*protocol.Command{{Path: []string{"pick"}, Effect: protocol.Effect_EFFECT_READ, Arguments: []*protocol.Parameter{
		{Name: "shell", Kind: protocol.Kind_KIND_STRING, Required: true, Enum: []string{"bash", "zsh", "fish"}}}}}}})
	if want := `cannot run acme pick: SHELL must be one of bash, zsh, fish, not "tcsh"`; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// However long a word is, the error is not.
func TestFaultsAreShort(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for _, line := range []string{"acme list " + long, "acme list --" + long, long, "acme echo --role " + long, "acme echo --count " + long, "acme echo --note -" + long, "acme echo --quick=" + long} {
		_, err := Parse(words(line), shelf{acme()})
		if err == nil || problem.CodeOf(err) != problem.Usage || utf8.RuneCountInString(problem.As(err).Message) > longestFault+60 {
			t.Errorf("%.30s: %v", line, err)
		}
	}
}
