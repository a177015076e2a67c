// Package auth is where the gateway's key comes from, and where it is kept: the ways to sign in, and the stores.
package auth

import "time"

// Flow is how a credential was got.
type Flow string

// The flows. Source: LiteLLM 1.106.2 and 1.83.14, observed.
const (
	Given   Flow = "key"     // a key that somebody had, and gave to be kept
	PKCE    Flow = "pkce"    // the browser comes back to this machine; the credential can be renewed
	Classic Flow = "classic" // any browser, and a code that ties it to this terminal
	Legacy  Flow = "legacy"  // as LiteLLM 1.83.14 has it: any browser, no code
)

// SignIn is a credential for one gateway, with what is known of it and what renews it. It is kept whole, as one secret.
type SignIn struct {
	URL    string `json:"url"` // the gateway's address, without a final slash; it is sent nowhere else
	Flow   Flow   `json:"flow"`
	Key    string `json:"key"`
	UserID string `json:"user_id,omitempty"`
	Email  string `json:"user_email,omitempty"`
	Role   string `json:"user_role,omitempty"`
	TeamID string `json:"team_id,omitempty"` // the team that the credential acts in

	Since   time.Time  `json:"since"`             // when it was got, or renewed
	Expires *time.Time `json:"expires,omitempty"` // nil: not known

	// Of PKCE alone.
	RefreshToken string `json:"refresh_token,omitempty"`
	ClientID     string `json:"client_id,omitempty"`
	Resource     string `json:"resource,omitempty"`   // the gateway's own name for itself
	TokenURL     string `json:"token_url,omitempty"`  // same origin as URL
	RevokeURL    string `json:"revoke_url,omitempty"` // same origin as URL
}

// Renewable says whether the credential can be renewed without a person.
func (s *SignIn) Renewable() bool { return s.RefreshToken != "" }
