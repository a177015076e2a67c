package gateway

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"time"
)

// seed is what a new database holds.
type seed struct {
	name   string
	models []seedModel
}

type seedModel struct {
	id, name   string
	configured bool
	params     string
}

// seedNamed returns the seed called name; "" is the demo.
func seedNamed(name string) (seed, error) {
	configured := []seedModel{
		{"sandbox-mock-gpt", "mock-gpt", true, `{"model":"openai/gpt-4o-mini","mock_response":"Hello from the sandbox"}`},
		{"sandbox-mock-claude", "mock-claude", true, `{"model":"anthropic/claude-3-5-sonnet-20241022","mock_response":"Bonjour from the sandbox"}`},
	}
	switch name {
	case "empty":
		return seed{"empty", configured}, nil
	case "demo", "":
		return seed{"demo", append(configured, seedModel{"sandbox-gpt-4o-mini-eu", "gpt-4o-mini-eu", false,
			`{"model":"azure/gpt-4o-mini","api_base":"https://eu.example.com","rpm":100,"mock_response":"Hello from the EU"}`})}, nil
	}
	return seed{}, fmt.Errorf("unknown sandbox seed %q: use demo or empty", name)
}

// plant inserts the rows of the seed.
func (s seed) plant(st *store, now time.Time) error {
	for _, m := range s.models {
		params, err := parseObject(m.params)
		if err != nil {
			return fmt.Errorf("seed model %q: %w", m.name, err)
		}
		d := newDeployment(m.id, m.name, params, object{}, now, adminUser)
		d.configured = m.configured
		if err := d.insert(st); err != nil {
			return fmt.Errorf("seed model %q: %w", m.name, err)
		}
	}
	return nil
}

const secretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// newSecret returns a key of n random characters behind "sk-".
func newSecret(n int) string {
	b := make([]byte, n)
	for i := range b {
		// rand.Int does not fail: crypto/rand.Reader never returns an error.
		k, _ := rand.Int(rand.Reader, big.NewInt(int64(len(secretAlphabet))))
		b[i] = secretAlphabet[k.Int64()]
	}
	return "sk-" + string(b)
}
