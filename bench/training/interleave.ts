import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Answer, Contender } from "./contender";
import { describeSize, type Size } from "./sizes";
import { machine, type Row, table } from "./table";

/** One comparison: what is asked of every contender in turn, and how the results are compared. */
export interface Comparison {
  title: string;
  file: string;
  about: string;
  sizes: Size[];
  /** the first must be ours: it writes the weights that the others read */
  contenders: { contender: Contender; command: (count: number) => object; label?: string }[];
  rounds: number;
  /** repetitions in one turn of a contender */
  perTurn: (size: Size) => number;
  /** wall times are divided by this: tokens in a rollout, 1 for a step */
  unit: (size: Size) => number;
  reference: string;
  agreement: { title: string; of: (row: Answer[], ours: Answer[]) => string };
}

/** Turn by turn, so that other load on the machine falls on all alike. */
async function measure(comparison: Comparison, size: Size, folder: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { contender, command, label } of comparison.contenders) {
    const row: Row = { name: label ?? contender.name, answers: [], agreement: "" };
    rows.push(row);
    try {
      if (!comparison.contenders.slice(0, rows.length - 1).some((c) => c.contender === contender))
        await contender.ask({ command: "load", size: size.name, folder });
      row.answers.push(await contender.ask(command(1)));
      row.first = { wall: row.answers[0].wall[0], cpu: row.answers[0].cpu[0] };
    } catch (error) {
      row.failed = (error as Error).message;
    }
  }
  for (let round = 0; round < comparison.rounds; round++) {
    for (const [k, { contender, command }] of comparison.contenders.entries())
      if (rows[k].failed === undefined)
        rows[k].answers.push(await contender.ask(command(comparison.perTurn(size))));
    process.stderr.write(`\r${size.name}: round ${round + 1} of ${comparison.rounds} `);
  }
  process.stderr.write("\n");
  for (const row of rows)
    if (row.failed === undefined)
      row.agreement = comparison.agreement.of(row.answers, rows[0].answers);
  // the first call and the first turn warm up: they count for agreement and memory only
  for (const row of rows) row.answers.splice(0, Math.min(2, row.answers.length - 1));
  return rows;
}

/** Runs a comparison, prints its tables and writes them to bench/results. */
export async function interleave(comparison: Comparison): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-training-"));
  const { title, about, reference, unit, agreement } = comparison;
  const parts = [`# ${title}`, about];
  try {
    for (const size of comparison.sizes) {
      const rows = await measure(comparison, size, folder);
      const heading = `## ${size.name}: ${describeSize(size)}`;
      parts.push(heading, table(rows, reference, unit(size), agreement.title));
      console.log(parts.slice(-2).join("\n\n"));
    }
  } finally {
    comparison.contenders.forEach(({ contender }) => contender.close());
    rmSync(folder, { recursive: true });
  }
  parts.push(`${machine()}.`);
  const results = join(__dirname, "..", "results");
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, `${comparison.file}.md`), parts.join("\n\n") + "\n");
}

/** The rounds and sizes of the command line: `[rounds] [size …]`. */
export function fromCommandLine(sizes: Size[], rounds: number): { rounds: number; sizes: Size[] } {
  const words = process.argv.slice(2);
  const given = words.map(Number).find((value) => value > 0);
  const named = sizes.filter((size) => words.includes(size.name));
  return { rounds: given ?? rounds, sizes: named.length > 0 ? named : sizes };
}
