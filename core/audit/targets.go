package audit

import (
	"bytes"
	"fmt"
	"io"
	"net/url"

	"github.com/go-json-experiment/json/jsontext"
)

// maxTargets is how many targets are named; the others are counted.
const maxTargets = 50

// names are the members of a body, and the parameters of a query, that say what a request is about. Source: LiteLLM 1.106.2's
// OpenAPI document.
var names = set("user_id", "user_ids", "user_email", "team_id", "team_ids", "team_alias",
	"key_alias", "key_aliases", "model", "model_name", "model_names", "model_id", "model_ids", "id", "credential_name", "budget_id",
	"organization_id", "organization_ids", "organization_alias", "project_id", "project_ids", "access_group", "access_group_name",
	"guardrail_name", "policy_name", "agent_id", "agent_name", "server_id", "server_name", "search_tool_name", "prompt_id", "field_name")

// keyNames are those whose values are virtual keys, as secrets or as hashes.
var keyNames = set("key", "keys", "key_ids", "key_hash")

// holders are the members that hold objects with such members: the items of bulk requests, and what some requests wrap.
var holders = set("users", "keys", "member", "members", "guardrail", "search_tool", "model_info")

// Targets returns what a request is about: the names and ids in its path, its query and its body that LiteLLM knows things by,
// each once. Nothing else of the body gets in, and of a virtual key only its name (see KeyName). There are at most 50 of at
// most 200 characters, and then "and N more". A body that is no JSON, or breaks off, gives what came before. mask hides secrets
// and is applied before a text is cut; nil: there is none.
func Targets(method, path, query string, body []byte, mask func(string) string) []string {
	c := collector{mask: mask, seen: map[string]bool{}}
	for _, s := range pathTargets(method, path) {
		c.add(s.text, s.key)
	}
	values, _ := url.ParseQuery(query)
	for _, p := range parameters(query) {
		for _, v := range values[p] {
			c.named(p, v)
		}
	}
	if len(body) > 0 {
		d := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
		_ = c.walk(d, "")
	}
	if c.more > 0 {
		c.list = append(c.list, fmt.Sprintf("and %d more", c.more))
	}
	return c.list
}

// collector gathers targets.
type collector struct {
	mask func(string) string
	list []string
	seen map[string]bool
	more int
}

// named takes the value of a member or a parameter, if its name is one of those.
func (c *collector) named(name, value string) {
	if keyNames[name] || names[name] {
		c.add(value, keyNames[name])
	}
}

func (c *collector) add(text string, key bool) {
	if key {
		text = KeyName(text)
	} else {
		text = hideKeys(text)
	}
	if c.mask != nil {
		text = c.mask(text)
	}
	text = clip(text, longestTarget)
	if text == "" || c.seen[text] {
		return
	}
	c.seen[text] = true
	if len(c.list) == maxTargets {
		c.more++
		return
	}
	c.list = append(c.list, text)
}

// walk reads one value. holder is the member that it is in; empty: it is the body itself, or an item of it.
func (c *collector) walk(d *jsontext.Decoder, holder string) error {
	switch d.PeekKind() {
	case '{':
		return c.object(d, holder)
	case '[':
		return each(d, func() error {
			if d.PeekKind() == '{' {
				return c.object(d, holder)
			}
			return c.value(d, holder)
		})
	}
	return c.value(d, holder)
}

func (c *collector) object(d *jsontext.Decoder, holder string) error {
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		member := name.String()
		switch {
		case holder == "model_info" && member != "id": // the rest describes the model
			err = d.SkipValue()
		case holders[member] && holder == "":
			err = c.walk(d, member)
		case names[member] || keyNames[member]:
			err = c.strings(d, member)
		default:
			err = d.SkipValue()
		}
		if err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

// strings takes a string, or an array of them.
func (c *collector) strings(d *jsontext.Decoder, member string) error {
	if d.PeekKind() == '[' {
		return each(d, func() error { return c.value(d, member) })
	}
	return c.value(d, member)
}

// value takes a string; anything else is skipped.
func (c *collector) value(d *jsontext.Decoder, member string) error {
	if d.PeekKind() != '"' {
		return d.SkipValue()
	}
	t, err := d.ReadToken()
	if err == nil {
		c.named(member, t.String())
	}
	return err
}

func each(d *jsontext.Decoder, item func() error) error {
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != ']' {
		if d.PeekKind() == 0 {
			return io.ErrUnexpectedEOF
		}
		if err := item(); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

func set(list ...string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, s := range list {
		m[s] = true
	}
	return m
}
