package script

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// The namespaces of esbuild that files come from: the author's, and ours. No file of the disk is read by esbuild itself, so that no
// tsconfig.json or package.json has a say.
const (
	authorSpace  = "author"
	litellmSpace = "litellm"
)

// bundler puts a script and its imports together.
type bundler struct {
	root      fs.FS  // the entry's directory
	dir       string // how that is shown: "scripts/", or nothing
	entry     string // the entry's file in it
	manifests []*protocol.Manifest
	external  bool // leave imports of "litellm" as they are

	mu    sync.Mutex
	texts map[string]string // by shown name
}

// engine says what goja has of what came after ES2017. The rest esbuild translates: async generators, `for await`, decorators.
var engine = map[string]bool{
	"array-spread": true, "arrow": true, "async-await": true, "bigint": true, "class": true, "class-field": true,
	"class-private-accessor": true, "class-private-brand-check": true, "class-private-field": true, "class-private-method": true,
	"class-private-static-accessor": true, "class-private-static-field": true, "class-private-static-method": true,
	"class-static-blocks": true, "class-static-field": true, "exponent-operator": true, "logical-assignment": true,
	"nullish-coalescing": true, "object-rest-spread": true, "optional-catch-binding": true, "optional-chain": true,
	"regexp-dot-all-flag": true, "regexp-lookbehind-assertions": true, "regexp-named-capture-groups": true,
	"regexp-sticky-and-unicode-flags": true, "regexp-unicode-property-escapes": true, "template-literal": true, "top-level-await": true,
	"async-generator": false, "for-await": false, "decorators": false, "using": false, "hashbang": false,
}

// bundle runs esbuild. The entry is imported by a line of our own, so that what it exports is left out: a function has no exports.
func (b *bundler) bundle() api.BuildResult {
	options := api.BuildOptions{
		Stdin:    &api.StdinOptions{Contents: `import "entry"`, Sourcefile: "litellm:start", Loader: api.LoaderJS, ResolveDir: "/"},
		Bundle:   true,
		Format:   api.FormatESModule,
		Platform: api.PlatformNeutral,
		Target:   api.ES2017, Supported: engine,
		Charset:   api.CharsetASCII, // so that columns of the bundle are bytes, characters and UTF-16 units alike
		Sourcemap: api.SourceMapExternal, SourcesContent: api.SourcesContentExclude,
		TsconfigRaw: "{}",
		Outfile:     "/bundle.js",
		LogLevel:    api.LogLevelSilent,
		Banner:      map[string]string{"js": `(async function () { "use strict";`},
		Footer:      map[string]string{"js": `})()`},
		Plugins:     []api.Plugin{{Name: "litellm", Setup: b.setup}},
	}
	if b.external {
		options.Sourcemap = api.SourceMapNone
		options.Banner, options.Footer = nil, nil
	}
	return api.Build(options)
}

func (b *bundler) setup(build api.PluginBuild) {
	build.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
		switch {
		case a.Namespace != authorSpace: // the line of our own
			return api.OnResolveResult{Path: b.shown(b.entry), Namespace: authorSpace}, nil
		case a.Path == "litellm" && b.external:
			return api.OnResolveResult{Path: a.Path, External: true}, nil
		case a.Path == "litellm":
			return api.OnResolveResult{Path: a.Path, Namespace: litellmSpace}, nil
		case !strings.HasPrefix(a.Path, "./") && !strings.HasPrefix(a.Path, "../"):
			return api.OnResolveResult{}, fmt.Errorf("there is no %q: a script imports \"litellm\", and its own files as in \"./lib\"; it has no packages", a.Path)
		}
		name, err := b.find(path.Join(path.Dir(b.inside(a.Importer)), a.Path), a.Path)
		if err != nil {
			return api.OnResolveResult{}, err
		}
		return api.OnResolveResult{Path: b.shown(name), Namespace: authorSpace}, nil
	})
	build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: litellmSpace}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
		text := virtual(b.manifests)
		return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS}, nil
	})
	build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: authorSpace}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
		raw, err := fs.ReadFile(b.root, b.inside(a.Path))
		if err != nil {
			return api.OnLoadResult{}, errors.New(reason(err))
		}
		if !utf8.Valid(raw) {
			return api.OnLoadResult{}, fmt.Errorf("%s is not UTF-8 text", a.Path)
		}
		text := string(raw)
		if rest, ok := strings.CutPrefix(text, "#!"); ok {
			text = "//" + rest // of the same length: places stay as they are
		}
		b.mu.Lock()
		b.texts[a.Path] = text
		b.mu.Unlock()
		return api.OnLoadResult{Contents: &text, Loader: loaderOf(a.Path)}, nil
	})
}

