import { mean, standardDeviation, type BudgetName } from "../lib/index";

/** What one seed showed: figures by name. */
export type Values = Readonly<Record<string, number>>;

/**
 * One experiment of a lesson, over seeds: a file results/NN-name.ts that exports a `recipe`.
 * `npm run results` runs it seed by seed and writes what it reports into RESULTS.md.
 */
export interface Recipe {
  readonly title: string;
  /** Markdown: what is run, with its parameters, and what it is held to. */
  readonly about: string;
  /** Number of seeds, 0, 1, 2, … */
  readonly seeds: Readonly<Record<BudgetName, number>>;
  /** Runs one seed; must draw from `new Rng(…seed…)` alone. */
  run(seed: number): Promise<Values> | Values;
  /** Markdown, from all seeds that have been run. */
  report(rows: readonly Values[]): string;
}

/** A figure in a summary: its words, its digits, and where it has one the bar that each seed must meet. */
export interface Figure {
  readonly title: string;
  readonly digits?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** A table of mean ± standard deviation, least and most, and how many seeds met the bar. */
export function summary(
  rows: readonly Values[],
  figures: Readonly<Record<string, Figure>>,
): string {
  const lines = Object.entries(figures).map(([key, { title, digits = 1, ...bar }]) => {
    const values = rows.map((row) => row[key]);
    const spread = rows.length > 1 ? ` ± ${standardDeviation(values).toFixed(digits)}` : "";
    const [least, most] = [Math.min(...values), Math.max(...values)].map((x) => x.toFixed(digits));
    return `| ${title} | ${mean(values).toFixed(digits)}${spread} | ${least} to ${most} | ${barOf(values, bar)} |`;
  });
  return ["| | mean ± sd | range | bar |", "|---|---|---|---|", ...lines].join("\n");
}

function barOf(values: readonly number[], { atLeast, atMost }: Omit<Figure, "title">): string {
  if (atLeast === undefined && atMost === undefined) return "";
  const met = values.filter((x) => x >= (atLeast ?? -Infinity) && x <= (atMost ?? Infinity));
  const words = [
    atLeast === undefined ? "" : `≥ ${atLeast}`,
    atMost === undefined ? "" : `≤ ${atMost}`,
  ];
  const bar = words.filter((word) => word !== "").join(" and ");
  return `${bar}: ${met.length} of ${values.length}`;
}

/**
 * A table of mean ± standard deviation, a line for each name and a column for each setting; the values' keys are
 * "name setting".
 */
export function sweep(
  rows: readonly Values[],
  lines: Readonly<Record<string, string>>,
  settings: readonly (string | number)[],
  { head, digits }: { head: string; digits: number },
): string {
  const cell = (key: string): string => {
    const values = rows.map((row) => row[key]);
    const spread = rows.length > 1 ? ` ± ${standardDeviation(values).toFixed(digits)}` : "";
    return mean(values).toFixed(digits) + spread;
  };
  const titles = settings.map((one) => (typeof one === "number" ? one.toLocaleString("en") : one));
  const body = Object.entries(lines).map(([name, title]) =>
    [title, ...settings.map((setting) => cell(`${name} ${setting}`))].join(" | "),
  );
  return [[head, ...titles].join(" | "), `---${" | ---".repeat(settings.length)}`, ...body]
    .map((line) => `| ${line} |`)
    .join("\n");
}

/** A line that holds a mean over seeds to its bar. */
export function heldMean(
  rows: readonly Values[],
  key: string,
  { title, digits = 2, atLeast = -Infinity, atMost = Infinity }: Figure,
): string {
  const value = mean(rows.map((row) => row[key]));
  const bar = atMost === Infinity ? `at least ${atLeast}` : `between ${atLeast} and ${atMost}`;
  const verdict = value >= atLeast && value <= atMost ? "held" : "**not held**";
  return `Mean of ${title}: ${value.toFixed(digits)}; to be ${bar}: ${verdict}.`;
}
