// Makes an account, a membership and a key for every person of a file. None of them may be there before: what this finds in
// place of making it is a write that was done twice.
//   litellm-proxy script run ./onboard.ts people.csv --team eng
import { args, csv, job, keys, teams, users } from "litellm";

const opt = args({
  people: { type: "file", positional: true, help: "CSV with email" },
  team: { type: "text", required: true, help: "alias of the team" },
});

const people = await csv.read(opt.people, { columns: { email: csv.email }, unique: "email" });
const { team_id } = await teams.get({ alias: opt.team });

await job.each(people, { key: (p) => p.email, concurrency: 16 }, async (p) => {
  const user = await users.create({ email: p.email, role: "internal_user" });
  const member = await teams.members.add({ team_id, user_id: user.user_id, role: "user" });
  const key = await keys.generate({ user_id: user.user_id, team_id, key_alias: p.email, max_budget: 1 });
  return { n: p.email, user: user.result, user_id: user.user_id, member: member.result, result: key.result, key: key.key };
});
