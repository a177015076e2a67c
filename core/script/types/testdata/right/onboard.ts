// Onboards people: an account, a place in their team, and one key with a monthly limit.
//   litellm-proxy script run onboard people.csv --budget 50 --dry-run
import { args, csv, job, keys, teams, users } from "litellm";

const opt = args({
  people: { type: "file", positional: true, help: "CSV with email, name, team, cost_center" },
  budget: { type: "number", default: 50, help: "dollars per person and calendar month" },
  models: { type: "list", default: ["gpt-4o-mini"], help: "models the key may use" },
});

// The whole file is checked before the first request; all bad lines are reported together.
const people = await csv.read(opt.people, {
  columns: { email: csv.email, name: csv.text, team: csv.text, cost_center: csv.text },
  unique: "email",
});

// An exact alias: a team that is missing, or there twice, ends the run here, before any write.
const teamOf = new Map<string, string>();
for (const alias of new Set(people.map((p) => p.team))) {
  teamOf.set(alias, (await teams.get({ alias })).team_id);
}

// Every write in here is a step of its own: a killed run resumes after the last one that happened.
await job.each(people, { key: (p) => p.email, concurrency: 8, max_errors: 10 }, async (p) => {
  const team_id = teamOf.get(p.team)!;
  const user = await users.create({
    email: p.email, alias: p.name, role: "internal_user",
    metadata: { cost_center: p.cost_center }, if_not_exists: true,
  });
  await teams.members.add({ team_id, user_id: user.user_id, role: "user", if_not_exists: true });
  const key = await keys.generate({
    user_id: user.user_id, team_id, key_alias: `${p.email}/default`, type: "llm_api",
    models: opt.models, max_budget: opt.budget, budget_duration: "1mo", if_not_exists: true,
  });
  // This is the row of results.csv. `key.key` is a Secret: it reaches that file and nothing else.
  return { email: p.email, user: user.result, key_result: key.result, key: key.key };
});
