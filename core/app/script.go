package app

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/script"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// named is a script that a line names: a file, or one that ships with the program.
type named struct {
	name string // as the person wrote it
	path string
	fs   fs.FS // that of the shipped ones; nil for a file
}

// isFile says whether a script's name is that of a file: it has a slash or the ending of one.
func isFile(name string) bool {
	return strings.ContainsAny(name, `/\`) || slices.Contains([]string{".ts", ".js"}, strings.ToLower(filepath.Ext(name)))
}

// findScript finds the script of a name.
func (s *session) findScript(name string) (named, error) {
	if isFile(name) {
		return named{name: name, path: name}, nil
	}
	if s.Scripts != nil {
		if _, err := fs.Stat(s.Scripts, name+".ts"); err == nil {
			return named{name: name, path: name + ".ts", fs: s.Scripts}, nil
		}
	}
	return named{}, problem.New(problem.NotFound, "there is no script %q", name).
		WithHint("litellm-proxy script list names those that ship with the program; a file is named with its ending: ./%s.ts", name)
}

// build makes a program of a script.
func (s *session) build(ctx context.Context, n named) (*script.Program, error) {
	manifests, err := s.manifests()
	if err != nil {
		return nil, err
	}
	return script.Build(ctx, script.BuildOptions{Path: n.path, WorkDir: s.WorkDir, FS: n.fs, Manifests: manifests})
}

// manifests are those of all plugins.
func (s *session) manifests() ([]*protocol.Manifest, error) {
	var out []*protocol.Manifest
	for _, b := range s.Builtins {
		m, err := b.ReadManifest()
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// shipped lists the scripts that ship with the program.
func (s *session) shipped() ([]string, error) {
	if s.Scripts == nil {
		return nil, nil
	}
	files, err := fs.Glob(s.Scripts, "*.ts")
	for i := range files {
		files[i] = strings.TrimSuffix(files[i], ".ts")
	}
	return files, err
}

// listed is the record of a script.
type listed struct {
	Name    string `json:"name"`
	Summary string `json:"summary"`
}

func runScriptList(ctx context.Context, s *session, line *command.Line) error {
	names, err := s.shipped()
	if err != nil {
		return err
	}
	var rows []listed
	for _, name := range names {
		n, err := s.findScript(name)
		if err != nil {
			return err
		}
		p, err := s.build(ctx, n)
		if err != nil {
			return err
		}
		rows = append(rows, listed{name, p.Summary})
	}
	return emit(ctx, s, line, rows...)
}

// source is the text of a script.
func (s *session) source(name string) ([]byte, error) {
	n, err := s.findScript(name)
	if err != nil {
		return nil, err
	}
	if n.fs != nil {
		return fs.ReadFile(n.fs, n.path)
	}
	text, err := os.ReadFile(s.inWorkDir(n.path))
	if err != nil {
		return nil, problem.Wrap(problem.Usage, err, "cannot read the script %s", name)
	}
	return text, nil
}

// inWorkDir is where a relative path of the command line leads.
func (s *session) inWorkDir(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(s.WorkDir, path)
}

func runScriptShow(_ context.Context, s *session, line *command.Line) error {
	text, err := s.source(value(line, "script"))
	if err != nil {
		return err
	}
	return s.print(string(text))
}

// checked is the record of what is wrong with a script.
type checked struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// runScriptCheck finds what is wrong with scripts without running them.
func runScriptCheck(ctx context.Context, s *session, line *command.Line) error {
	manifests, err := s.manifests()
	if err != nil {
		return err
	}
	var found []checked
	names := values(line, "script")
	for _, name := range names {
		n, err := s.findScript(name)
		if err != nil {
			return err
		}
		p, err := s.build(ctx, n)
		if err == nil {
			var findings []script.Finding
			if findings, err = script.Check(p, manifests); err == nil {
				for _, f := range findings {
					found = append(found, checked{f.File, f.Line, f.Column, f.Message})
				}
				_, err = s.signature(ctx, p, script.Limits{Turn: 2 * time.Second, Memory: 256 << 20})
			}
		}
		if f := failureOf(err); f != nil && f.File != "" {
			if !slices.ContainsFunc(found, func(c checked) bool { return c.File == f.File && c.Line == f.Line }) {
				found = append(found, checked{f.File, f.Line, f.Column, f.Problem.Message})
			}
		} else if err != nil {
			return err
		}
	}
	if line.Globals.Output != "" || line.Globals.JQ != "" || !s.Streams.OutTTY && len(found) == 0 {
		if err := emit(ctx, s, line, found...); err != nil {
			return err
		}
	} else {
		for _, c := range found {
			if err := s.print(fmt.Sprintf("%s:%d:%d: %s\n", c.File, c.Line, c.Column, c.Message)); err != nil {
				return err
			}
		}
	}
	if len(found) > 0 {
		return problem.New(problem.Usage, "%s wrong with %s", counted(len(found), "thing"), strings.Join(names, ", "))
	}
	if s.Streams.ErrTTY {
		s.say("nothing is wrong with %s", strings.Join(names, ", "))
	}
	return nil
}

// write makes a file that must not be there yet.
func (s *session) write(path string, text []byte, replace bool) error {
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if replace {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(s.inWorkDir(path), flags, 0o644)
	if err == nil {
		if _, err = f.Write(text); err == nil {
			err = f.Close()
		} else {
			f.Close()
		}
	}
	if os.IsExist(err) {
		return problem.New(problem.Usage, "cannot write %s: it exists", path).WithHint("name another file, or move it away")
	}
	if err != nil {
		return problem.Wrap(problem.Failed, err, "cannot write %s", path)
	}
	s.say("wrote %s", path)
	return nil
}

// runScriptTypes writes what an editor needs to know of scripts.
func runScriptTypes(_ context.Context, s *session, line *command.Line) error {
	manifests, err := s.manifests()
	if err != nil {
		return err
	}
	dir := value(line, "dir")
	if err := s.write(filepath.Join(dir, "litellm.d.ts"), []byte(types.Declare(manifests)), true); err != nil {
		return err
	}
	config := filepath.Join(dir, "tsconfig.json")
	if _, err := os.Stat(s.inWorkDir(config)); err == nil {
		s.say("left %s as it is", config)
		return nil
	}
	return s.write(config, []byte(types.Config()), false)
}

// starter is what a new script begins as.
const starter = `// NAME: say here in one line what it does.
//   litellm-proxy script run ./NAME.ts --dry-run
import { args, job, keys, output } from "litellm";

const opt = args({
  days: { type: "number", default: 90, help: "only keys that live longer than this many days" },
});

const before = Date.now() + opt.days * 86_400_000;
const lasting = (await keys.list()).filter((k) => k.expires === null || Date.parse(k.expires) > before);

// Every write in here is a step of its own: a run that is killed resumes after the last one that happened.
await job.each(lasting, { key: (k) => k.token, concurrency: 8 }, async (k) => {
  output.record({ key: k.key_name, alias: k.key_alias, spend: k.spend });
  return { token: k.token, alias: k.key_alias };
});
`

func runScriptNew(_ context.Context, s *session, line *command.Line) error {
	name := value(line, "script")
	if !isFile(name) {
		name += ".ts"
	}
	base := strings.TrimSuffix(path.Base(filepath.ToSlash(name)), filepath.Ext(name))
	return s.write(name, []byte(strings.ReplaceAll(starter, "NAME", base)), false)
}

func runScriptCopy(_ context.Context, s *session, line *command.Line) error {
	name := value(line, "script")
	text, err := s.source(name)
	if err != nil {
		return err
	}
	to := value(line, "to")
	if to == "" {
		to = path.Base(strings.TrimSuffix(filepath.ToSlash(name), ".ts")) + ".ts"
	}
	return s.write(to, text, false)
}
