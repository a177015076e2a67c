package script

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/litellm-proxy/litellm-proxy/core/manifesttest"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
)

// TestCheckPlaces finds mistakes in TypeScript, in several files, at the places where the author made them. Among them are
// those that esbuild moves around: behind top-level await, in for await, in classes and generators.
func TestCheckPlaces(t *testing.T) {
	files := map[string]string{
		"my/main.ts": `// A script.
import { args, gateway, job, keys as k } from "litellm";
import type { Key } from "litellm";
import { make } from "./lib/made";

const opt = args({
  to: { type: "profil", help: "é" },
  limit: { type: "number", default: "5", help: "" },
});
interface Row { key: Key; extra?: string }
const there = gateway(opt.to as string);
/* é */ for await (const row of there.keys.list({ statu: "active" })) {
  const r: Row = { key: row };
  await job.each([r], { key: (x: Row): string => x.key.token, concurency: 1 }, async (x) => {
    await k.generate({ key_alias: x.extra!, models: ["a"], key_alais: "x" });
  });
}
class Maker<T> {
  private static readonly all: string[] = [];
  async *each(list: T[]): AsyncGenerator<T> { for (const one of list) { await k.block({ tokn: "x" }); yield one; } }
}
await make(new Maker<Key>());
export default Maker;
`,
		"my/lib/made.ts": `import * as all from "litellm";
import { users } from "litellm";
export async function make(x: unknown) {
  await users.create({ role: "internal_user" });
  await all.teams.get({ alias: 5 });
  const keys = { generate: (o: object) => o };
  keys.generate({ anything: x });
}
`,
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	p, err := Build(t.Context(), BuildOptions{Path: "my/main.ts", FS: fsys, Manifests: manifesttest.All(t)})
	if err != nil {
		t.Fatal(err)
	}
	findings, err := Check(p, manifesttest.All(t))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range findings {
		got = append(got, f.String())
		if line := strings.Split(files[f.File], "\n")[f.Line-1]; f.Column > len([]rune(line)) {
			t.Errorf("%s: the line has %d characters", f, len([]rune(line)))
		}
	}
	slices.Sort(got)
	want := []string{
		`my/lib/made.ts:4:15: cannot call users.create: email is missing`,
		`my/lib/made.ts:5:32: teams.get: alias must be a text, not a number`,
		`my/main.ts:12:51: keys.list has no field "statu"; did you mean status?`,
		`my/main.ts:14:63: job.each() has no option "concurency"; did you mean concurrency?`,
		`my/main.ts:15:60: keys.generate has no field "key_alais"; did you mean key_alias?`,
		`my/main.ts:20:89: keys.block has no field "tokn"; did you mean token?`,
		`my/main.ts:7:15: args(): the type of to must be one of file, text, number, bool, list, duration, profile; did you mean profile?`,
		`my/main.ts:8:37: args(): the default of limit must be a number, not a text`,
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestExportsAreDeclared compares what "litellm" exports with what litellm.d.ts says that it does.
func TestExportsAreDeclared(t *testing.T) {
	manifests := manifesttest.All(t)
	var declared []string
	module, _, _ := strings.Cut(types.Declare(manifests), "\ndeclare const console")
	for _, m := range regexp.MustCompile(`(?m)^  (?:const|function|class|namespace) (\w+)`).FindAllStringSubmatch(module, -1) {
		declared = append(declared, m[1])
	}
	offered := exports(manifests)
	slices.Sort(declared)
	slices.Sort(offered)
	if diff := cmp.Diff(slices.Compact(declared), offered); diff != "" {
		t.Errorf("-litellm.d.ts +exports:\n%s", diff)
	}
	for _, name := range ours {
		if !types.Reserved(name) {
			t.Errorf("a plugin can take the name %s", name)
		}
	}
}
