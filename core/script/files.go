package script

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// opened is the Go side of a File.
type opened struct {
	shown string // as the person or the script named it
	full  string
	given bool // by the person, on the command line: it needs no grant
}

func (s *session) newFile(f *opened) goja.Value {
	obj := s.vm.CreateObject(s.prelude.filePrototype)
	_ = obj.DefineDataProperty("path", s.vm.ToValue(f.shown), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_TRUE)
	_ = obj.DefineDataPropertySymbol(s.prelude.file, s.vm.ToValue(f), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	return obj
}

// fileOf returns the Go side of a value that is a File; nil for any other.
func (s *session) fileOf(v goja.Value) *opened {
	obj, ok := v.(*goja.Object)
	if !ok {
		return nil
	}
	hidden := obj.GetSymbol(s.prelude.file)
	if hidden == nil {
		return nil
	}
	f, _ := hidden.Export().(*opened)
	return f
}

// full is a path from the root of the file system.
func (s *session) full(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(s.opts.WorkDir, path)
}

// file is what a function that takes a File or a path was given.
func (s *session) file(what string, v goja.Value) *opened {
	if f := s.fileOf(v); f != nil {
		return f
	}
	if !goja.IsString(v) || v.String() == "" {
		panic(s.vm.NewTypeError("%s needs a File or a path, not %s", what, s.kindOf(v)))
	}
	return &opened{shown: v.String(), full: s.full(v.String())}
}

// open opens a file for reading. One that the person has not given must be in a directory that may be read; links that lead out
// of that are followed by nobody.
func (s *session) open(f *opened) (*os.File, error) {
	var file *os.File
	var err error
	if f.given {
		file, err = os.Open(f.full)
	} else {
		file, err = s.within(s.opts.Grants.Read, f, "read", os.O_RDONLY)
	}
	if err != nil {
		return nil, cannot("read", f, err)
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		file.Close()
		return nil, cannot("read", f, errors.New("it is a directory"))
	}
	return file, nil
}

// create makes a file, or empties it, in a directory that may be written.
func (s *session) create(f *opened) (*os.File, error) {
	file, err := s.within(s.opts.Grants.Write, f, "write", os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return nil, cannot("write", f, err)
	}
	return file, nil
}

func cannot(verb string, f *opened, err error) error {
	var own *problem.Error
	if errors.As(err, &own) {
		return own
	}
	return problem.New(problem.Usage, "cannot %s %s: %s", verb, f.shown, reason(err))
}

// within opens a file in the first of the directories that it lies in.
func (s *session) within(dirs []string, f *opened, verb string, flag int) (*os.File, error) {
	for _, dir := range dirs {
		dir = s.full(dir)
		name, err := filepath.Rel(dir, f.full)
		if err != nil || !filepath.IsLocal(name) {
			if real, err := filepath.EvalSymlinks(dir); err != nil || real == dir {
				continue
			} else if name, err = filepath.Rel(real, f.full); err != nil || !filepath.IsLocal(name) {
				continue
			}
		}
		root, err := os.OpenRoot(dir)
		if err != nil {
			return nil, err
		}
		defer root.Close()
		return root.OpenFile(name, flag, 0o644)
	}
	dir := filepath.Dir(f.shown)
	return nil, problem.New(problem.Usage, "cannot %s %s: the script may not", verb, f.shown).
		WithHint("run it with --allow-%s=%s", verb, dir).WithState(problem.Unchanged)
}

// largestText is how much of a file is read into one text.
const largestText = 64 << 20

func (s *session) filesRead(call goja.FunctionCall) goja.Value {
	s.ask("files.read()")
	f := s.file("files.read()", call.Argument(0))
	return s.background(func(context.Context) (func() goja.Value, error) {
		file, err := s.open(f)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		raw, err := io.ReadAll(io.LimitReader(file, largestText+1))
		switch {
		case err != nil:
			return nil, cannot("read", f, err)
		case len(raw) > largestText:
			return nil, problem.New(problem.Usage, "cannot read %s: it has more than %d MiB; read it by files.lines", f.shown, largestText>>20)
		case !utf8.Valid(raw):
			return nil, problem.New(problem.Usage, "cannot read %s: it is not UTF-8 text", f.shown)
		}
		return func() goja.Value { return s.vm.ToValue(strings.TrimPrefix(string(raw), "\uFEFF")) }, nil
	})
}

// filesLines gives the lines of a file, without their ends.
func (s *session) filesLines(call goja.FunctionCall) goja.Value {
	s.ask("files.lines()")
	f := s.file("files.lines()", call.Argument(0))
	decode := func(row any) (goja.Value, error) { return s.vm.ToValue(row), nil }
	return s.listing(nil, decode, func(_ context.Context, emit func(any) error) error {
		file, err := s.open(f)
		if err != nil {
			return err
		}
		defer file.Close()
		scanner := bufio.NewScanner(file)
		scanner.Buffer(nil, largestText)
		for n := 1; scanner.Scan(); n++ {
			line := scanner.Text()
			if n == 1 {
				line = strings.TrimPrefix(line, "\uFEFF")
			}
			if !utf8.ValidString(line) {
				return problem.New(problem.Usage, "cannot read %s: line %d is not UTF-8 text", f.shown, n)
			}
			if err := emit(line); err != nil {
				return err
			}
		}
		if err := scanner.Err(); err != nil {
			return cannot("read", f, err)
		}
		return nil
	})
}

func (s *session) filesWrite(call goja.FunctionCall) goja.Value {
	s.ask("files.write()")
	f := s.file("files.write()", call.Argument(0))
	if !goja.IsString(call.Argument(1)) {
		panic(s.vm.NewTypeError("files.write() needs a text, not %s", s.kindOf(call.Argument(1))))
	}
	text := call.Argument(1).String()
	return s.background(func(context.Context) (func() goja.Value, error) {
		return goja.Undefined, s.save(f, func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		})
	})
}

