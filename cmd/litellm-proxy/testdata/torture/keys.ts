// Makes a key for every number of a file.
//   litellm-proxy script run ./keys.ts numbers.csv --run night
import { args, csv, job, keys } from "litellm";

const opt = args({
  numbers: { type: "file", positional: true, help: "CSV with n" },
  run: { type: "text", required: true, help: "begins the aliases of the keys" },
});

const numbers = await csv.read(opt.numbers, { columns: { n: csv.integer }, unique: "n" });

await job.each(numbers, { key: (p) => String(p.n), concurrency: 32 }, async (p) => {
  const key = await keys.generate({ key_alias: `${opt.run}-${p.n}`, max_budget: 1 });
  return { n: p.n, result: key.result, key: key.key };
});