// shown is how a file of the root is shown, and inside its reverse.
func (b *bundler) shown(name string) string   { return b.dir + name }
func (b *bundler) inside(shown string) string { return strings.TrimPrefix(shown, b.dir) }

// find returns the file that an import means: with the ending that is written, with one added, or .ts where .js is written.
func (b *bundler) find(name, written string) (string, error) {
	if !fs.ValidPath(name) {
		return "", fmt.Errorf("%q is outside of the script's directory, whose files alone can be imported", written)
	}
	tries := []string{name, name + ".ts", name + ".js", name + ".json"}
	for _, ending := range []string{"js", "mjs"} {
		if base, ok := strings.CutSuffix(name, "."+ending); ok {
			tries = append(tries, base+"."+strings.Replace(ending, "js", "ts", 1))
		}
	}
	var first error
	for _, try := range tries {
		if loaderOf(try) == api.LoaderNone {
			continue
		}
		info, err := fs.Stat(b.root, try)
		if err == nil && !info.IsDir() {
			return try, nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) && first == nil {
			first = err
		}
	}
	switch {
	case first != nil:
		return "", fmt.Errorf("cannot import %q: %s", written, reason(first))
	case path.Ext(name) != "" && loaderOf(name) == api.LoaderNone:
		return "", fmt.Errorf("cannot import %q: scripts import .ts, .js and .json files", written)
	}
	return "", fmt.Errorf("there is no file %q", written)
}

// reason is what an error of the file system says, without the path.
func reason(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}

func loaderOf(name string) api.Loader {
	switch path.Ext(name) {
	case ".ts", ".mts":
		return api.LoaderTS
	case ".js", ".mjs":
		return api.LoaderJS
	case ".json":
		return api.LoaderJSON
	}
	return api.LoaderNone
}

var noExport = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^No matching export in "([^"]*)" for import "([^"]*)"$`)
})

// failure is the error of a script that cannot be built: the first fault in full, and where others are.
func (b *bundler) failure(messages []api.Message) error {
	const others = 5
	p := &Program{Name: b.shown(b.entry), texts: b.texts}
	var out *Failure
	for i, m := range messages {
		f := &Failure{Problem: problem.New(problem.Usage, "cannot build %s: %s", p.Name, b.reword(m.Text))}
		if m.Location != nil {
			f.File, f.Line = strings.TrimPrefix(m.Location.File, authorSpace+":"), m.Location.Line
			f.Column = 1 + utf8.RuneCountInString(m.Location.LineText[:min(m.Location.Column, len(m.Location.LineText))])
		}
		switch {
		case i == 0:
			out = p.placed(f)
		case i <= others:
			out.Problem.Facts = append(out.Problem.Facts, problem.Fact{Label: "also", Text: fmt.Sprintf("%s: %s", place(f.File, f.Line, f.Column), b.reword(m.Text))})
		}
	}
	return out
}

// reword says in our terms what esbuild says of imports.
func (b *bundler) reword(text string) string {
	m := noExport().FindStringSubmatch(text)
	if m == nil {
		return strings.ToLower(text[:1]) + text[1:]
	}
	if m[1] != litellmSpace+":litellm" {
		return fmt.Sprintf("%s exports no %s", strings.TrimPrefix(m[1], authorSpace+":"), m[2])
	}
	names := exports(b.manifests)
	slices.Sort(names)
	return fmt.Sprintf("%q offers no %s%s", "litellm", m[2], types.DidYouMean(m[2], names))
}
