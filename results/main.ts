/** What scripts/results.mjs starts: runs recipes with the budget in RLHF_BUDGET, then writes. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";

import { budgetName } from "../lib/index";
import { recipeNames, runRecipes, writeResults } from "./runner";

const { values, positionals } = parseArgs({
  options: {
    recipes: { type: "string", default: __dirname },
    data: { type: "string", default: resolve(__dirname, "data") },
    output: { type: "string", default: resolve(__dirname, "..", "RESULTS.md") },
    list: { type: "boolean" },
    write: { type: "boolean" },
  },
  allowPositionals: true,
});

async function main(): Promise<void> {
  const places = {
    recipes: resolve(values.recipes),
    data: resolve(values.data),
    output: resolve(values.output),
  };
  const all = recipeNames(places);
  if (values.list) return console.log(all.join("\n"));
  const unknown = positionals.filter((word) => !all.some((name) => name.startsWith(word)));
  if (unknown.length > 0) {
    throw new RangeError(`There is no recipe "${unknown[0]}". There are: ${all.join(", ")}.`);
  }
  const chosen = all.filter((name) => positionals.length === 0 || positionals.some((word) => name.startsWith(word))); // prettier-ignore
  const line = (words: string): void => void process.stderr.write(`${words}\n`);
  if (!values.write) await runRecipes(chosen, budgetName(), places, line);
  await writeResults(budgetName(), places);
  console.log(`Written: ${places.output}`);
}

main().catch((error: Error) => {
  console.error(error instanceof RangeError ? error.message : error);
  process.exitCode = 1;
});
