package script

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/dop251/goja"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
	"github.com/evanw/esbuild/pkg/api"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// BuildOptions say what to build.
type BuildOptions struct {
	// Path is the script's file as the person named it, relative to WorkDir. Errors show it that way.
	Path    string
	WorkDir string
	// FS holds the file instead of the disk: Path is then a path in it.
	FS fs.FS
	// Manifests are those of the installed plugins: they say what can be imported from "litellm".
	Manifests []*protocol.Manifest
}

// Program is a script that is ready to run, together with all files that it imports. It may be run several times, also at once.
type Program struct {
	// Name is the entry's file as the person named it.
	Name string
	// Sum is the SHA-256, in hexadecimal digits, of the author's code: it changes when that changes, and with nothing else. Comments
	// and the layout of the text do not count, and neither do the installed plugins.
	Sum string
	// Summary is the first line of the comment that the script begins with, and Doc is all of it.
	Summary, Doc string
	// Code is the bundle: one async function in strict mode that is called at once. What it imports from "litellm" are variables in
	// it, as in `var keys = $litellm("keys")`.
	Code string
	// Map is its source map, version 3.
	Map []byte

	manifests []*protocol.Manifest
	segments  [][]segment
	sources   []string          // the names of the files, by their number in the map
	texts     map[string]string // their contents, by name
	shown     map[string]string // their names, by what goja makes of those
	compiled  *goja.Program
}

// bundleName stands for the generated code in stack frames. It looks like no URL, which names of files would be resolved against.
const bundleName = "(bundle)"

// Build makes a program of a script in TypeScript or JavaScript. What is wrong with the script is a *Failure with the code Usage.
//
// A script imports "litellm" and, by relative paths, .ts, .js and .json files in its own directory or below: a script may read
// no other file before somebody has allowed it to, and an import is a read.
func Build(ctx context.Context, o BuildOptions) (*Program, error) {
	root, dir, entry, err := o.open()
	if err != nil {
		return nil, err
	}
	if closer, ok := root.(interface{ Close() error }); ok {
		defer closer.Close()
	}
	b := &bundler{root: root, dir: dir, entry: entry, manifests: o.Manifests, texts: map[string]string{}}
	// The second bundle is what Sum is made of: in it nothing of a plugin's can show.
	var plain api.BuildResult
	var wait sync.WaitGroup
	wait.Go(func() {
		other := &bundler{root: root, entry: entry, external: true, texts: map[string]string{}}
		plain = other.bundle()
	})
	result := b.bundle()
	wait.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if len(result.Errors) > 0 {
		return nil, b.failure(result.Errors)
	}
	if len(plain.Errors) > 0 {
		return nil, b.failure(plain.Errors)
	}
	p := &Program{Name: b.shown(entry), manifests: o.Manifests, texts: b.texts}
	sum := sha256.New()
	for _, out := range plain.OutputFiles {
		if !strings.HasSuffix(out.Path, ".map") {
			sum.Write(out.Contents)
		}
	}
	p.Sum = hex.EncodeToString(sum.Sum(nil))
	for _, out := range result.OutputFiles {
		if strings.HasSuffix(out.Path, ".map") {
			p.Map = out.Contents
		} else {
			p.Code = string(out.Contents)
		}
	}
	p.Summary, p.Doc = header(p.texts[p.Name])
	return p, p.compile()
}

// open finds the directory of the entry, which bounds what can be imported.
func (o BuildOptions) open() (root fs.FS, dir, entry string, err error) {
	name := o.Path
	cannot := func(err error) (fs.FS, string, string, error) {
		var inner *fs.PathError
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return nil, "", "", problem.Wrap(problem.Usage, err, "cannot read the script %s", name)
	}
	if o.FS != nil {
		dir, entry = path.Split(path.Clean(name))
		root, err = fs.Sub(o.FS, path.Clean("./"+dir))
		if err != nil {
			return cannot(err)
		}
		return root, dir, entry, readable(root, entry, cannot)
	}
	full := name
	if !filepath.IsAbs(full) {
		full = filepath.Join(o.WorkDir, full)
	}
	dir, _ = path.Split(filepath.ToSlash(name))
	if full, err = filepath.EvalSymlinks(full); err != nil {
		return cannot(err)
	}
	r, err := os.OpenRoot(filepath.Dir(full))
	if err != nil {
		return cannot(err)
	}
	root = rooted{r.FS(), r}
	entry = filepath.Base(full)
	if err = readable(root, entry, cannot); err != nil {
		r.Close()
	}
	return root, dir, entry, err
}

// rooted is a directory that links do not lead out of.
type rooted struct {
	fs.FS
	*os.Root
}

func (r rooted) Open(name string) (fs.File, error) { return r.FS.Open(name) }

func readable(root fs.FS, entry string, cannot func(error) (fs.FS, string, string, error)) error {
	info, err := fs.Stat(root, entry)
	switch {
	case err != nil:
		_, _, _, err = cannot(err)
	case info.IsDir():
		_, _, _, err = cannot(errors.New("it is a directory"))
	case loaderOf(entry) == api.LoaderNone || loaderOf(entry) == api.LoaderJSON:
		_, _, _, err = cannot(errors.New("it is no .ts or .js file"))
	}
	return err
}

// compile reads the map and makes the code ready for goja.
func (p *Program) compile() error {
	shifted, err := p.readMap()
	if err != nil {
		return fmt.Errorf("read the source map of %s: %w", p.Name, err)
	}
	p.shown = map[string]string{}
	for _, name := range p.sources {
		key := name
		if u := file.ResolveSourcemapURL(bundleName, name); u != nil {
			key = u.String()
		}
		p.shown[key] = name
	}
	tree, err := goja.Parse(bundleName, p.Code+"\n//# sourceMappingURL=map", parser.WithSourceMapLoader(func(string) ([]byte, error) { return shifted, nil }))
	if err == nil {
		p.compiled, err = goja.CompileAST(tree, true)
	}
	if err != nil {
		return p.uncompiled(err)
	}
	return nil
}

// uncompiled is the failure of code that esbuild takes and goja does not.
func (p *Program) uncompiled(err error) error {
	f := &Failure{Problem: problem.New(problem.Usage, "cannot build %s: %s", p.Name, err)}
	var list parser.ErrorList
	var syntax *goja.CompilerSyntaxError
	switch {
	case errors.As(err, &list) && len(list) > 0:
		f.File, f.Line, f.Column = p.Position(list[0].Position.Line, list[0].Position.Column)
		f.Problem.Message = fmt.Sprintf("cannot build %s: %s", p.Name, list[0].Message)
	case errors.As(err, &syntax) && syntax.File != nil:
		at := syntax.File.Position(syntax.Offset)
		f.File, f.Line, f.Column = p.shown[at.Filename], at.Line, at.Column
		f.Problem.Message = fmt.Sprintf("cannot build %s: %s", p.Name, syntax.Message)
	}
	return p.placed(f)
}
