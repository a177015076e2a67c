// Reports which keys have another budget than rules from a CSV file give them, and sets it when told to.
// A rule is for the keys that fit all of its filled cells: team (id or alias), user (id or e-mail), alias (* stands for any
// text) and metadata (name=value). The first rule that fits a key holds. max_budget is in dollars, or none; an empty
// budget_duration stays as it is.
//   litellm-proxy script run budgets rules.csv
//   litellm-proxy script run budgets rules.csv --apply
import { args, csv, job, keys, output, teams, users } from "litellm";
import type { Duration, Key } from "litellm";

const opt = args({
  rules: { type: "file", positional: true, help: "CSV with team, user, alias, metadata, max_budget, budget_duration" },
  apply: { type: "bool", help: "change them" },
  concurrency: { type: "number", default: 8, help: "how many keys are changed at once" },
});

const dollars = {
  parse(text: string): number | null {
    const value = Number(text);
    if (text === "none") return null;
    if (text === "" || !(value >= 0)) throw new Error("it must be dollars, or none");
    return value;
  },
};
const duration = {
  parse(text: string): Duration {
    if (!/^(\d+[smhdw]|1mo)$/.test(text)) throw new Error("it must be a duration, such as 30d or 1mo");
    return text as Duration;
  },
};
const pair = {
  parse(text: string): { name: string; value: string } {
    const at = text.indexOf("=");
    if (at < 1) throw new Error("it must be name=value");
    return { name: text.slice(0, at), value: text.slice(at + 1) };
  },
};

const rules = await csv.read(opt.rules, {
  columns: {
    team: csv.optional(csv.text), user: csv.optional(csv.text), alias: csv.optional(csv.text), metadata: csv.optional(pair),
    max_budget: dollars, budget_duration: csv.optional(duration),
  },
});

// A team or a user that is missing, or there twice, ends the run here, before any write.
const teamOf = new Map<string, string>();
const userOf = new Map<string, string>();
for (const { team, user } of rules) {
  if (team !== null && !teamOf.has(team)) teamOf.set(team, (await teams.get({ team })).team_id);
  if (user !== null && !userOf.has(user)) userOf.set(user, (await users.get({ user })).user_id);
}

const tests = rules.map((rule) => {
  const text = (rule.alias ?? "").split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&")).join(".*");
  const alias = new RegExp(`^${text}$`, "s");
  return (k: Key) =>
    (rule.team === null || k.team_id === teamOf.get(rule.team)) &&
    (rule.user === null || k.user_id === userOf.get(rule.user)) &&
    (rule.alias === null || alias.test(k.key_alias ?? "")) &&
    (rule.metadata === null || String(k.metadata?.[rule.metadata.name]) === rule.metadata.value);
});

const changes = [];
let right = 0;
let without = 0;
for await (const k of keys.list({ status: "active" })) {
  const at = tests.findIndex((fits) => fits(k));
  const rule = rules[at];
  if (!rule) {
    without++;
    continue;
  }
  const budget_duration = rule.budget_duration ?? k.budget_duration;
  if (k.max_budget === rule.max_budget && k.budget_duration === budget_duration) {
    right++;
    continue;
  }
  changes.push({
    token: k.token, alias: k.key_alias, rule: at + 1, was: k.max_budget, max_budget: rule.max_budget,
    was_duration: k.budget_duration, budget_duration,
  });
}
console.log(`${changes.length} to change, ${right} right already, ${without} that no rule is for`);

if (!opt.apply) {
  for (const change of changes) output.record(change);
} else {
  await job.each(changes, { key: (c) => c.token, concurrency: opt.concurrency }, async (c) => {
    const { result } = await keys.update({ token: c.token, max_budget: c.max_budget, budget_duration: c.budget_duration });
    return { ...c, result };
  });
}
