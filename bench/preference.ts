/**
 * Bradley–Terry at the scale of an arena, beside what a user would pick instead, in one interleaved
 * run: every contender once a round, so that other load on the machine falls on all alike.
 *
 *     npx tsx bench/preference.ts [rounds]      writes bench/results/preference.md
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";

import {
  battlesFromWins,
  bootstrapStrengths,
  bradleyTerry,
  bradleyTerryGradient,
  countBattles,
  median,
  quantile,
  Rng,
  sigmoid,
} from "../lib/index";
import type { PairCounts } from "../lib/index";
import { PythonContenders } from "./preference/python";

interface Run {
  wall: number; // seconds
  cpu: number; // seconds
  strengths?: Float64Array;
  failed?: string;
}

interface Case {
  title: string;
  items: number;
  battles: number;
  ours: { name: string; run: (columns: Columns) => Float64Array | undefined };
  others: string[];
}

interface Columns {
  names: string[];
  winners: Int32Array;
  losers: Int32Array;
  counts: PairCounts;
}

const count = (c: Columns) =>
  countBattles(battlesFromWins(c.winners, c.losers, { names: c.names }));

const onCounts = [
  "NumPy Newton on a win matrix",
  "SciPy L-BFGS on counts",
  "scikit-learn LogisticRegression on counts",
  "choix ilsr_pairwise_dense on a win matrix",
];

const cases: Case[] = [
  {
    title: "130 models × 1.5 million battles, ready counts to strengths",
    items: 130,
    battles: 1_500_000,
    ours: { name: "rlhf, Newton on counts", run: (c) => bradleyTerry(c.counts).strengths },
    others: onCounts,
  },
  {
    title: "130 models × 1.5 million battles, raw battles to strengths",
    items: 130,
    battles: 1_500_000,
    ours: { name: "rlhf, counted and Newton", run: (c) => bradleyTerry(count(c)).strengths },
    others: ["evalica bradley_terry", "NumPy bincount and Newton"],
  },
  {
    title: "130 models × 1.5 million battles, 100 bootstrap rounds",
    items: 130,
    battles: 1_500_000,
    ours: {
      name: "rlhf, multinomial on counts",
      run: (c) => {
        bootstrapStrengths(c.counts, bradleyTerry(c.counts), {
          rng: new Rng("bootstrap"),
          rounds: 100,
        });
        return undefined;
      },
    },
    others: ["NumPy multinomial and Newton"],
  },
  {
    title: "1,000 models × 1 million battles, raw battles to strengths",
    items: 1000,
    battles: 1_000_000,
    ours: {
      name: "rlhf, counted and conjugate gradients",
      run: (c) => bradleyTerry(count(c)).strengths,
    },
    others: ["evalica bradley_terry", "NumPy bincount and Newton"],
  },
];

/** Random pairs among items with normal strengths (sd 1 nat). */
function simulate(items: number, battles: number): Columns {
  const rng = new Rng(`arena ${items} ${battles}`);
  const names = Array.from({ length: items }, (_, i) => `m${String(i).padStart(4, "0")}`);
  const theta = names.map(() => rng.normal());
  const [winners, losers] = [new Int32Array(battles), new Int32Array(battles)];
  for (let k = 0; k < battles; k++) {
    const i = rng.integer(items);
    const j = (i + 1 + rng.integer(items - 1)) % items;
    const won = rng.uniform() < sigmoid(theta[i] - theta[j]);
    [winners[k], losers[k]] = won ? [i, j] : [j, i];
  }
  const columns = { names, winners, losers };
  return { ...columns, counts: countBattles(battlesFromWins(winners, losers, { names })) };
}

function timed(run: () => Float64Array | undefined): Run {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  const strengths = run();
  const seconds = (performance.now() - wall) / 1000;
  const used = process.cpuUsage(cpu);
  const result = { wall: seconds, cpu: (used.user + used.system) / 1e6 };
  return strengths === undefined ? result : { ...result, strengths };
}

