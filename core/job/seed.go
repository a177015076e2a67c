package job

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"sync"
)

const (
	seedFile   = "seed"
	seedLength = 32 // bytes
)

// keyring makes the secrets of a job from its seed.
type keyring struct {
	mu   sync.RWMutex
	seed []byte // nil: there is none any more
}

// newSeed makes the seed of a job. It is on disk when newSeed returns; its directory is not.
func newSeed(dir string) (*keyring, error) {
	seed := make([]byte, seedLength)
	rand.Read(seed) // never returns an error
	f, err := os.OpenFile(filepath.Join(dir, seedFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = f.Write(seed)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return &keyring{seed: seed}, err
}

// readSeed reads the seed of a job and compares it with the proof that its journal has. Without a seed the keyring is empty. The
// caller has the job's lock: one that a run was killed at the destruction of is removed.
func readSeed(dir string, proof []byte) (*keyring, error) {
	seed, err := os.ReadFile(filepath.Join(dir, seedFile))
	if errors.Is(err, os.ErrNotExist) {
		return &keyring{}, nil
	}
	if err != nil {
		return nil, err
	}
	if bytes.Equal(seed, make([]byte, seedLength)) {
		return &keyring{}, destroySeed(dir)
	}
	k := &keyring{seed: seed}
	if len(seed) != seedLength || !hmac.Equal(k.proof(), proof) {
		return nil, errors.New("it is not the one that the job was begun with")
	}
	return k, nil
}

// proof tells whether a seed is the job's, and nothing of the seed.
func (k *keyring) proof() []byte { return k.mac("proof") }

// whole reports whether there is a seed.
func (k *keyring) whole() bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.seed != nil
}

// mac is HMAC-SHA256 of the parts, each behind its length; nil without a seed. The first part says what it is for.
func (k *keyring) mac(parts ...string) []byte {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.seed == nil {
		return nil
	}
	h := hmac.New(sha256.New, k.seed)
	for _, p := range parts {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(p)))
		h.Write(length[:])
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}

// forget removes the seed from memory.
func (k *keyring) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.seed)
	k.seed = nil
}

// destroySeed overwrites and removes the seed of a directory. One that is gone is none to destroy.
//
// What a disk or a file system keeps of overwritten blocks is out of a program's reach.
func destroySeed(dir string) error {
	path := filepath.Join(dir, seedFile)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, seedLength))
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Remove(path)
	}
	if err == nil {
		err = syncDir(dir)
	}
	return err
}
