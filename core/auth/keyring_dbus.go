//go:build !darwin && !windows

package auth

import (
	"errors"
	"net"
	"strings"

	"github.com/godbus/dbus/v5"
)

// isNoService says whether an error means that nobody serves secrets on the session's bus, or that there is no such bus.
func isNoService(err error) bool {
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return true
	}
	var said dbus.Error
	if !errors.As(err, &said) {
		return false
	}
	switch said.Name {
	case "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner",
		"org.freedesktop.DBus.Error.UnknownObject", "org.freedesktop.DBus.Error.UnknownMethod", "org.freedesktop.Secret.Error.NoSuchObject":
		return true
	}
	return strings.HasPrefix(said.Name, "org.freedesktop.DBus.Error.Spawn.")
}

// hasNoCollection says whether an error comes from the service's having no keyring that secrets are put in. One that was
// started without anybody's password, as on a server, has none, and the library takes that for one that stays locked
// (go-keyring 0.2.8).
func hasNoCollection(err error) bool {
	if err == nil || !strings.HasPrefix(err.Error(), "failed to unlock") {
		return false
	}
	bus, err := dbus.SessionBus() // the library's own connection
	if err != nil {
		return false
	}
	var path dbus.ObjectPath
	service := bus.Object("org.freedesktop.secrets", "/org/freedesktop/secrets")
	err = service.Call("org.freedesktop.Secret.Service.ReadAlias", 0, "default").Store(&path)
	return err == nil && path == "/"
}
