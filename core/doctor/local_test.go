package doctor

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes say nothing there")
	}
	credentials := func(home string) string { return filepath.Join(home, "state", "credentials") }
	keep := func(t *testing.T, home, name string, mode os.FileMode) string {
		must(t, os.MkdirAll(credentials(home), 0o700))
		path := filepath.Join(credentials(home), name)
		must(t, os.WriteFile(path, []byte("secret=x"), 0o600))
		must(t, os.Chmod(path, mode))
		return path
	}
	for name, c := range map[string]struct {
		make func(t *testing.T, home string, l *Local)
		code problem.Code
		want string // all of it
	}{
		"nothing there": {func(*testing.T, string, *Local) {}, 0, "o configuration: your writes are noted in ~/state/audit\n"},
		"well": {func(t *testing.T, home string, _ *Local) {
			keep(t, home, "prod.json", 0o600)
			keep(t, home, "prod.lock", 0o644)
		}, 0, "o configuration: your writes are noted in ~/state/audit\n"},
		"no log":  {func(_ *testing.T, _ string, l *Local) { l.NoAudit = true }, 0, "w configuration: the log of your writes is switched off\n"},
		"no home": {func(_ *testing.T, _ string, l *Local) { *l = Local{} }, 0, ""},
		"a file that others read": {func(t *testing.T, home string, _ *Local) { keep(t, home, "prod.json", 0o644) }, 2,
			"b configuration: ~/state/credentials/prod.json: others can read it (mode 0644), so what is in it is not used\no configuration: your writes are noted in ~/state/audit\n"},
		"a link": {func(t *testing.T, home string, _ *Local) {
			must(t, os.Rename(keep(t, home, "prod.json", 0o600), filepath.Join(home, "elsewhere")))
			must(t, os.Symlink(filepath.Join(home, "elsewhere"), filepath.Join(credentials(home), "prod.json")))
		}, 2, "b configuration: ~/state/credentials/prod.json: it is not a regular file, so what is in it is not used\no configuration: your writes are noted in ~/state/audit\n"},
		"a directory that others write in": {func(t *testing.T, home string, _ *Local) {
			keep(t, home, "prod.json", 0o600)
			must(t, os.Chmod(credentials(home), 0o777))
		}, 2, "b configuration: ~/state/credentials: others may write there (mode 0777), so what is in it is not used\no configuration: your writes are noted in ~/state/audit\n"},
		"a file in the way": {func(t *testing.T, home string, _ *Local) {
			must(t, os.WriteFile(filepath.Join(home, "state"), nil, 0o600))
		}, 0,
			"w configuration: the log, locks and sign-ins cannot be kept: ~/state: not a directory\nw configuration: the log of your writes cannot be written: ~/state/audit: not a directory\n"},
	} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			l := Local{Config: filepath.Join(home, "config"), State: filepath.Join(home, "state"), Credentials: credentials(home), Audit: filepath.Join(home, "state", "audit"), Home: home}
			c.make(t, home, &l)
			before := listing(t, home)
			all := l.Files()
			if text := written(all); text != c.want || Worst(all) != c.code {
				t.Errorf("%d\n%s\nwant %d\n%s", Worst(all), text, c.code, c.want)
			}
			if after := listing(t, home); after != before {
				t.Errorf("it has changed something: %s, was %s", after, before)
			}
		})
	}
}

// What this user may not write is said. The superuser may write everything.
func TestReadOnly(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("this user may write everything here")
	}
	home := t.TempDir()
	state, audit := filepath.Join(home, "state"), filepath.Join(home, "state", "audit")
	must(t, os.MkdirAll(audit, 0o700))
	must(t, os.WriteFile(filepath.Join(audit, "log.jsonl"), nil, 0o400))
	must(t, os.Chmod(state, 0o500))
	t.Cleanup(func() { _ = os.Chmod(state, 0o700) })
	text := written(Local{State: state, Audit: audit}.Files())
	for _, want := range []string{"cannot be kept: " + state + ": permission denied", "cannot be written: " + audit + ": permission denied"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// listing is all that is in a directory.
func listing(t *testing.T, dir string) string {
	var names []string
	must(t, filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		names = append(names, path)
		return err
	}))
	return strings.Join(names, "\n")
}
