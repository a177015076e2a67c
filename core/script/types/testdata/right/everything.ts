// Uses the types as authors do: what has no error here must have none.
import { ApiError, Denied, NotFound, args, csv, env, files, gateway, http, job, keys, models, output, run, teams, users } from "litellm";
import type { Duration, Key, KeyGenerate, Secret, Team } from "litellm";

const opt = args({
  file: { type: "file", positional: true, help: "" },
  old: { type: "duration", default: "30d", help: "" },
  mode: { type: "text", enum: ["a", "b"], default: "a", help: "" },
  note: { type: "text", help: "" },
  sure: { type: "bool", help: "" },
  names: { type: "list", help: "" },
  to: { type: "profile", required: true, help: "" },
  rest: { type: "text", positional: true, required: false, help: "" },
});
const age: Duration = opt.old;
const mode: "a" | "b" = opt.mode;
const note: string | undefined = opt.note;
const sure: boolean = opt.sure;
const names: string[] = opt.names;
const to: string = opt.to;
const rest: string | undefined = opt.rest;
console.log(age, mode, note, sure, names, rest, run.dry_run, run.profile, run.gateway, env.get("CI") ?? "");

// One target gives one record, several give a list, and so does a filter.
const one: Key = await keys.block({ token: "a" });
const several: Key[] = await keys.block({ key: ["a", "b"] });
const selected: Key[] = await keys.block({ user_id: "u" });
const member: { user_id: string } = await teams.members.add({ team: "eng", user: "u" });
console.log(one.token, several.length, selected.length, member);

// What was read can be handed back; null takes a limit away.
for await (const k of keys.list({ status: "active" })) {
  await keys.update({ token: k.token, models: k.models, max_budget: null, budget_duration: k.budget_duration });
}
for (const u of await users.list()) await users.update({ user_id: u.user_id, role: u.user_role ?? "internal_user", user_role: u.user_role });
const first: Team | undefined = (await teams.list({ limit: 1 }))[0];
console.log(first?.metadata?.cost_center);

// A function's own body is typed by LiteLLM's schema, and `set` reaches into it.
const wanted: KeyGenerate = { key_alias: "x", duration: "1mo", soft_budget: 3, guardrails: ["a"], set: { "metadata.owner": "ada" } };
const made = await keys.generate({ ...wanted, send_invite_email: null });
const secret: Secret | undefined = made.key;
if (made.result === "created") console.log(secret?.hint);
await models.add({ name: "m", param: { model: "openai/x" }, if_not_exists: true });

const there = gateway(opt.to);
await there.teams.members.remove({ team_id: "t", user_id: ["a", "b"], ignore_missing: true });
const answer = await http.get<{ id: string }>("/x", { page: 1 });
await http.request({ method: "POST", path: "/y", json: { id: answer.id } });

const rows = await csv.read(opt.file, {
  columns: { name: csv.text, until: csv.optional(csv.date), tags: csv.list, own: { parse: (text: string) => text.length } },
});
const length: number | undefined = rows[0]?.own;
const until: Date | null | undefined = rows[0]?.until;
const tally = await job.each(rows, { key: (r) => r.name, rate: "100/m", max_items: 5 }, async (r, step) => {
  const n: number = await step("count", async () => r.tags.length);
  return { name: r.name, n, until: r.until?.toISOString() };
});
console.log(tally.ok, length, until);
output.record({ a: 1, made });
output.bars([{ team: "a", spend: 3 }], { label: "team", value: "spend", unit: "$" });
await files.write("out.txt", await files.read(opt.file));
for await (const line of files.lines(files.open("x"))) output.text(line);

try {
  await teams.get({ alias: "none" });
} catch (e) {
  if (e instanceof NotFound || e instanceof Denied) console.warn(e.hint, e.status);
  else if (e instanceof ApiError && e.code === "refused") throw e;
}
const controller = new AbortController();
setTimeout(() => controller.abort(), 10);
console.log(new URL("https://a/b?c=d").searchParams.get("c"), structuredClone([1]), new TextEncoder().encode("a").length);
