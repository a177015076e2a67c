package sdk

import (
	"context"
	"encoding/json"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Secret stands for a secret that the host has made. This process never has the secret itself: as JSON, in a request's body
// or a record, it is a reference that the host replaces on the way out, and puts in the secret's place in answers.
type Secret struct {
	ref string
	// SHA256 is the secret's hash in 64 lower-case hexadecimal digits, which is what LiteLLM knows a key by.
	SHA256 string
}

// MarshalJSON gives the reference.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(s.ref) }

// String gives the reference.
func (s Secret) String() string { return s.ref }

// NewSecret has the host make a secret of 192 random bits behind prefix.
func (inv *Invocation) NewSecret(ctx context.Context, prefix string) (Secret, error) {
	answer, err := inv.link.ask(ctx, func(id uint64) *protocol.ToHost {
		return &protocol.ToHost{Message: &protocol.ToHost_Secret{Secret: &protocol.NewSecret{Id: id, Prefix: prefix}}}
	})
	if err != nil {
		return Secret{}, err
	}
	if e := answer.GetSecret().GetError(); e != nil {
		return Secret{}, e.Problem()
	}
	return Secret{answer.GetSecret().GetRef(), answer.GetSecret().GetSha256()}, nil
}

// SaveTo appends text, in which references become secrets, to the new file that a flag with the tag saves:"" names. It is
// on disk when SaveTo returns its path. The file has the mode 0600 and must not exist before the run; it is removed again
// if the command fails and says that nothing was changed.
func (inv *Invocation) SaveTo(ctx context.Context, flag, text string) (path string, err error) {
	return inv.save(ctx, &protocol.Save{Flag: flag, Data: []byte(text)})
}

// SaveAs is SaveTo with a new file in the user's state directory, whose name begins with name.
func (inv *Invocation) SaveAs(ctx context.Context, name, text string) (path string, err error) {
	return inv.save(ctx, &protocol.Save{Name: name, Data: []byte(text)})
}

func (inv *Invocation) save(ctx context.Context, request *protocol.Save) (string, error) {
	answer, err := inv.link.ask(ctx, func(id uint64) *protocol.ToHost {
		request.Id = id
		return &protocol.ToHost{Message: &protocol.ToHost_Save{Save: request}}
	})
	if err != nil {
		return "", err
	}
	if e := answer.GetSave().GetError(); e != nil {
		return "", e.Problem()
	}
	return answer.GetSave().GetPath(), nil
}
