package builtin

import (
	"bytes"
	"encoding/json"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"google.golang.org/protobuf/encoding/protojson"
)

// Render returns the manifest of a plugin as it is kept in the repository.
func Render(p *sdk.Plugin) ([]byte, error) {
	m, err := p.Manifest()
	if err != nil {
		return nil, err
	}
	raw, err := protojson.Marshal(m)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "\t"); err != nil { // protojson varies its own white space on purpose
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}
