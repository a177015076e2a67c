//go:build linux

package auth

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

func TestIsNoService(t *testing.T) {
	_, dead := net.Dial("unix", filepath.Join(t.TempDir(), "bus"))
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"nothing":         {nil, false},
		"a dead bus":      {dead, true},
		"nobody serves":   {dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"}, true},
		"wrapped":         {fmt.Errorf("x: %w", dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"}), true},
		"does not start":  {dbus.Error{Name: "org.freedesktop.DBus.Error.Spawn.ChildExited"}, true},
		"has no keyring":  {dbus.Error{Name: "org.freedesktop.Secret.Error.NoSuchObject"}, true},
		"is locked":       {dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}, false},
		"does not answer": {dbus.Error{Name: "org.freedesktop.DBus.Error.NoReply"}, false},
		"another error":   {errors.New("x"), false},
	} {
		if got := isNoService(c.err); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// keyringSession runs this binary as "session TEST" in a D-Bus session of its own, with a home of its own, and returns the home.
func keyringSession(t *testing.T, test string) string {
	t.Helper()
	for _, tool := range []string{"dbus-run-session", "dbus-daemon", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	home, err := os.MkdirTemp("", "kr") // a short path, for the sockets
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	runtime := filepath.Join(home, "run")
	must(t, os.Mkdir(runtime, 0o700))
	bus := filepath.Join(home, "bus.conf") // without services that start by themselves
	must(t, os.WriteFile(bus, []byte(`<busconfig><type>session</type><listen>unix:dir=`+runtime+`</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`), 0o600))
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, "dbus-run-session", "--config-file="+bus, "--", os.Args[0])
	cmd.Env = []string{storeChild + "=session " + test, "PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_RUNTIME_DIR=" + runtime, "GORACE=atexit_sleep_ms=0"}
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "well done") {
		t.Fatalf("%v\n%s", err, out)
	}
	return home
}

// serve starts a keyring service, which ends with its bus: with a keyring that is open, or, as it starts where nobody has
// given a password, without any.
func serve(how string) error {
	bus, err := dbus.SessionBus()
	if err != nil {
		return err
	}
	changes := make(chan *dbus.Signal, 16)
	bus.Signal(changes)
	if err := bus.AddMatchSignal(dbus.WithMatchMember("NameOwnerChanged")); err != nil {
		return err
	}
	cmd := exec.Command("gnome-keyring-daemon", how, "--components=secrets")
	cmd.Stdin = strings.NewReader("password")
	if err := cmd.Run(); err != nil {
		return err
	}
	for there := false; ; <-changes { // it is not there yet when its command has ended
		if err := bus.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, "org.freedesktop.secrets").Store(&there); err != nil || there {
			bus.RemoveSignal(changes)
			return err
		}
	}
}

// lockKeyring locks what serve has opened.
func lockKeyring() error {
	bus, err := dbus.SessionBus()
	if err != nil {
		return err
	}
	login := []dbus.ObjectPath{"/org/freedesktop/secrets/collection/login"}
	return bus.Object("org.freedesktop.secrets", "/org/freedesktop/secrets").Call("org.freedesktop.Secret.Service.Lock", 0, login).Err
}

// inSession is what runs in that session.
func inSession(args []string) int {
	err := keyringSessions[args[0]](StoreOptions{
		Dir: filepath.Join(os.Getenv("HOME"), "state", "credentials"), Getenv: os.Getenv, KeyringLimit: 20 * time.Second,
	})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("well done")
	return 0
}

var keyringSessions = map[string]func(StoreOptions) error{
	"unlocked": func(o StoreOptions) error {
		ctx := context.Background()
		if err := serve("--unlock"); err != nil {
			return err
		}
		s, err := NewStore("", o)
		if err != nil {
			return err
		}
		// From a file, which an earlier session without a keyring has left, into the keyring.
		if err := newFileStore(o).Put(ctx, "prod", signInOf(storeCanary+"-old")); err != nil {
			return err
		}
		for _, account := range []string{"prod", "Prod é", "gone"} {
			if err := s.Put(ctx, account, signInOf(storeCanary)); err != nil {
				return err
			}
			if key := keyIn(s, account); key != storeCanary {
				return fmt.Errorf("%s: %s", account, key)
			}
		}
		if s.Name() != "the system keyring (service litellm-proxy)" {
			return errors.New(s.Name())
		}
		if err := s.Delete(ctx, "gone"); err != nil || keyIn(s, "gone") != "none" {
			return fmt.Errorf("deleted: %v, %s", err, keyIn(s, "gone"))
		}
		if err := s.Delete(ctx, "gone"); !errors.Is(err, ErrNone) {
			return fmt.Errorf("deleted again: %w", err)
		}
		return nil
	},
	// One that is locked fails: what it holds is not forgotten. Nobody is there to be asked.
	"locked": func(o StoreOptions) error {
		ctx := context.Background()
		o.KeyringLimit = 5 * time.Second
		s, err := NewStore("", o)
		if err == nil {
			err = serve("--unlock")
		}
		if err == nil {
			err = s.Put(ctx, "prod", signInOf(storeCanary))
		}
		if err == nil {
			err = lockKeyring()
		}
		if err != nil {
			return err
		}
		if _, err := s.Get(ctx, "prod"); err == nil || errors.Is(err, ErrNone) || errors.Is(err, ErrNoKeyring) {
			return fmt.Errorf("get: %w", err)
		}
		if err := s.Put(ctx, "prod", signInOf("new")); err != nil || keyIn(s, "prod") != "new" {
			return fmt.Errorf("put: %w", err)
		}
		return nil
	},
	"fresh": func(o StoreOptions) error {
		if err := serve("--start"); err != nil {
			return err
		}
		return withoutKeyring(o)
	},
	"alone": withoutKeyring,
}

func withoutKeyring(o StoreOptions) error {
	ctx := context.Background()
	if _, err := newKeyringStore(o).Get(ctx, "prod"); !errors.Is(err, ErrNoKeyring) {
		return fmt.Errorf("get: %w", err)
	}
	s, err := NewStore(KindAuto, o)
	if err != nil {
		return err
	}
	if key := keyIn(s, "prod"); key != "none" {
		return errors.New(key)
	}
	if err := s.Put(ctx, "prod", signInOf("x")); err != nil {
		return err
	}
	if s.Name() != "~/state/credentials/prod.json" {
		return errors.New(s.Name())
	}
	return s.Delete(ctx, "prod")
}

func TestRealKeyring(t *testing.T) {
	home := keyringSession(t, "unlocked")
	if found := holds(t, home, "canary"); found != nil {
		t.Errorf("the secret is in clear in %v", found)
	}
	if kept, _ := filepath.Glob(filepath.Join(home, ".local/share/keyrings/*.keyring")); len(kept) == 0 {
		t.Error("there is no keyring in that home: where is the secret?")
	}
	if left, _ := os.ReadDir(filepath.Join(home, "state", "credentials")); len(left) != 0 {
		t.Errorf("the file is still there: %v", left)
	}
}

func TestLockedKeyring(t *testing.T) { keyringSession(t, "locked") }

// A bus on which nobody serves secrets, and a service without a keyring, are no keyring.
func TestNoKeyring(t *testing.T) {
	for _, how := range []string{"alone", "fresh"} {
		t.Run(how, func(t *testing.T) { keyringSession(t, how) })
	}
}
