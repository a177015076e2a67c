package script

import (
	"context"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

const imports = `import { args, chat, credentials, files, gateway, http, keys, modelGroups, models, teams, users } from "litellm";
`

// What a call is given becomes what the command line would have.
func TestValues(t *testing.T) {
	for call, want := range map[string]string{
		`keys.list()`:          "keys list",
		`keys.list({})`:        "keys list",
		`keys.list(undefined)`: "keys list",
		`keys.list({ team_id: "eng", limit: 5, include_team_keys: true, status: undefined, user_id: null })`: "keys list team-id=eng include-team-keys=true limit=5",
		`keys.list({ include_team_keys: false })`:                                                            "keys list",
		`chat.completions({ model: "m", message: "user:Hi, you", stream: false, temperature: 0.5 })`:         "chat completions message=user:Hi, you stream=false temperature=0.5 model=m",
		`keys.generate({ models: ["a,b", "c"], max_budget: 1e21, tpm_limit: 3.0, duration: "30d" })`:         "keys generate models=a,b,c max-budget=1e+21 duration=30d tpm-limit=3",
		`keys.generate({ models: "a", metadata: { a: [1, null, "x"], d: new Date(0), $x: 1 } })`:             `keys generate models=a metadata={"a":[1,null,"x"],"d":"1970-01-01T00:00:00.000Z","$x":1}`,
		`keys.generate({ metadata: null, models: [] })`:                                                      `keys generate set=metadata:=null,models:=[]`,
		`keys.generate({ soft_budget: 5, blocked: null, permissions: { a: true } })`:                         `keys generate set=soft_budget:=5,blocked:=null,permissions:={"a":true}`,
		`keys.generate({ set: { "a.b": 1, "c:": "x=@y" }, soft_budget: "@x" })`:                              `keys generate set=a.b:=1,c::="x=@y",soft_budget:="@x"`,
		`keys.create({ key_alias: "@x", if_not_exists: true })`:                                              "keys generate key-alias=@x if-not-exists=true",
		`keys.get({ key: "k" })`:                                                               "keys info key=k",
		`keys.info({ alias: "a" })`:                                                            "keys info alias=a",
		`keys.update({ token: "k", max_budget: null })`:                                        "keys update set=max_budget:=null key=k",
		`keys.block({ token: ["a", "b"] })`:                                                    "keys block key=a,b",
		`teams.members.add({ team_id: "t", user_id: "u", role: "user" })`:                      "teams members add role=user team=t user=u",
		`teams.members.create({ team: "t", user: ["u", "v"] })`:                                "teams members add team=t user=u,v",
		`teams.assignKey({ team_id: "t" })`:                                                    "teams assign-key team-id=t",
		`users.create({ email: "e", user_id: "u" })`:                                           `users create email=e set=user_id:="u"`,
		`models.add({ name: "m", param: { model: "x", "a.b": [1] }, info: { mode: "chat" } })`: `models add param=model:="x",a.b:=[1] info=mode:="chat" name=m`,
		`modelGroups.list()`:                                                                   "model-groups list",
		`credentials.create({ name: "c", values: { api_key: "s" }, region: "eu" })`:            `credentials create values={"api_key":"s"} set=region:="eu" name=c`,
		`http.request({ method: "POST", path: "/x", json: [1] })`:                              "http request json=[1] method=POST path=/x",
		`http.get("/x y", { a: 1, b: "ü&", c: true, d: undefined })`:                           "http request method=GET path=/x y?a=1&b=%C3%BC%26&c=true",
		`http.get("/x")`:                                "http request method=GET path=/x",
		`http.post("/x", null)`:                         "http request method=POST path=/x",
		`http.patch("/x", "text")`:                      `http request json="text" method=PATCH path=/x`,
		`http.delete("/x")`:                             "http request method=DELETE path=/x",
		`gateway("b").keys.list()`:                      "keys list @b",
		`gateway("b").http.get("/x")`:                   "http request method=GET path=/x @b",
		`keys.import({ from_profile: "b" })`:            "keys import from-profile=b",
		`models.import({ file: files.open("m.yaml") })`: "models import file=WORK/m.yaml",
		`keys.update({ key: (await keys.generate({})).key, max_budget: 1 })`:    "keys update max-budget=1 key=secret-ref:1",
		`keys.generate({ metadata: { again: (await keys.generate({})).key } })`: `keys generate metadata={"again":"secret-ref:1"}`,
		`keys.list({ limit: 5n as any })`:                                       "keys list limit=5",
	} {
		f := &fake{}
		f.answer = func(_ context.Context, _ string, _ *Call, emit func(string) error) (string, error) {
			return "", emit(`{"key":"secret-ref:1"}`)
		}
		dir := workDir(t, "m.yaml", "x")
		o := RunOptions{Grants: Grants{Profiles: []string{"b"}, Read: []string{"."}}, WorkDir: dir}
		if _, err := tryRun(t, f, o, imports+"await "+call+";"); err != nil {
			t.Errorf("%s: %v", call, err)
			continue
		}
		if got := strings.ReplaceAll(f.calls[len(f.calls)-1], dir, "WORK"); got != want {
			t.Errorf("%s\nis   %s\nwant %s", call, got, want)
		}
	}
}

// What cannot be is refused at the author's line, before anything is sent: a mistake of the script's as a TypeError, one that may be the
// data's as an ApiError.
func TestValuesRefuse(t *testing.T) {
	const bug, data = problem.Script, problem.Usage
	for call, want := range map[string]struct {
		code problem.Code
		text string
	}{
		`keys.generate({ key_alais: "a" })`:                                         {bug, `keys.generate has no field "key_alais"; did you mean key_alias?`},
		`keys.list({ team: "a" })`:                                                  {bug, `keys.list has no field "team"`},
		`keys.list({ "team-id": "a" })`:                                             {bug, `keys.list has no field "team-id"; did you mean team_id?`},
		`keys.list("a" as any)`:                                                     {bug, `keys.list takes one object, as in keys.list({user_id: …})`},
		`keys.list(["a"] as any)`:                                                   {bug, `keys.list takes one object`},
		`keys.list(new Map() as any)`:                                               {bug, `keys.list takes one object`},
		`keys.list({ limit: "5" })`:                                                 {bug, "keys.list: limit must be a number, not a text"},
		`keys.list({ limit: 1.5 })`:                                                 {data, "limit must be a whole number, not 1.5"},
		`keys.list({ limit: 2 ** 60 })`:                                             {data, "limit must be a whole number"},
		`keys.generate({ max_budget: NaN })`:                                        {data, "max_budget is NaN"},
		`keys.generate({ max_budget: 1 / 0 })`:                                      {data, "max_budget is Infinity"},
		`keys.list({ team_id: 5 })`:                                                 {bug, "keys.list: team_id must be a text, not a number"},
		`keys.list({ team_id: ["a"] })`:                                             {bug, "keys.list: team_id takes one value, and not a list"},
		`keys.list({ include_team_keys: "yes" })`:                                   {bug, "include_team_keys must be true or false, not a text"},
		`keys.list({ status: "activ" })`:                                            {data, `status: it must be one of active, expired, blocked, not "activ"; did you mean active?`},
		`keys.generate({ models: ["a", 5] })`:                                       {bug, "keys.generate: models[1] must be a text, not a number"},
		`keys.generate({ duration: "monthly" })`:                                    {data, `duration: "monthly" means different things to different gateways: write 1mo`},
		`keys.generate({ duration: "5 days" })`:                                     {data, "is no duration"},
		`keys.generate({ duration: "0d" })`:                                         {data, "is no time at all"},
		`keys.generate({ key_alias: "a\0b" })`:                                      {data, "key_alias: it holds a zero byte"},
		`keys.generate({ metadata: new Map() })`:                                    {bug, "keys.generate: metadata: it is a Map, which has no JSON; use a plain object"},
		`keys.generate({ metadata: { a: { b: () => 1 } } })`:                        {bug, "keys.generate: metadata: a.b: it is a function"},
		`keys.generate({ metadata: { a: [NaN] } })`:                                 {bug, "metadata: a[0]: it is NaN"},
		`const o: any = {}; o.o = o; keys.generate({ metadata: o })`:                {bug, "it is nested too deeply, or holds itself"},
		`keys.generate({ key_alias: keys.list() as any })`:                          {bug, "key_alias must be a text, not a listing: await it"},
		`keys.generate({ key_alias: keys.info({ key: "a" }) as any })`:              {bug, "key_alias must be a text, not a promise: await it"},
		`keys.generate({ secret_out: "file" })`:                                     {bug, "keys.generate: secret_out saves secrets in a file"},
		`keys.import({ source_api_key: "sk-1" })`:                                   {bug, "keys.import: source_api_key cannot be given by scripts"},
		`keys.import({ from_profile: "c" })`:                                        {data, "cannot use the profile c: the script may not"},
		`keys.generate({ set: "a=1" as any })`:                                      {bug, "set must be an object of paths and values, not a text"},
		`keys.generate({ set: { "a=@/etc/passwd;": 1 } })`:                          {bug, `"a=@/etc/passwd;" is no path of a field`},
		`credentials.create({ name: "c", "x=@/etc/passwd": 1 })`:                    {bug, `has no field`},
		`chat.completions({ model: "m", message: "@/etc/passwd" })`:                 {data, "would be read from a file, as it begins with @"},
		`chat.completions({ model: "m", message: "user:@/etc/passwd" })`:            {data, "would be read from a file, as it begins with @"},
		`http.request({ method: "POST", path: "/x", data: "@/etc/passwd" })`:        {data, "the value would be read from a file"},
		`http.request({ method: "POST", path: "/x", input: "/etc/passwd" as any })`: {bug, "input must be a File, of args or files.open, not a text"},
		`http.request({ method: "POST", path: "/x", json: 1, data: "x" })`:          {data, "exclude each other"},
		`http.request({ method: "POST" })`:                                          {data, "cannot call http.request: path is missing"},
		`http.get(5 as any)`:                                                        {bug, "http.get needs a path, not a number"},
		`http.get("/x", [] as any)`:                                                 {bug, "http.get takes its query as an object, not a list"},
		`http.get("/x", { a: {} } as any)`:                                          {bug, "http.get: a must be a text or a number, not an object"},
		`keys.delete({ key: "-" })`:                                                 {data, `"-" would be read from standard input`},
		`keys.block({ key: [], team_id: "t" })`:                                     {data, "the list key is empty"},
		`users.get({ id: "a", email: "b" })`:                                        {data, "id and email exclude each other"},
		`teams.members.add({ team_id: "t" })`:                                       {data, "cannot call teams.members.add: user_id is missing"},
		`teams.members.add({ team: "t", team_id: "t", user: "u" })`:                 {bug, "teams.members.add: team and team_id are the same"},
		`users.create({})`:                                                          {data, "cannot call users.create: email is missing"},
		`users.create({ email: undefined })`:                                        {data, "cannot call users.create: email is missing"},
		`gateway("c")`:                                                              {data, "cannot use the profile c: the script may not"},
		`gateway("")`:                                                               {bug, "gateway() needs the name of a profile"},
		`gateway(undefined as any)`:                                                 {bug, "gateway() needs the name of a profile, not undefined"},
		`keys.nothing()`:                                                            {bug, "Object has no member 'nothing'"},
		`chat.chat()`:                                                               {bug, "Object has no member 'chat'"},
	} {
		f := &fake{}
		got := fails(t, f, RunOptions{Grants: Grants{Profiles: []string{"b"}}}, imports+"await null;\n"+call+";")
		if got.Problem.Code != want.code || !strings.Contains(got.Error(), want.text) || got.Line != 3 || len(f.calls) > 1 {
			t.Errorf("%s: %d %s, at %v, after %q", call, got.Problem.Code, got, got.Problem.Facts, f.calls)
		}
	}
}

// Defaults are there, and are marked as such.
func TestDefaults(t *testing.T) {
	f := &fake{}
	var values []*protocol.Value
	f.answer = func(_ context.Context, _ string, c *Call, _ func(string) error) (string, error) {
		values = c.Values
		return "", nil
	}
	m := &protocol.Manifest{Name: "acme", Commands: []*protocol.Command{{Path: []string{"do"}, Effect: protocol.Effect_EFFECT_READ, Flags: []*protocol.Parameter{
		{Name: "a", Kind: protocol.Kind_KIND_STRING, Default: new("x")}, {Name: "b", Kind: protocol.Kind_KIND_STRING, Repeated: true, Split: true, Default: new(`y,z\,z`)},
		{Name: "c", Kind: protocol.Kind_KIND_STRING, Default: new("c")}, {Name: "d", Kind: protocol.Kind_KIND_STRING},
	}}}}
	p, err := Build(t.Context(), BuildOptions{Path: "s.ts", FS: files("s.ts", `import { acme } from "litellm"; await acme.do({ c: "given" })`), Manifests: []*protocol.Manifest{m}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(t.Context(), RunOptions{Host: f}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range values {
		mark := ""
		if v.GetGiven() {
			mark = "!"
		}
		got = append(got, v.GetName()+mark+"="+strings.Join(v.GetValues(), "|"))
	}
	if text := strings.Join(got, " "); text != "a=x b=y|z,z c!=given" {
		t.Error(text)
	}
}

// What a command gives, as scripts get it.
func TestResults(t *testing.T) {
	for call, c := range map[string]struct {
		records []string
		text    string
		want    string
	}{
		`keys.info({ key: "a" })`:                       {[]string{`{"a":1}`}, "", `{ a: 1 }`},
		`keys.info({ hash: "a" })`:                      {nil, "", `undefined`},
		`keys.delete({ key: "a" })`:                     {[]string{`{"a":1}`}, "", `{ a: 1 }`},
		`keys.delete({ key: ["a"] })`:                   {[]string{`{"a":1}`}, "", `[{ a: 1 }]`},
		`keys.delete({ token: ["a"] })`:                 {[]string{`{"a":1}`}, "", `[{ a: 1 }]`},
		`keys.delete({ alias: "a" })`:                   {[]string{`{"a":1}`, `{"a":2}`}, "", `[{ a: 1 }, { a: 2 }]`},
		`keys.delete({ team_id: "a" })`:                 {nil, "", `[]`},
		`http.get("/x")`:                                {[]string{`[1,{"a":null}]`}, "", `[1, { a: null }]`},
		`http.get("/y")`:                                {nil, "plain", `plain`},
		`http.get("/z")`:                                {nil, "", `undefined`},
		`keys.list()`:                                   {[]string{`1`, `2`}, "", `[1, 2]`},
		`models.import({ file: files.open("m.yaml") })`: {[]string{`{"id":"m"}`}, "", `[{ id: "m" }]`},
		`keys.info({ key: "b" })`: {[]string{`{"key":"secret-ref:7","list":["secret-ref:8"],"n":9007199254740993,"f":0.1,"e":1e3,"neg":-0,"t":true,"s":"é😀","__proto__":{"x":1}}`}, "",
			`{ key: sk-…9Qx2, list: [sk-…9Qx2], n: 9007199254740992, f: 0.1, e: 1000, neg: -0, t: true, s: "é😀", __proto__: { x: 1 } }`},
	} {
		f := &fake{}
		f.answer = func(_ context.Context, _ string, _ *Call, emit func(string) error) (string, error) {
			for _, r := range c.records {
				if err := emit(r); err != nil {
					return "", err
				}
			}
			return c.text, nil
		}
		run(t, f, RunOptions{Grants: Grants{Read: []string{"."}}, WorkDir: workDir(t, "m.yaml", "x")}, imports+"console.log(await "+call+");")
		if got := f.said[0]; got != c.want {
			t.Errorf("%s\nis   %s\nwant %s", call, got, c.want)
		}
	}
}

func TestSecrets(t *testing.T) {
	f := &fake{}
	f.answer = func(_ context.Context, _ string, _ *Call, emit func(string) error) (string, error) {
		return "", emit(`{"key":"secret-ref:7"}`)
	}
	run(t, f, RunOptions{}, `import { keys, output } from "litellm";
const { key } = await keys.generate({});
console.log(key, `+"`${key}`"+`, JSON.stringify({ key }), key + "", String(key), key.hint, typeof key, [key], { ...key });
output.record({ key, list: [key] });
output.text(key);
console.log(key.reveal("for the ticket"));
for (const bad of [() => key.reveal(), () => key.reveal(" "), () => key.reveal.call({}, "x"), () => structuredClone(key)]) {
  try { bad(); console.log("no") } catch (e) { console.log(e.message) }
}`)
	want := `sk-…9Qx2 sk-…9Qx2 {"key":"sk-…9Qx2"} sk-…9Qx2 sk-…9Qx2 sk-…9Qx2 object [sk-…9Qx2] {}
sk-revealed
reveal needs a reason, as in secret.reveal("for the ticket"): it is written to the log
reveal needs a reason, as in secret.reveal("for the ticket"): it is written to the log
this is no Secret
sk-…9Qx2 cannot be cloned`
	if got := strings.Join(f.said, "\n"); got != want {
		t.Error(got)
	}
	if f.records[0] != `{"key":"sk-…9Qx2","list":["sk-…9Qx2"]}` || f.printed.String() != "sk-…9Qx2\n" || strings.Join(f.revealed, "|") != "secret-ref:7 for the ticket" {
		t.Error(f.records, f.printed.String(), f.revealed)
	}
}
