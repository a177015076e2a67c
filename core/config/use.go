package config

import (
	"cmp"
	"encoding/json"
	"path/filepath"
)

// Kept is what the file says of gateways.
func (f *File) Kept() Kept {
	k := Kept{InUse: f.InUse, URL: f.BaseURL}
	if k.InUse != "" {
		k.InUseFrom = f.Origin("profile")
	}
	if k.URL != "" {
		k.URLFrom = f.Origin("base_url")
	}
	for _, p := range f.Profiles {
		k.Profiles = append(k.Profiles, Address{Name: p.Name, URL: p.URL, Protected: p.Protected})
	}
	return k
}

// DefaultsFor are what commands do at the gateway of a profile: what it says, and the file's top for the rest. The empty
// name is no profile.
func (f *File) DefaultsFor(profile string) Defaults {
	d := f.Defaults
	for _, p := range f.Profiles {
		if p.Name != profile {
			continue
		}
		d.Output, d.Timeout, d.Concurrency = cmp.Or(p.Output, d.Output), cmp.Or(p.Timeout, d.Timeout), cmp.Or(p.Concurrency, d.Concurrency)
		d.CACert, d.CredentialStore = cmp.Or(p.CACert, d.CACert), cmp.Or(p.CredentialStore, d.CredentialStore)
		if p.ClientCert != "" || p.ClientKey != "" { // they are a pair
			d.ClientCert, d.ClientKey = p.ClientCert, p.ClientKey
		}
	}
	return d
}

// ByDefault is where a value comes from that nothing sets.
const ByDefault = "the default"

// Value is a setting with its origin: "path:line", or ByDefault.
type Value struct{ Key, Value, From string }

// Values are all settings of the file, and the defaults of those that it leaves out.
func (f *File) Values() []Value {
	var out []Value
	for _, k := range keys() {
		if k.where&top == 0 {
			continue
		}
		if e := f.find(k.name); e != nil {
			out = append(out, Value{k.name, e.text, f.Origin(k.name)})
		} else {
			out = append(out, Value{k.name, k.byDef, ByDefault})
		}
	}
	for _, e := range f.entries {
		if len(e.key) == 3 {
			out = append(out, Value{e.key[0] + "." + e.key[1] + "." + e.key[2], e.text, f.Origin(e.key...)})
		}
	}
	return out
}

// OlderBaseURL is the address that the Python tool of the same name keeps in ~/.litellm/config.json; empty if there is none
// that can be used. Source: its 1.106.2.
func OlderBaseURL(home string) string {
	if home == "" {
		return ""
	}
	raw, err := readFile(filepath.Join(home, ".litellm", "config.json"))
	if err != nil {
		return ""
	}
	var older struct {
		BaseURL string `json:"base_url"`
	}
	if json.Unmarshal(raw, &older) != nil {
		return ""
	}
	u, err := ParseURL(older.BaseURL)
	if err != nil {
		return ""
	}
	return u.String()
}
