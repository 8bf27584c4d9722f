/**
 * Runs recipes seed by seed and writes RESULTS.md. Each seed that is done is a line of JSON in
 * results/data, so a run that was interrupted goes on where it stopped; a line counts only for the
 * budget and the text of the recipe it was made with.
 */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"; // prettier-ignore
import { cpus } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

import type { BudgetName } from "../lib/index";
import type { Recipe, Values } from "./recipe";

/** One seed of one recipe, as it is kept. */
interface Line {
  recipe: string; // hash of its text
  budget: BudgetName;
  seed: number;
  values: Values;
  /** seconds of all threads */
  cpu: number;
  machine: string;
}

/** Where recipes are, where their lines are kept, and what is written. */
export interface Places {
  recipes: string;
  data: string;
  output: string;
}

/** A recipe with what has been run of it. */
interface Loaded {
  name: string;
  hash: string;
  recipe: Recipe;
}

/** The names of all recipes: 05-ppo-cartpole, … */
export function recipeNames({ recipes }: Places): string[] {
  return readdirSync(recipes)
    .filter((file) => /^\d\d-.*\.ts$/.test(file))
    .map((file) => basename(file, ".ts"))
    .sort();
}

async function load(name: string, { recipes }: Places): Promise<Loaded> {
  const path = join(recipes, `${name}.ts`);
  const { recipe } = (await import(pathToFileURL(path).href)) as { recipe?: Recipe };
  if (recipe === undefined) throw new Error(`${path} exports no "recipe": see results/recipe.ts.`);
  const hash = createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 12);
  return { name, hash, recipe };
}

const fileOf = (name: string, { data }: Places): string => join(data, `${name}.jsonl`);

/** What is kept of a recipe as it is now, by seed; a line that was cut off in the middle is skipped. */
function kept({ name, hash }: Loaded, budget: BudgetName, places: Places): Line[] {
  const file = fileOf(name, places);
  if (!existsSync(file)) return [];
  const bySeed = new Map<number, Line>();
  for (const text of readFileSync(file, "utf8").split("\n")) {
    const line = parsed(text);
    if (line?.recipe === hash && line.budget === budget) bySeed.set(line.seed, line);
  }
  return [...bySeed.values()].sort((a, b) => a.seed - b.seed);
}

function parsed(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined; // the last line of a run that was killed while it wrote
  }
}

/** Runs the seeds that are missing; `report` is told before each how much is left. */
export async function runRecipes(
  names: readonly string[],
  budget: BudgetName,
  places: Places,
  report: (words: string) => void,
): Promise<void> {
  const loaded = await Promise.all(names.map((name) => load(name, places)));
  for (const [i, one] of loaded.entries()) {
    const done = kept(one, budget, places);
    const seeds = Array.from({ length: one.recipe.seeds[budget] }, (_, seed) => seed);
    const missing = seeds.filter((seed) => !done.some((line) => line.seed === seed));
    const times = done.map((line) => line.cpu);
    for (const [k, seed] of missing.entries()) {
      const left = times.length > 0 ? ` about ${duration((missing.length - k) * average(times))} left,` : ""; // prettier-ignore
      report(
        `${one.name}: seed ${seed} of ${seeds.length},${left} recipe ${i + 1} of ${loaded.length}`,
      );
      times.push(await runSeed(one, seed, budget, places));
    }
  }
}

/** Runs one seed and keeps it; returns the CPU seconds it took. */
async function runSeed(
  one: Loaded,
  seed: number,
  budget: BudgetName,
  places: Places,
): Promise<number> {
  const before = process.cpuUsage();
  const values = await one.recipe.run(seed);
  const used = process.cpuUsage(before);
  const cpu = Number(((used.user + used.system) / 1e6).toFixed(2));
  for (const [name, value] of Object.entries(values)) {
    if (Number.isFinite(value)) continue;
    throw new RangeError(
      `${one.name}, seed ${seed}: ${name} must be a finite number, got ${value}.`,
    );
  }
  const machine = `Node ${process.versions.node}, ${cpus()[0]?.model ?? process.arch}`;
  const line: Line = { recipe: one.hash, budget, seed, values, cpu, machine };
  mkdirSync(places.data, { recursive: true });
  const file = fileOf(one.name, places);
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const mend = text === "" || text.endsWith("\n") ? "" : "\n"; // a torn line stays alone
  appendFileSync(file, `${mend}${JSON.stringify(line)}\n`);
  return cpu;
}

/** Writes the results of all recipes, also of those that have not been run to their end. */
export async function writeResults(budget: BudgetName, places: Places): Promise<void> {
  const parts = [
    "# Results",
    "What the lessons' experiments show over many seeds. Written by `npm run results`" +
      `${budget === "full" ? "" : ` -- --budget ${budget}`}; every seed is a line in \`results/data\`, and each ` +
      "experiment is a short file in `results`. Seconds are CPU seconds of all threads.",
  ];
  for (const name of recipeNames(places)) {
    const one = await load(name, places);
    const lines = kept(one, budget, places);
    parts.push(`## ${name.slice(0, 2)} · ${one.recipe.title}`, one.recipe.about);
    if (lines.length === 0) parts.push("Not run yet.");
    else parts.push(one.recipe.report(lines.map((line) => line.values)), footer(lines, one.recipe.seeds[budget])); // prettier-ignore
  }
  writeFileSync(places.output, parts.join("\n\n") + "\n");
}

function footer(lines: readonly Line[], wanted: number): string {
  const machines = [...new Set(lines.map((line) => line.machine))].join("; ");
  const seconds = average(lines.map((line) => line.cpu)).toFixed(1);
  return `${lines.length} of ${wanted} seeds, ${seconds} s a seed. ${machines}.`;
}

const average = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
