package command

import (
	"strings"
	"testing"
)

func TestKinds(t *testing.T) {
	for flag, values := range map[string][]string{
		"count":      {"0", "-1", "9223372036854775807", "-9223372036854775808"},
		"max-budget": {"0", "-0.5", "1e3", "1E-7", "0.1000000000000000055511151231257827", "123456789012345678901234567890"},
		"every":      {"30s", "5m", "24h", "7d", "2w", "1mo", "100000d", "05m"},
		"body":       {`{}`, `[1,·2]`, `"x"`, `null`, `12345678901234567890`, `@file`, `@-`},
		"set":        {"a=1", "a.b=x=y", "a:={}", "a=@file", "a=", `a\.b=1`},
		"input":      {"-", "file", "a=b"},
	} {
		for _, value := range values {
			line, err := Parse(words("acme echo --"+flag+"="+value), shelf{acme()})
			if err != nil {
				t.Errorf("--%s=%s: %v", flag, value, err)
				continue
			}
			if got := line.Values[0].GetValues()[0]; got != strings.ReplaceAll(value, "·", " ") {
				t.Errorf("--%s=%s became %q", flag, value, got)
			}
		}
	}
}

func TestKindsRefuse(t *testing.T) {
	for _, c := range []struct{ flag, values, want string }{
		{"count", "many 1.5 1e3 0x10 010 +1 1_000 9223372036854775808 '' ·1 1·", "is not a whole number of 64 bits"},
		{"max-budget", "many 0x10 .5 5. 01 NaN Infinity 1,5 '' ·1 1· true null \"1\" -", "is not a number"},
		{"every", "daily", "different things to different gateways: write 1d"},
		{"every", "weekly", "write 7d"},
		{"every", "monthly", "write 1mo"},
		{"every", "30 d 1.5h -1d 1h30m 1y 1M '' 1·d", "such as 30d"},
		{"every", "0s 00d", "no time at all"},
		{"body", `{"a":} {'a':1}`, "at character"},
		{"body", `{"a":1`, "at character 6"},
		{"body", "@", "a file's name is missing after @"},
		{"set", "a =x := ''", "PATH=VALUE, PATH:=JSON or PATH=@FILE"},
		{"note", "a\x00b", "a zero byte"},
	} {
		for _, value := range words(c.values) {
			refused(t, "acme echo --"+c.flag+"="+strings.ReplaceAll(value, " ", "·"), "--"+c.flag+": ")
			if e := refused(t, "acme echo --"+c.flag+"="+strings.ReplaceAll(value, " ", "·"), c.want); e.Field != c.flag {
				t.Errorf("--%s=%s: the field is %q", c.flag, value, e.Field)
			}
		}
	}
}

// What may be a secret is not in the error, whatever is wrong with it.
func TestSensitiveValuesAreNotRepeated(t *testing.T) {
	for _, flag := range []string{"pin", "share", "ttl", "secrets"} {
		e := refused(t, "acme echo --"+flag+"=hunter22", "--"+flag+": ")
		if strings.Contains(e.Message+e.Hint+e.Said, "hunter22") {
			t.Errorf("--%s: %+v", flag, e)
		}
	}
}
