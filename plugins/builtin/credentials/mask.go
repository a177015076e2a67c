package credentials

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
)

// masked returns a credential with its secrets masked, and all else as it was, the order of members and the digits of
// numbers included. The gateway masks by name alone, and shows the values of all other names in clear (observed on
// LiteLLM 1.106.2 and 1.83.14): so of credential_values everything is masked here whose name is not known to be plain.
func masked(raw []byte) []byte {
	d := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	var out []byte
	for at, end := 0, 0; ; {
		t, err := d.ReadToken()
		if err != nil {
			return append(out, raw[at:]...)
		}
		from := end
		end = int(d.InputOffset())
		if kind, length := d.StackIndex(d.StackDepth()); t.Kind() != '"' && t.Kind() != '0' || kind == '{' && length%2 == 1 {
			continue // not a value, or a name
		}
		name, isValue := place(d)
		mask, hide := hidden(name, t.String(), isValue && t.Kind() == '"')
		if !hide {
			continue
		}
		from += bytes.IndexFunc(raw[from:end], func(r rune) bool { return !strings.ContainsRune(" \t\r\n:,", r) })
		quoted, _ := jsontext.AppendQuote(nil, mask)
		out = append(append(out, raw[at:from]...), quoted...)
		at = end
	}
}

// place returns the name of the member that the value just read belongs to, and whether it is one of credential_values.
func place(d *jsontext.Decoder) (name string, isValue bool) {
	for token := range d.StackPointer().Tokens() {
		isValue = isValue || token == "credential_values"
		if strings.Trim(token, "0123456789") != "" {
			name = token
		}
	}
	return name, isValue
}

// hidden returns what is shown in place of a value, if it is to be hidden.
func hidden(name, value string, isValue bool) (mask string, hide bool) {
	switch {
	case value == "" || strings.Contains(value, "***") || strings.HasPrefix(value, "os.environ/"):
		return "", false
	case !litellm.MaybeSecret(name) && !isSecretValue(value) && (!isValue || isPlain(name)):
		return "", false
	}
	runes := []rune(value)
	if len(runes) < 12 {
		return "*****", true
	}
	return string(runes[:2]) + "****" + string(runes[len(runes)-2:]), true
}

// isPlain says whether a member of credential_values is an address, a version or a name: what people need to see.
func isPlain(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"api_base", "base_url", "endpoint", "version", "region", "region_name", "location", "project", "organization",
		"provider", "model", "host", "port", "domain", "scope", "tenant_id", "client_id", "project_id", "deployment_id", "space_id", "profile_name",
		"role_name", "session_name", "api_type", "auth_type"} {
		if name == word || strings.HasSuffix(name, "_"+word) {
			return true
		}
	}
	return false
}

// isSecretValue says whether a text is spelled like a secret, whatever its name.
func isSecretValue(value string) bool {
	for _, prefix := range []string{"sk-", "AKIA", "ASIA", "AIza", "eyJ", "ghp_", "gsk_", "hf_", "xox", "Bearer ", "Basic ", "-----BEGIN"} {
		if strings.HasPrefix(value, prefix) {
			return true
		}
	}
	_, address, isURL := strings.Cut(value, "://")
	host, _, _ := strings.Cut(address, "/")
	return isURL && (strings.Contains(host, "@") || strings.ContainsAny(address, "?")) || strings.Contains(value, "private_key")
}
