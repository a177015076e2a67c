package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
)

// longestStem is the most bytes of a file's name without its ending. File systems take 255.
const longestStem = 120

// escapeAccount is an account as a part of a file's name or a URL's path: lower-case letters, digits, - and _ are themselves, and
// dots within; all else is %XX, byte by byte. So two accounts never have one name, not even where file names ignore case or
// Unicode's forms, and no name means something to a file system. One that would be too long ends in ~ and its hash.
func escapeAccount(account string) string {
	if account == "" {
		return "%" // which is no escape
	}
	var b strings.Builder
	for i := range len(account) {
		c := account[i]
		switch {
		case 'a' <= c && c <= 'z' && (i > 0 || !isDevice(account)), '0' <= c && c <= '9', c == '-', c == '_':
			b.WriteByte(c)
		case c == '.' && i > 0 && i < len(account)-1:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	name := b.String()
	if len(name) > longestStem {
		sum := sha256.Sum256([]byte(account))
		hash := hex.EncodeToString(sum[:])
		name = strings.TrimRight(name[:longestStem-len(hash)-1], "%") + "~" + hash
	}
	return name
}

// isDevice says whether Windows takes a file of this name, with any ending, for a device.
func isDevice(name string) bool {
	name, _, _ = strings.Cut(name, ".")
	switch name {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(name) == 4 && (strings.HasPrefix(name, "com") || strings.HasPrefix(name, "lpt")) && '0' <= name[3] && name[3] <= '9'
}

// tilde is a path as people read it.
func tilde(path string, getenv func(string) string) string {
	home := getenv("HOME")
	if !filepath.IsAbs(home) {
		return path
	}
	if rest, ok := strings.CutPrefix(path, strings.TrimRight(home, string(filepath.Separator))+string(filepath.Separator)); ok {
		return filepath.Join("~", rest)
	}
	return path
}
