package record

import (
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// columns finds out, at the first record, which columns there are.
type columns struct {
	fixed  []Column // named by the user
	o      Options
	all    bool // without Defaults, also members that are objects or arrays
	strict bool // use Defaults only for a record that has them all
}

// named returns the columns that --columns names; nil if it is empty.
func named(names []string, defaults []Column) ([]Column, error) {
	var list []Column
next:
	for _, name := range names {
		name = strings.TrimSpace(name)
		if name == "" {
			err := problem.New(problem.Usage, "--columns: a column has no name")
			err.Field = "--columns"
			return nil, err
		}
		for _, c := range defaults {
			if strings.EqualFold(c.Name, name) {
				list = append(list, c)
				continue next
			}
		}
		list = append(list, Column{Name: name, Path: name})
	}
	return list, nil
}

// before returns the columns that are known without a record; nil if none are.
func (c *columns) before() []Column {
	if c.fixed != nil || c.strict {
		return c.fixed
	}
	return c.narrow(c.o.Defaults)
}

// at returns the columns for records like this one. Defaults that it has nothing of, such as those of a plan where keys
// are expected, give way to its own members.
func (c *columns) at(record []byte) ([]Column, error) {
	if c.fixed != nil {
		return c.fixed, nil
	}
	list, err := members(record)
	if err != nil {
		return nil, err
	}
	have, defaults := 0, c.narrow(c.o.Defaults)
	for _, d := range defaults {
		if find(list, d.Path) != nil {
			have++
		}
	}
	if have > 0 && (!c.strict || have == len(defaults)) {
		return defaults, nil
	}
	if len(list) == 0 {
		return []Column{{Name: "value"}}, nil
	}
	var scalars, all []Column
	for _, m := range list {
		column := Column{Name: m.name, Path: m.name}
		all = append(all, column)
		if m.value[0] != '{' && m.value[0] != '[' {
			scalars = append(scalars, column)
		}
	}
	if c.all || len(scalars) == 0 {
		return all, nil
	}
	return scalars, nil
}

// narrow leaves out the wide columns, unless the format is wide.
func (c *columns) narrow(list []Column) []Column {
	if c.o.Format == Wide {
		return list
	}
	var out []Column
	for _, column := range list {
		if !column.Wide {
			out = append(out, column)
		}
	}
	return out
}

// row returns the JSON values of a record's columns; nil where it has none. The paths of those it has are noted in found,
// unless that is nil.
func row(record []byte, cs []Column, found map[string]bool) ([][]byte, error) {
	list, err := members(record)
	if err != nil {
		return nil, err
	}
	values := make([][]byte, len(cs))
	for i, c := range cs {
		switch {
		case c.Path == "":
			values[i] = record
		case record[0] == '[':
			values[i] = below(record, c.Path)
		default:
			values[i] = find(list, c.Path)
		}
		if found != nil && values[i] != nil {
			found[c.Path] = true
		}
	}
	return values, nil
}

// title is the column's header in a table.
func (c Column) title() string {
	if c.Header != "" {
		return strings.ToUpper(c.Header)
	}
	return strings.ToUpper(strings.ReplaceAll(c.Name, "_", " "))
}
