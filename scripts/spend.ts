// Shows what teams and people have spent, as records or as a picture.
// It is the gateway's own count, which begins anew with each budget period and is up to a minute late.
//   litellm-proxy script run spend --chart
//   litellm-proxy script run spend --by team -o csv
//   litellm-proxy script run spend --by person --top 10
import { args, output, teams, users } from "litellm";

const opt = args({
  by: { type: "text", enum: ["team", "person", "both"], default: "both", help: "whose spend" },
  top: { type: "number", help: "only so many, the largest first" },
  chart: { type: "bool", help: "draw bars instead of records" },
});

interface Row { by: string; id: string; name: string; spend: number; max_budget: number | null; used: number | null }

function row(by: string, id: string, name: string | null, spend: number, max_budget: number | null): Row {
  return { by, id, name: name || id, spend, max_budget, used: max_budget ? spend / max_budget : null };
}

function show(rows: Row[], title: string): void {
  rows.sort((a, b) => b.spend - a.spend || (a.name < b.name ? -1 : 1));
  const shown = rows.slice(0, opt.top ?? rows.length);
  if (opt.chart) {
    output.bars(shown, { label: "name", value: "spend", title, unit: "$" });
    return;
  }
  for (const r of shown) output.record(r);
}

if (opt.by !== "person") {
  const rows = (await teams.list()).map((t) => row("team", t.team_id, t.team_alias, t.spend, t.max_budget));
  show(rows, "Spend by team");
}
if (opt.by !== "team") {
  const rows = (await users.list()).map((u) => row("person", u.user_id, u.user_email, u.spend, u.max_budget));
  show(rows, "Spend by person");
}
