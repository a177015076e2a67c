package models

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml/ast"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// entry is one deployment of a configuration file.
type entry struct {
	line         int
	name         string
	params, info map[string]any // info is never nil
	groups       []string
}

func (e *entry) model() string {
	model, _ := e.params["model"].(string)
	return model
}

// readFile reads the deployments of a LiteLLM configuration file. Everything that is wrong with them is one error, with
// the lines.
func readFile(raw []byte) ([]*entry, error) {
	bad := func(err error) error {
		return &problem.Error{
			Code: problem.Usage, Message: "cannot import models: " + err.Error(), Field: "file", State: problem.Unchanged,
		}
	}
	root, err := parseYAML(raw)
	if err != nil {
		return nil, bad(err)
	}
	list, c, err := modelList(root)
	if err != nil {
		return nil, bad(err)
	}
	var entries []*entry
	var faults []error
	used := map[string]int{}
	for _, n := range list.Values {
		e, found := readEntry(c, n)
		if e != nil {
			if id, ok := e.info["id"].(string); ok && used[id] > 0 {
				found = append(found, at(n, "the id %q is that of the entry in line %d too", id, used[id]))
			} else if ok {
				used[id] = e.line
			}
		}
		entries, faults = append(entries, e), append(faults, found...)
	}
	if len(faults) > 0 {
		return nil, faulty(faults)
	}
	return entries, nil
}

// modelList finds the list in a document, and reads the anchors that stand before it.
func modelList(root ast.Node) (*ast.SequenceNode, *converter, error) {
	c := newConverter()
	var members []*ast.MappingValueNode
	switch n := root.(type) {
	case *ast.MappingNode:
		members = n.Values
	case *ast.MappingValueNode:
		members = []*ast.MappingValueNode{n}
	}
	for _, m := range members {
		if m.Key.GetToken().Value != "model_list" {
			if _, err := c.value(m.Value); err != nil {
				return nil, nil, err
			}
			continue
		}
		value := m.Value
		if anchor, ok := value.(*ast.AnchorNode); ok {
			value = anchor.Value
		}
		list, ok := value.(*ast.SequenceNode)
		if !ok {
			return nil, nil, at(m.Key, "model_list is no list")
		}
		return list, c, nil
	}
	return nil, nil, errors.New("it has no model_list: is this a configuration file of LiteLLM?")
}

// readEntry reads one deployment and what is wrong with it.
func readEntry(c *converter, n ast.Node) (*entry, []error) {
	v, err := c.value(n)
	if err != nil {
		return nil, []error{err}
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, []error{at(n, "an entry of model_list is a mapping with model_name and litellm_params")}
	}
	e := &entry{line: n.GetToken().Position.Line}
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, at(n, format, args...)) }
	if e.name, _ = object["model_name"].(string); e.name == "" {
		fault("model_name is missing or no text")
	}
	if e.params, ok = object["litellm_params"].(map[string]any); !ok {
		fault("litellm_params is missing or no mapping")
	} else if e.model() == "" {
		fault("litellm_params.model is missing or no text")
	}
	e.info, ok = object["model_info"].(map[string]any)
	if !ok && object["model_info"] != nil {
		fault("model_info is no mapping")
	}
	info := make(map[string]any, len(e.info)+1) // an alias may share it with other entries
	for name, value := range e.info {
		info[name] = value
	}
	e.info = info
	if id, ok := info["id"]; ok {
		if why := badID(id); why != "" {
			fault("model_info.id: %s", why)
		}
	}
	if e.groups, ok = texts(info["access_groups"]); !ok {
		fault("model_info.access_groups is no list of names")
	}
	return e, faults
}

// texts reads a list of strings; none is an empty one.
func texts(v any) (out []string, ok bool) {
	list, isList := v.([]any)
	out = []string{}
	for _, item := range list {
		text, isText := item.(string)
		if !isText {
			return nil, false
		}
		out = append(out, text)
	}
	return out, isList || v == nil
}

const faultsShown = 20

// faulty is the one error for all that is wrong with a file.
func faulty(faults []error) error {
	e := problem.New(problem.Usage, "cannot import models: %s", faults[0])
	if len(faults) > 1 {
		e.Message = fmt.Sprintf("cannot import models: the file has %d faults", len(faults))
		for _, f := range faults[:min(len(faults), faultsShown)] {
			e.Facts = append(e.Facts, problem.Fact{Label: "why", Text: f.Error()})
		}
		if more := len(faults) - faultsShown; more > 0 {
			e.Facts = append(e.Facts, problem.Fact{Label: "why", Text: fmt.Sprintf("and %d more", more)})
		}
	}
	e.Field, e.State = "file", problem.Unchanged
	return e
}
