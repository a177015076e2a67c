// What the runtime takes.
await keys.generate({ key_alias: "x", models: ["a"], max_budget: 1.5, rpm_limit: -1, metadata: { a: 1 }, soft_budget: 2, duration: "30d" });
await keys.generate({ key_alias: null, rpm_limit: undefined, tags: "a", type: `llm_api`, set: { "metadata.a": 1 } });
await keys.generate();
await keys.create({ key_alias: name });
await keys.generate({ ...row, key_alias: "x" });
await keys.generate(row);
await keys["generate"]({ "key_alias": "x" });
await teams.members.add({ team_id, user_id: "u" });
await teams.members.add({ ...row, user: "u" });
await chat.completions({ model: "m", message: "user:x", anything: 1 });
await http.get("/x");
await http.request({ method: "GET", path: "/x", json: { a: [1] } });
for (const k of await keys.list({ status: "active" })) k.anything;

// Names.
await keys.generate({ key_alais: "x" }); // wrong: keys.generate has no field "key_alais"; did you mean key_alias?
await keys.generate({ "key-alias": "x" }); // wrong: did you mean key_alias?
await keys.generate({ secret_out: "x" }); // wrong: secret_out saves secrets in a file
await keys.generat({ key_alais: "x" }); // wrong: keys has no generat; did you mean generate?
await keys["generate"]({ key_alais }); // wrong: did you mean key_alias?
await teams.membrs.add({ team_id, user_id }); // wrong: teams has no membrs; did you mean members?
await teams.members.ad({ team_id, user_id }); // wrong: teams.members has no ad; did you mean add?
await teams.assign_key({}); // wrong: did you mean assignKey?
await http.gett("/x"); // wrong: http has no gett
keys.list.then; // wrong: keys.list has no then

// Values.
await keys.generate({ key_alias: 3 }); // wrong: keys.generate: key_alias must be a text, not a number
await keys.generate({ max_budget: "3" }); // wrong: max_budget must be a number, not a text
await keys.generate({ rpm_limit: 1.5 }); // wrong: rpm_limit must be a whole number, not 1.5
await keys.generate({ models: ["a", 1] }); // wrong: models[1] must be a text, not a number
await keys.generate({ duration: "daily" }); // wrong: write 1d
await keys.generate({ type: "llm-api" }); // wrong: did you mean llm_api?
await keys.generate({ soft_budget: true }); // wrong: soft_budget must be a number
await keys.generate({ if_not_exists: "true" }); // wrong: true or false
await keys.generate({ key_alias: () => "x" }); // wrong: key_alias must be a text
await keys.block({ token: "-" }); // wrong: standard input
await http.request({ method: "POST", path: "/x", data: "@secrets" }); // wrong: files.read
await models.import({ file: "m.json" }); // wrong: file must be a File
await keys.list("x"); // wrong: keys.list takes one object
await keys.list(["x"]); // wrong: keys.list takes one object

// What is missing, and what excludes each other.
await users.create({ role: "internal_user" }); // wrong: cannot call users.create: email is missing
await users.create(); // wrong: cannot call users.create: email is missing
await users.create(undefined); // wrong: cannot call users.create: email is missing
await users.create({ email: undefined }); // wrong: cannot call users.create: email is missing
await teams.members.add({ team_id: "t" }); // wrong: user_id is missing
await teams.members.add({ team: "t", team_id: "t", user: "u" }); // wrong: team and team_id are the same
await teams.get({ id: "t", alias: "t" }); // wrong: id and alias exclude each other
await teams.get({ ...row, id: "t", alias: "t" }); // wrong: id and alias exclude each other

// Other gateways, and other names for the same.
const there = gateway("b");
await there.keys.generate({ key_alais: "x" }); // wrong: did you mean key_alias?
await gateway("c").keys.generate({ key_alais: "x" }); // wrong: did you mean key_alias?
await there.kees.list(); // wrong: gateway(…) has no kees; did you mean keys?
const { keys: theirs, teams: { members } } = there;
await theirs.lst(); // wrong: keys has no lst
members.anything; // wrong: teams.members has no anything
const make = keys.generate;
await make({ key_alais: "x" }); // wrong: did you mean key_alias?

// What hides a name, or changes it, is not ours.
function other(keys) { keys.anything({ key_alais: 1 }); }
const arrow = (teams, { users }, ...models) => [teams.x, users.x, models.x];
for (const keys of list) keys.anything();
for (let keys = first; keys.more; keys = keys.next) keys.anything;
for (const teams in list) teams.anything;
try { x(); } catch (users) { users.anything; }
{ const chat = 1; chat.anything; function users() {} users.anything; class credentials {} credentials.anything; }
{ const { x: teams, users = 1, ...models } = y, [chat] = y; teams.x; users.x; models.x; chat.x; }
switch (x) { case 1: let teams = y; teams.anything; }
let changing = gateway("b");
changing = { kees: 1 };
changing.kees;
users.anything; // wrong: users has no anything

// The script's own arguments.
args({ a: { type: "text", help: "" }, b_c: { type: "list", default: ["x"], help: "" }, d: { type: kind, default: 5, help: "" }, e: spec, ...more });
args({ old: { type: "duration", default: "90d", help: "" }, n: { type: "number", default: 5, help: "" } });
args({ profile: { type: "text", help: "" } }); // wrong: args(): --profile is a flag of the program's own
args({ dry_run: { type: "bool", help: "" } }); // wrong: --dry-run is a flag of the program's own
args({ maxAge: { type: "bool", help: "" } }); // wrong: is no name for an argument
args({ a: { type: "txt", help: "" } }); // wrong: did you mean text?
args({ a: { type: 5, help: "" } }); // wrong: the type of a must be one of
args({ a: { help: "" } }); // wrong: args(): a has no type
args({ a: { type: "text", defalt: "", help: "" } }); // wrong: a has no "defalt"; did you mean default?
args({ a: { type: "number", default: "5", help: "" } }); // wrong: args(): the default of a must be a number, not a text
args({ a: { type: "list", default: "x", help: "" } }); // wrong: the default of a must be a list
args({ a: { type: "duration", default: "5", help: "" } }); // wrong: "5" is no duration

// The runtime's own.
job.each(list, { key, concurrency: 2, rate: "1/s", max_errors: 1, max_items: 1 }, async () => {});
job.each(list, { key, concurency: 2 }, async () => {}); // wrong: job.each() has no option "concurency"; did you mean concurrency?
csv.read(file, { columns: { a: csv.txt } }); // wrong: csv has no txt; did you mean text?
csv.read(file, { colums: {} }); // wrong: did you mean columns?
output.bars(rows, { lable: "x" }); // wrong: did you mean label?
run.dryrun; // wrong: did you mean dry_run?
