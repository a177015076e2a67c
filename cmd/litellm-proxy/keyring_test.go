//go:build linux

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestKeyring signs in where there is a keyring, over a D-Bus session of its own: what is kept is in it and in no file, and
// commands, renewal and logout find it there.
func TestKeyring(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"dbus-run-session", "dbus-daemon", "dbus-send", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	g := newSignInGateway(t)
	h := newHome(t, "")
	browser, err := exec.LookPath("browse")
	if err != nil {
		t.Fatal(err)
	}
	bus := filepath.Join(h.dir, "bus.conf") // without services that start by themselves
	conf := `<busconfig><type>session</type><listen>unix:dir=` + h.dir + `</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`
	if err := os.WriteFile(bus, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	// The keyring's command ends before its service has its name: dbus-send waits for that.
	script := `set -eu
printf password | gnome-keyring-daemon --unlock --components=secrets >"$HOME/keyring.log" 2>&1
n=0
until gdbus_name; do n=$((n+1)); test $n -lt 200; sleep 0.05; done
"$PROGRAM" login "$GATEWAY"
"$PROGRAM" whoami --jq .user_email
"$PROGRAM" models list --jq length
"$PROGRAM" profile list --jq '.[] | select(.user) | .kept_in'
find "$HOME/state/litellm-proxy/credentials" -type f 2>/dev/null || true
"$PROGRAM" auth print-token >"$HOME/token"
grep -rlF -f "$HOME/token" "$HOME" --exclude=token && exit 9
rm "$HOME/token"
"$PROGRAM" logout
"$PROGRAM" models list && exit 8 || test $? -eq 4
`
	script = strings.ReplaceAll(script, "gdbus_name", `dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetNameOwner string:org.freedesktop.secrets >/dev/null 2>&1`)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, "dbus-run-session", "--config-file="+bus, "--", "sh", "-c", script)
	cmd.Env = append(h.env, "PATH="+os.Getenv("PATH"), "LITELLM_PROXY_URL=", "LITELLM_PROXY_API_KEY=", "BROWSER="+browser, "PROGRAM="+h.program, "GATEWAY="+g.URL)
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	text := string(out)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, want := range []string{
		"Kept in the system keyring (service litellm-proxy), as profile " + profileOf(g), "ada@example.com\n", "\n1\n", "removed from the system keyring",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if renewed, _ := g.counts(); renewed < 3 {
		t.Errorf("renewed %d times", renewed)
	}
}
