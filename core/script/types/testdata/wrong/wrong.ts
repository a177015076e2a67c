// Every line that ends in a comment "error: TEXT" must have an error that holds TEXT; no other line may have one.
import { args, csv, gateway, job, keys, teams, users, models, missing } from "litellm"; // error: has no exported member
import fs from "fs"; // error: Cannot find name 'fs'

const opt = args({
  people: { type: "file", positional: true, help: "" },
  old: { type: "duration", help: "" },
});
args({ to: { type: "profle", help: "" } }); // error: Did you mean '"profile"'?
await keys.generate({ key_alais: "x" }); // error: Did you mean to write 'key_alias'?
await keys.generate({ key_alias: 3 }); // error: Type 'number' is not assignable
await keys.generate({ max_budget: "3" }); // error: Type 'string' is not assignable to type 'number'
await keys.generate({ budget_duration: "monthly" }); // error: not assignable
await keys.generate({ type: "llm-api" }); // error: Did you mean '"llm_api"'?
await keys.generate({ secret_out: "f" }); // error: does not exist
await keys.generat({}); // error: Did you mean 'generate'?
await users.create({ role: "internal_user" }); // error: Property 'email' is missing
await teams.members.add({ team_id: "t" }); // error: Property 'user_id' is missing
await teams.members.add({ team_id: "t", user_id: "u", rol: "user" }); // error: Did you mean to write 'role'?
await keys.block({ tokn: "x" }); // error: Did you mean to write 'token'?
await keys.list({ team: "t" }); // error: does not exist
await teams.get({ alias: null }); // error: Type 'null' is not assignable
await models.import({ file: "models.json" }); // error: is not assignable to type 'File'
(await keys.info({ alias: "x" })).key_alais; // error: Did you mean 'key_alias'?
await keys.delete({ key: ["a"] }).token; // error: does not exist
gateway("b").team; // error: Did you mean 'teams'?
for await (const row of csv.read(opt.people, { columns: { name: csv.txt } })) row; // error: Did you mean 'text'?
csv.read(opt.people, { columns: { name: csv.text }, unique: "nam" }); // error: is not assignable to type '"name"'
csv.read(5, { columns: { name: csv.text } }); // error: is not assignable to
job.each(keys.list(), { key: (k) => k.token, concurency: 2 }, async () => {}); // error: Did you mean to write 'concurrency'?
job.each(keys.list(), { key: (k) => k.key_alias }, async () => {}); // error: is not assignable to type 'string'
job.each(keys.list(), { key: (k) => k.token }, async (k) => ({ models: k.models })); // error: is not assignable to
const age: string = opt.old; // error: Type 'undefined' is not assignable
fetch("https://example.com"); // error: Cannot find name 'fetch'
process.exit(1); // error: Cannot find name 'process'
