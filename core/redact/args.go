package redact

import "strings"

// AddArgs registers the secrets of a command line: values of flags with a secret name (--api-key X, --api-key=X),
// assignments, headers, bodies, JSON arguments, and whatever is spelled like a virtual key.
func (r *Redactor) AddArgs(args []string) {
	flag := "" // the flag whose value the next argument may be
	for _, a := range args {
		before := flag
		flag = ""
		switch {
		case a == "-" || a == "--":
		case strings.HasPrefix(a, "--"):
			name, value, ok := strings.Cut(a[2:], "=")
			if !ok {
				flag = name
				continue
			}
			r.arg(name, value)
		case strings.HasPrefix(a, "-"):
			if SecretName(before) && len(a) >= shortest { // it was meant as the value
				r.value(a)
			}
			flag = r.cluster(a[1:])
		default:
			r.arg(before, a)
		}
	}
}

// cluster registers the secrets of short flags that stand in one word, such as -y, -H or -yHX-Key:v, and returns the flag
// whose value the next word may be.
func (r *Redactor) cluster(word string) (flag string) {
	for i := range len(word) {
		c := word[i]
		if c|0x20 < 'a' || c|0x20 > 'z' {
			break
		}
		if kind(word[i:i+1]) == "" {
			continue
		}
		if rest := strings.TrimPrefix(word[i+1:], "="); rest != "" {
			r.arg(word[i:i+1], rest)
			return ""
		}
		return word[i : i+1]
	}
	if name, value, ok := strings.Cut(word, "="); ok {
		r.arg(name, value)
		return ""
	}
	return word
}

// kind says what the values of a flag are: headers, bodies, assignments, or nothing known.
func kind(flag string) string {
	switch flag {
	case "H", "header", "headers":
		return "header"
	case "d", "data", "j", "json":
		return "text"
	case "p", "param", "i", "info", "f", "field":
		return "assignment"
	}
	return ""
}

// arg registers the secrets of one argument, which may be the value of a flag.
func (r *Redactor) arg(flag, a string) {
	if isVirtualKey(a) {
		r.Add(a)
	}
	if strings.HasPrefix(a, "@") {
		return
	}
	if flag != "" && SecretName(flag) && hides(a) {
		r.value(a)
	}
	if strings.HasPrefix(a, "{") || strings.HasPrefix(a, "[") {
		if !r.walk([]byte(a), flag, flag == "values") {
			r.scan(a)
		}
		return
	}
	switch kind(flag) {
	case "header":
		name, value, _ := strings.Cut(a, ":")
		r.AddHeader(strings.TrimSpace(name), value)
	case "text":
		r.AddText(a)
	case "assignment":
		r.AddAssignment(a)
	default:
		r.AddAssignment(a)
		if name, value, ok := strings.Cut(a, ": "); ok && !strings.Contains(name, " ") && IsSecret(name, value) {
			r.value(value)
		}
	}
}

// AddAssignment registers the secret of path=value or path:=JSON: the value when a name in the path is a secret's or
// leads below credential_values, a header's when the path leads below headers, extra_headers or default_headers, and
// what AddBody finds when the value is JSON. path=@file registers nothing.
func (r *Redactor) AddAssignment(assignment string) {
	path, value, ok := strings.Cut(assignment, "=")
	forced := strings.HasSuffix(path, ":")
	if path = strings.TrimSuffix(path, ":"); !ok || strings.HasPrefix(value, "@") {
		return
	}
	var last string
	header, all := false, false
	for name := range strings.SplitSeq(strings.NewReplacer(`\.`, "\x00", "[", ".", "]", "").Replace(path), ".") {
		header = header || isHeaders(last)
		last = strings.ReplaceAll(strings.TrimLeft(name, "-"), "\x00", ".")
		all = all || SecretName(last)
		if last == "credential_values" {
			all = true
		}
	}
	if isVirtualKey(value) {
		r.Add(value)
	}
	if forced || strings.HasPrefix(value, "{") || strings.HasPrefix(value, "[") {
		if r.walk([]byte(value), last, all) {
			return
		}
		r.scan(value)
	}
	switch {
	case header:
		r.AddHeader(last, value)
	default:
		r.member(last, value, all)
	}
}
