package redact

import "strings"

// SecretName says whether a body member, header or parameter of this name holds a secret: api_key, client_secret,
// azure_ad_token, vertex_credentials, Authorization and their like in snake_case, kebab-case and camelCase. It does not
// mean max_tokens, key_alias, input_cost_per_token, nor the plain names key and keys, which hold hashes as often.
// A member token may hold a key's hash as well: the caller knows.
func SecretName(name string) bool {
	words := strings.Split(snake(name), "_")
	last := words[len(words)-1]
	previous := ""
	if len(words) > 1 {
		previous = words[len(words)-2]
	}
	switch last {
	case "password", "passwd", "pwd", "passphrase", "secret", "secrets", "credentials", "credential", "authorization",
		"bearer", "cookie", "apikey", "jwt", "assertion":
		return true
	case "key":
		switch previous {
		case "", "by", "cache", "public", "primary", "foreign", "sort", "group", "partition", "object", "row", "idempotency", "help":
			return false
		}
		return true
	case "keys":
		return previous == "api"
	case "token":
		for _, w := range words[:len(words)-1] {
			switch w {
			case "per", "cost", "max", "min", "eos", "bos", "pad", "stop", "image", "audio", "text":
				return false
			}
		}
		return true
	case "id":
		return previous == "secret" || strings.HasSuffix(strings.Join(words, "_"), "access_key_id")
	case "value":
		return previous == "auth" || previous == "secret"
	case "string":
		return previous == "connection"
	case "url":
		return previous == "webhook"
	case "verifier":
		return previous == "code"
	case "code":
		return previous == "device" || previous == "authorization"
	}
	return false
}

// snake returns name in snake_case, without a path in front: metadata.apiKey is api_key.
func snake(name string) string {
	name = strings.Trim(name, "-_ \t\"'")
	if i := strings.LastIndexAny(name, ".["); i >= 0 {
		name = strings.Trim(name[i+1:], "]\"'")
	}
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		switch {
		case c == '-' || c == ' ':
			b.WriteByte('_')
		case 'A' <= c && c <= 'Z':
			lowerBefore := i > 0 && ('a' <= name[i-1] && name[i-1] <= 'z' || '0' <= name[i-1] && name[i-1] <= '9')
			acronymEnds := i > 0 && i+1 < len(name) && 'A' <= name[i-1] && name[i-1] <= 'Z' && 'a' <= name[i+1] && name[i+1] <= 'z'
			if lowerBefore || acronymEnds {
				b.WriteByte('_')
			}
			b.WriteByte(c + 'a' - 'A')
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// open says whether a member of credential_values is no secret although it stands there: hiding "openai" or "us-east-1"
// by value would spoil every text.
func open(name string) bool {
	switch snake(name) {
	case "api_base", "base_url", "api_version", "custom_llm_provider", "region", "region_name", "aws_region_name",
		"vertex_project", "vertex_location", "organization", "model", "api_type":
		return true
	}
	return false
}

// isHash says whether s is the 64 hexadecimal digits of a sha256 sum, LiteLLM's token of a key.
func isHash(s string) bool {
	if len(s) != 64 {
		return false
	}
	for i := range len(s) {
		if !isHex(s[i]) {
			return false
		}
	}
	return true
}

// isVirtualKey says whether s is spelled like a key of LiteLLM, which begin with sk- and have 16 characters or more.
func isVirtualKey(s string) bool {
	if len(s) < 16 || !strings.HasPrefix(s, "sk-") {
		return false
	}
	for i := range len(s) {
		if !isKey(s[i]) {
			return false
		}
	}
	return true
}

// IsSecret says whether the string value of a member or parameter called name is a secret to hide: not a hash, a
// reference to the gateway's environment, nor something that is masked already.
func IsSecret(name, value string) bool {
	if isVirtualKey(value) {
		switch snake(name) {
		case "key", "keys", "token", "tokens":
			return true
		}
	}
	return SecretName(name) && hides(value)
}

// hides says whether a value that stands where secrets do is one.
func hides(value string) bool {
	switch strings.ToLower(value) {
	case "true", "false", "null", "none", "undefined", "bearer":
		return false
	}
	return value != "" && !isHash(value) && !strings.HasPrefix(value, "os.environ/") && !strings.Contains(value, "***") &&
		!strings.HasPrefix(value, "sk-...") && !strings.HasPrefix(value, "sk-…") && value != hidden
}
