package chat

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

// shelf is the directory of the conversations that are kept: a file NAME.json each, which only this user can read.
type shelf struct{ dir string }

// shelfOf is the shelf of a command; its dir is "" where there is no place for one.
func shelfOf(inv *sdk.Invocation) shelf {
	if inv.DataDir() == "" {
		return shelf{}
	}
	return shelf{filepath.Join(inv.DataDir(), "conversations")}
}

const (
	longestName = 64
	// largestFile is how much is read of a file, in bytes.
	largestFile = 64 << 20
)

// checkName refuses what is no file's name everywhere, and what would hide the file or leave the shelf.
func checkName(name string) error {
	switch {
	case name == "":
		return errors.New("a name is missing")
	case !utf8.ValidString(name) || utf8.RuneCountInString(name) > longestName:
		return fmt.Errorf("a name has at most %d characters", longestName)
	case name[0] == '.':
		return errors.New("a name does not begin with a dot")
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !strings.ContainsRune("-_.", r) {
			return fmt.Errorf("a name has letters, digits, dots, - and _, and no %q", r)
		}
	}
	return nil
}

func (s shelf) path(name string) (string, error) {
	if s.dir == "" {
		return "", errors.New("there is no directory for conversations: this user has no home")
	}
	if err := checkName(name); err != nil {
		return "", err
	}
	return filepath.Join(s.dir, name+".json"), nil
}

// has reports whether there is a conversation of a name.
func (s shelf) has(name string) bool {
	path, err := s.path(name)
	if err != nil {
		return false
	}
	_, err = os.Lstat(path)
	return err == nil
}

// save writes a conversation: all of it, or nothing.
func (s shelf) save(name string, c conversation) (string, error) {
	path, err := s.path(name)
	if err != nil {
		return "", fmt.Errorf("cannot save the conversation: %w", err)
	}
	raw, err := json.MarshalIndent(c, "", "\t")
	if err == nil {
		err = os.MkdirAll(s.dir, 0o700)
	}
	if err == nil {
		err = replace(path, append(raw, '\n'))
	}
	if err != nil {
		return "", fmt.Errorf("cannot save the conversation: %w", err)
	}
	return path, nil
}

// replace writes a file of mode 0600 in another one's place.
func replace(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// load reads a conversation.
func (s shelf) load(name string) (*conversation, error) {
	path, err := s.path(name)
	if err != nil {
		return nil, fmt.Errorf("cannot load a conversation: %w", err)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no conversation %s: /list shows them", name)
	case err == nil && !info.Mode().IsRegular():
		return nil, fmt.Errorf("cannot load %s: %s is no file", name, path)
	case err == nil && info.Size() > largestFile:
		return nil, fmt.Errorf("cannot load %s: it has more than %d MiB", name, largestFile>>20)
	}
	var raw []byte
	if err == nil {
		raw, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot load %s: %w", name, err)
	}
	var c conversation
	if json.Unmarshal(raw, &c) != nil || c.Model == "" {
		return nil, fmt.Errorf("cannot load %s: %s holds no conversation", name, path)
	}
	for _, t := range c.Turns {
		if t.Role != "user" && t.Role != "assistant" {
			return nil, fmt.Errorf("cannot load %s: %s holds a message of %q", name, path, t.Role)
		}
	}
	return &c, nil
}

// kept is a conversation on the shelf.
type kept struct {
	conversation
	name  string
	saved time.Time
}

// list reads those that can be read, by name.
func (s shelf) list() ([]kept, error) {
	entries, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) || s.dir == "" {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot list conversations: %w", err)
	}
	var out []kept
	for _, e := range entries {
		name, isJSON := strings.CutSuffix(e.Name(), ".json")
		info, err := e.Info()
		if !isJSON || err != nil {
			continue
		}
		if c, err := s.load(name); err == nil {
			out = append(out, kept{*c, name, info.ModTime()})
		}
	}
	return out, nil
}
