package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// check reads the values into the settings, and returns all that is wrong with them, in the order of the file.
func (f *File) check() []fault {
	var faults []fault
	wrong := func(line int, format string, args ...any) {
		faults = append(faults, fault{line, fmt.Sprintf(format, args...)})
	}
	bad := map[string]bool{} // names that have been refused
	for _, t := range f.tables {
		switch {
		case t.key[0] != "profiles" || len(t.key) > 2 || t.many:
			wrong(t.line, "there is no table [%s]: the only ones are [profiles.NAME]", short(strings.Join(t.key, ".")))
			bad[strings.Join(t.key, "\x00")] = true
		case len(t.key) == 2:
			f.profile(t.key[1], t.line, wrong)
		}
	}
	for _, e := range f.entries {
		switch {
		case bad[strings.Join(e.key[:len(e.key)-1], "\x00")]: // said already
		case len(e.key) == 1:
			k, ok := keyNamed(e.key[0], top)
			if e.key[0] == "profiles" {
				wrong(e.line, "%s", asTables)
			} else if !ok {
				wrong(e.line, "%s", unknownKey(e.key[0], top))
			} else if v, ok := f.valueOf(k, e, wrong); ok {
				if k.top != nil {
					k.top(&f.Settings, v)
				} else {
					k.all(&f.Defaults, v)
				}
			}
		case len(e.key) == 3 && e.key[0] == "profiles":
			p := f.profile(e.key[1], e.line, wrong)
			k, ok := keyNamed(e.key[2], inProfile)
			if !ok {
				wrong(e.line, "%s", unknownKey(e.key[2], inProfile))
			} else if v, ok := f.valueOf(k, e, wrong); ok && p >= 0 {
				if k.profile != nil {
					k.profile(&f.Profiles[p], v)
				} else {
					k.all(&f.Profiles[p].Defaults, v)
				}
			}
		case e.key[0] == "profiles":
			wrong(e.line, "%s", asTables)
		case e.key[0] != "profiles" && isKey(e.key[0], top):
			wrong(e.line, "%s is no table", e.key[0])
		case !slices.ContainsFunc(f.tables, func(t table) bool { return t.key[0] == e.key[0] }):
			wrong(e.line, "%s", unknownKey(e.key[0], top))
		}
	}
	slices.SortStableFunc(f.Profiles, func(a, b Profile) int { // tables came first
		return cmp.Compare(f.line("profiles", a.Name), f.line("profiles", b.Name))
	})
	f.checkTogether(wrong)
	slices.SortStableFunc(faults, func(a, b fault) int { return cmp.Compare(a.line, b.line) })
	return faults
}

// asTables is what profiles must be.
const asTables = `profiles are tables: [profiles.NAME] with url = "https://…" below it`

func isKey(name string, where int) bool {
	_, ok := keyNamed(name, where)
	return ok
}

// profile finds a profile, or adds it; -1 for a name that none can have.
func (f *File) profile(name string, line int, wrong func(int, string, ...any)) int {
	for i := range f.Profiles {
		if f.Profiles[i].Name == name {
			return i
		}
	}
	if err := CheckName(name); err != nil {
		if !f.refused[name] {
			wrong(line, "%v", err)
		}
		if f.refused == nil {
			f.refused = map[string]bool{}
		}
		f.refused[name] = true
		return -1
	}
	f.Profiles = append(f.Profiles, Profile{Name: name})
	return len(f.Profiles) - 1
}

// valueOf checks the value of a key.
func (f *File) valueOf(k key, e entry, wrong func(int, string, ...any)) (string, bool) {
	if e.kind != k.kind {
		wrong(e.line, "%s must be %s", k.name, map[unstable.Kind]string{unstable.String: `a text in quotes: "…"`, unstable.Bool: "true or false", unstable.Integer: "a whole number"}[k.kind])
		return "", false
	}
	if k.check != nil {
		if err := k.check(f, e.text); err != nil {
			wrong(e.line, "cannot use %s: %v", k.name, err)
			return "", false
		}
	}
	if k.isPath() {
		return f.place(e.text), true
	}
	return e.text, true
}

// checkTogether checks what makes sense only beside something else.
func (f *File) checkTogether(wrong func(int, string, ...any)) {
	for _, p := range f.Profiles {
		if f.find("profiles", p.Name, "url") == nil {
			wrong(f.line("profiles", p.Name), `profile %s has no url: url = "https://…"`, p.Name)
		}
	}
	if f.InUse != "" && f.InUse != Sandbox && !slices.ContainsFunc(f.Profiles, func(p Profile) bool { return p.Name == f.InUse }) {
		wrong(f.line("profile"), "there is no profile %q, which is said to be in use", short(f.InUse))
	}
}

// unknownKey says what is wrong with a name that no key has.
func unknownKey(name string, where int) string {
	switch {
	case where == inProfile && isKey(name, top):
		return name + " holds for all profiles: it belongs above the first table"
	case where == top && name == "url":
		return `there is no setting "url" here; did you mean base_url, or url below [profiles.NAME]?`
	}
	meant := closest(name, where)
	switch {
	case meant != "":
		return fmt.Sprintf("there is no setting %q; did you mean %s?", short(name), meant)
	case secretKey(name):
		return noSecrets
	}
	return fmt.Sprintf("there is no setting %q here; there are %s", short(name), strings.Join(namesOf(where), ", "))
}

// closest is the key that somebody meant who wrote name; empty if none is alike.
func closest(name string, where int) string {
	best, least := "", 3
	for _, n := range namesOf(where) {
		if d := distance(name, n); d < least {
			best, least = n, d
		}
	}
	return best
}

// distance is how many letters must be changed, added or removed to make b of a.
func distance(a, b string) int {
	if len(a) > 64 {
		return 64
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
