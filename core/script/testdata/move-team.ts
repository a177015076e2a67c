// Moves a team to another gateway; the old keys live on for a while.  script run move-team --profile prod-a eng --to prod-b
import { args, gateway, job, keys, teams } from "litellm";
const opt = args({ team: { type: "text", positional: true, help: "team alias" }, to: { type: "profile", help: "profile to move to" } });
const there = gateway(opt.to);
const team = await teams.get({ alias: opt.team });
const team_id = (await there.teams.get({ alias: opt.team })).team_id;
await job.each(keys.list({ team_id: team.team_id, status: "active" }), { key: (k) => k.token }, async (k) => {
  const made = await there.keys.generate({ key_alias: k.key_alias, models: k.models, max_budget: k.max_budget, team_id, if_not_exists: true });
  return { old: k.key_name, alias: k.key_alias, result: made.result, key: made.key };
});