async function inPython(python: PythonContenders, name: string): Promise<Run> {
  const { strengths, ...run } = await python.run(name);
  if (strengths === undefined) return run;
  const bytes = readFileSync(strengths);
  return { ...run, strengths: new Float64Array(new Uint8Array(bytes).buffer) };
}

/** Everybody once a round; the first two rounds warm up and are not counted. */
async function measure(test: Case, columns: Columns, python: PythonContenders, rounds: number) {
  const names = [test.ours.name, ...test.others];
  const runs = new Map(names.map((name) => [name, [] as Run[]]));
  for (let round = -2; round < rounds; round++) {
    for (const name of names) {
      const run =
        name === test.ours.name
          ? timed(() => test.ours.run(columns))
          : await inPython(python, name);
      if (round >= 0) runs.get(name)?.push(run);
    }
  }
  return runs;
}

/** The maximum to machine precision: our fit, polished until the gradient is rounding noise. */
function exactMaximum(counts: PairCounts): Float64Array {
  const { strengths } = bradleyTerry(counts, { tolerance: 1e-24 });
  const slope = bradleyTerryGradient(strengths, counts).reduce(
    (most, g) => Math.max(most, Math.abs(g)),
    0,
  );
  if (slope > 1e-6) throw new Error(`The reference maximum has a slope of ${slope} wins left.`);
  return strengths;
}

function table(runs: Map<string, Run[]>, exact: Float64Array): string {
  const ms = (seconds: number) => (seconds * 1000).toPrecision(3);
  const walls = (list: Run[]) => list.map((run) => run.wall);
  const cpuOf = (list: Run[]) => median(list.map((run) => run.cpu));
  const [ours] = [...runs.values()].map(cpuOf);
  const lines = [...runs].map(([name, list]) => {
    if (list[0].failed !== undefined) return `| ${name} | failed: ${list[0].failed} | | | | |`;
    const middle = median(walls(list));
    const spread = `${ms(quantile(walls(list), 0.1))}–${ms(quantile(walls(list), 0.9))}`;
    const { strengths } = list[0];
    const error = strengths
      ? strengths
          .reduce((most, theta, i) => Math.max(most, Math.abs(theta - exact[i])), 0)
          .toExponential(1)
      : "–";
    const cpu = cpuOf(list);
    return `| ${name} | ${ms(middle)} | ${spread} | ${ms(cpu)} | ${(cpu / ours).toFixed(2)} | ${error} |`;
  });
  const head =
    "| | median wall ms | 10–90 % | median CPU ms | CPU × ours | error to the maximum, nats |\n|---|---|---|---|---|---|";
  return [head, ...lines].join("\n");
}

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 15);
  const python = new PythonContenders();
  const folder = mkdtempSync(join(tmpdir(), "bench-preference-"));
  const parts = [
    "# Bradley–Terry at the scale of an arena",
    `${rounds} interleaved rounds after two of warming up; CPU time is of all threads. Load average at the ` +
      `start ${loadavg()[0].toFixed(1)}: above ${cpus().length}, compare CPU, not wall time. ` +
      `Node ${process.version}, ${cpus().length} × ${cpus()[0].model}. Made by \`npx tsx bench/preference.ts\`; ` +
      "versions of the others in `bench/preference/requirements.txt`.",
  ];
  try {
    let last = "";
    let columns: Columns | undefined;
    for (const test of cases) {
      const size = `${test.items} ${test.battles}`;
      if (columns === undefined || size !== last) {
        columns = simulate(test.items, test.battles);
        writeFileSync(join(folder, "winners.i32"), columns.winners);
        writeFileSync(join(folder, "losers.i32"), columns.losers);
        await python.load(folder);
        last = size;
      }
      console.error(test.title);
      const runs = await measure(test, columns, python, rounds);
      parts.push(`## ${test.title}`, table(runs, exactMaximum(columns.counts)));
    }
  } finally {
    python.close();
    rmSync(folder, { recursive: true });
  }
  const results = join(__dirname, "results");
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, "preference.md"), parts.join("\n\n") + "\n");
  console.log(parts.join("\n\n"));
}

void main();
