package builtin

import (
	"bytes"
	"encoding/json"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// Render returns the manifest of a plugin as it is kept in the repository: in binary form, and as JSON.
func Render(p *sdk.Plugin) (binary, text []byte, err error) {
	m, err := p.Manifest()
	if err != nil {
		return nil, nil, err
	}
	if binary, err = (proto.MarshalOptions{Deterministic: true}).Marshal(m); err != nil {
		return nil, nil, err
	}
	raw, err := protojson.Marshal(m)
	if err != nil {
		return nil, nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "\t"); err != nil { // protojson varies its own white space on purpose
		return nil, nil, err
	}
	out.WriteByte('\n')
	return binary, out.Bytes(), nil
}
