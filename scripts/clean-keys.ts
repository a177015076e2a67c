// Reports keys that are expired, unused or without a limit, and blocks or deletes them when told to.
// Keys without a budget and without an end may be in good use, so they are only reported, unless --act-on names them. The key
// that the run itself uses is never among them.
//   litellm-proxy script run clean-keys
//   litellm-proxy script run clean-keys --unused-for 30d -o csv
//   litellm-proxy script run clean-keys --apply --dry-run
//   litellm-proxy script run clean-keys --delete --act-on expired
import { NotFound, args, job, keys, output } from "litellm";
import type { Duration, Key } from "litellm";

const opt = args({
  unused_for: { type: "duration", default: "90d", help: "how long a key is not used before it is stale" },
  act_on: {
    type: "list", enum: ["expired", "unused", "unlimited"], default: ["expired", "unused"], help: "which are blocked or deleted",
  },
  apply: { type: "bool", help: "block them" },
  delete: { type: "bool", help: "delete them, for good" },
});

const kinds = ["expired", "unused", "unlimited"] as const;
type Kind = (typeof kinds)[number];

/** The moment that is so long ago. */
function ago(duration: Duration): Date {
  const at = new Date();
  if (duration === "1mo") {
    at.setUTCMonth(at.getUTCMonth() - 1);
    return at;
  }
  const seconds = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 }[duration.slice(-1)] ?? 0;
  return new Date(at.getTime() - parseInt(duration, 10) * seconds * 1000);
}

const since = ago(opt.unused_for);
function kindOf(k: Key): Kind | undefined {
  if (k.status === "blocked" && !opt.delete) return undefined; // nothing is left to do
  if (k.expires !== null && new Date(k.expires) < new Date()) return "expired";
  if (new Date(k.last_active ?? k.created_at) < since) return "unused";
  if (k.max_budget === null && k.expires === null) return "unlimited";
  return undefined;
}

/** The hash of the key that this run uses; the master key of a gateway has none. */
async function own(): Promise<string | undefined> {
  try {
    return (await keys.info()).token;
  } catch (e) {
    if (e instanceof NotFound) return undefined;
    throw e;
  }
}

interface Found {
  token: string; alias: string | null; user_id: string | null; team_id: string | null; spend: number;
  last_active: string | null; expires: string | null; kind: Kind; action: string;
}

const mine = await own();
const act = opt.delete ? "delete" : "block";
const found: Found[] = [];
for await (const k of keys.list()) {
  const kind = kindOf(k);
  if (kind === undefined || k.token === mine) continue;
  found.push({
    token: k.token, alias: k.key_alias, user_id: k.user_id, team_id: k.team_id, spend: k.spend, last_active: k.last_active,
    expires: k.expires, kind, action: opt.act_on.includes(kind) ? act : "none",
  });
}
console.log(kinds.map((kind) => `${found.filter((k) => k.kind === kind).length} ${kind}`).join(", "));

if (!opt.apply && !opt.delete) {
  for (const row of found) output.record(row);
} else {
  const chosen = found.filter((k) => k.action !== "none");
  await job.each(chosen, { key: (k) => k.token }, async ({ token, alias, kind }) => {
    const { result } = opt.delete ? await keys.delete({ token, ignore_missing: true }) : await keys.block({ token });
    return { token, alias, kind, result };
  });
}
