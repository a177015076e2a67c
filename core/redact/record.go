package redact

import "bytes"

// Record returns one JSON value with its secrets masked: a string whose member's name is a secret's (SecretName, or any
// below credential_values) and that equals a registered secret, however short, becomes "[hidden]"; in every other string
// the registered secrets of at least 8 bytes are replaced. It sees through JSON's escapes. Names, numbers and all other
// bytes stay as they are, so what was valid JSON still is. It returns its argument when there is nothing to mask, and
// never changes it. What is not JSON is masked as Values does.
func (r *Redactor) Record(json []byte) []byte {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.empty() || !r.suspect(json) {
		return json
	}
	d := decoder(json)
	var out []byte
	at, end := 0, 0 // what is copied; the end of the token before
	for {
		t, err := d.ReadToken()
		if err != nil {
			if int(d.InputOffset()) < len(bytes.TrimRight(json, " \t\r\n")) || d.StackDepth() > 0 {
				return r.values(json)
			}
			break
		}
		from := end
		end = int(d.InputOffset())
		if t.Kind() != '"' {
			continue
		}
		if kind, length := d.StackIndex(d.StackDepth()); kind == '{' && length%2 == 1 {
			continue // a name
		}
		from += bytes.IndexByte(json[from:end], '"') + 1
		text := json[from : end-1]
		masked := r.leaf(d.StackDepth() > 0, func() (string, string) { return place(d, "") }, text)
		if masked == nil {
			continue
		}
		out = append(append(out, json[at:from]...), masked...)
		at = end - 1
	}
	if out == nil {
		return json
	}
	return append(out, json[at:]...)
}

// leaf returns the masked inside of a JSON string; nil if it holds no secret.
func (r *Redactor) leaf(member bool, place func() (name, in string), text []byte) []byte {
	plain, _ := unescape(text, nil, nil)
	if member && r.knows(string(plain)) {
		if name, in := place(); SecretName(name) || in == "credential_values" && !open(name) {
			return []byte(hidden)
		}
	}
	var masked []byte
	for range 4 { // as values does
		plain, at := unescape(text, nil, []int{})
		found := r.find(plain)
		if len(found) == 0 {
			return masked
		}
		for i := range found {
			// From the first byte of the first character to the last of the last one.
			found[i].from, found[i].to = at[found[i].from], at[len(plain)+found[i].to]
		}
		text = r.replace(text, found)
		masked = text
	}
	if plain, _ := unescape(text, nil, nil); len(r.find(plain)) > 0 {
		return []byte(r.mask)
	}
	return masked
}

// suspect says whether a JSON text may hold a secret in one of its strings.
func (r *Redactor) suspect(json []byte) bool {
	if r.holds(json) || r.holdsShort(json) {
		return true
	}
	var plain []byte
	for at := 0; ; {
		i := bytes.IndexByte(json[at:], '\\')
		if i < 0 {
			return false
		}
		// A backslash stands in a string alone, and before the first one of a string stands no other quote than its own.
		from := at + bytes.LastIndexByte(json[at:at+i], '"') + 1
		to := at + i
		for to < len(json) && json[to] != '"' {
			if json[to] == '\\' {
				to++
			}
			to++
		}
		to = min(to, len(json))
		plain, _ = unescape(json[from:to], plain[:0], nil)
		if len(plain) < shortest && r.knows(string(plain)) || r.holds(plain) {
			return true
		}
		at = min(to+1, len(json))
	}
}

// holds says whether one of the forms occurs in b.
func (r *Redactor) holds(b []byte) (found bool) {
	r.generations(func(g *generation) bool {
		found = g.by[0].holds(b) || g.by[1].holds(b)
		return !found
	})
	return found
}

// holdsShort says whether a JSON text has a string that is one of the short secrets.
func (r *Redactor) holdsShort(json []byte) (found bool) {
	r.generations(func(g *generation) bool {
		for _, s := range g.short {
			found = found || bytes.Contains(json, []byte(`"`+s+`"`))
		}
		return !found
	})
	return found
}

func (r *Redactor) empty() (none bool) {
	r.generations(func(g *generation) bool {
		none = len(g.known) == 0
		return none
	})
	return none
}