// save writes a file from its beginning.
func (s *session) save(f *opened, write func(io.Writer) error) error {
	if s.opts.DryRun {
		switch there, err := s.within(s.opts.Grants.Write, f, "write", os.O_RDONLY); { // whether it may
		case err == nil:
			there.Close()
		case !errors.Is(err, fs.ErrNotExist):
			return cannot("write", f, err)
		}
		if err := write(io.Discard); err != nil {
			return err
		}
		s.host.Say("would write " + f.shown)
		return nil
	}
	file, err := s.create(f)
	if err != nil {
		return err
	}
	err = write(file)
	if closing := file.Close(); err == nil && closing != nil {
		err = closing
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return cannot("write", f, err)
	}
	return err
}

// filesOpen gives a File of a path that may be read.
func (s *session) filesOpen(call goja.FunctionCall) goja.Value {
	s.ask("files.open()")
	f := s.file("files.open()", call.Argument(0))
	var file *os.File
	var err error
	s.loop.outside(func() { file, err = s.open(f) })
	if err != nil {
		s.refuse(err)
	}
	file.Close()
	return s.newFile(f)
}

// envGet gives a variable of the environment that the person has allowed; undefined where it is not set.
func (s *session) envGet(call goja.FunctionCall) goja.Value {
	s.ask("env.get()")
	name, ok := call.Argument(0).Export().(string)
	if !ok || name == "" {
		panic(s.vm.NewTypeError("env.get() needs a name, not %s", s.kindOf(call.Argument(0))))
	}
	if !slices.Contains(s.opts.Grants.Env, name) {
		s.refuse(problem.New(problem.Usage, "cannot read the variable %s: the script may not", name).
			WithHint("run it with --allow-env=%s", name).WithState(problem.Unchanged))
	}
	if s.opts.Getenv == nil {
		return goja.Undefined()
	}
	value := s.opts.Getenv(name)
	if value == "" {
		return goja.Undefined()
	}
	return s.vm.ToValue(value)
}
