package litellm

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

// EmitWith prints a row of the gateway's with further members at its end, given as name, value, name, value.
func EmitWith(inv *sdk.Invocation, row json.RawMessage, more ...any) error {
	for i := 0; i+1 < len(more); i += 2 {
		var err error
		if row, err = With(row, more[i].(string), more[i+1]); err != nil {
			return err
		}
	}
	return inv.Emit(row)
}

// Number is a whole number as it stands in JSON.
func Number(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }

// Count is a number of things in words: 1 key, 2 keys.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// MaybeSecret says whether a member of this name may hold a secret. In doubt it does.
func MaybeSecret(name string) bool {
	name = strings.ToLower(name)
	switch {
	case name == "credential_name", name == "litellm_credential_name", strings.HasSuffix(name, "_tokens"),
		strings.Contains(name, "per_token"), strings.Contains(name, "cost"):
		return false
	}
	for _, word := range []string{
		"key", "secret", "token", "password", "passwd", "pwd", "passphrase", "credential", "authorization", "cookie", "jwt", "assertion",
		"webhook", "connection_string",
	} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
