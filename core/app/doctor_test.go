package app

import (
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/core/doctor"
	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/core/term"
)

func TestDrawn(t *testing.T) {
	all := []doctor.Finding{
		{Area: "gateway", Level: doctor.OK, Text: "https://llm.example.com  from profile prod"},
		{Area: "gateway", Level: doctor.Warn, Text: "the gateway's clock is 1m0s behind this machine's, which may matter", Hint: "set the clocks: sign-ins and the ends of keys depend on them"},
		{Area: "key", Level: doctor.Bad, Text: "sk-a-secret-of-the-run is \x1b[31munknown", Hint: "litellm-proxy login"},
	}
	secrets := &redact.Redactor{}
	secrets.Add("sk-a-secret-of-the-run")
	for width, want := range map[int]string{
		80: `gateway  ✓ https://llm.example.com  from profile prod
         ! the gateway's clock is 1m0s behind this machine's, which may matter
           → set the clocks: sign-ins and the ends of keys depend on them
key      ✗ sk-…-run is \x1b[31munknown
           → litellm-proxy login
`,
		40: `gateway
✓ https://llm.example.com  from profile
  prod
! the gateway's clock is 1m0s behind
  this machine's, which may matter
  → set the clocks: sign-ins and the
    ends of keys depend on them
key
✗ sk-…-run is \x1b[31munknown
  → litellm-proxy login
`,
	} {
		s := &session{Process: &Process{Streams: &term.Streams{Width: width}}, secrets: secrets}
		if got := s.drawn(all); got != want {
			t.Errorf("%d columns:\n%s\nwant\n%s", width, got, want)
		}
		s.Streams.Color = true
		coloured := s.drawn(all)
		if got := strings.NewReplacer("\x1b[32m", "", "\x1b[33m", "", "\x1b[31m", "", "\x1b[0m", "").Replace(coloured); got != want || strings.Count(coloured, "\x1b[0m") != 3 {
			t.Errorf("%d columns, in colour: %q", width, coloured)
		}
	}
}
