package app

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/script"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// named is a script that a line names: a file, or one that ships with the program.
type named struct {
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
		return named{path: name}, nil
	}
	if s.Scripts != nil {
		if _, err := fs.Stat(s.Scripts, name+".ts"); err == nil {
			return named{path: name + ".ts", fs: s.Scripts}, nil
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
				_, err = s.signature(ctx, p, asked())
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
