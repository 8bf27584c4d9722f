import { cpus, loadavg, totalmem } from "node:os";

import { median, quantile } from "../../lib/index";
import type { Answer } from "./contender";

/** All that one contender did at one size. */
export interface Row {
  name: string;
  answers: Answer[];
  /** milliseconds of the first call; none when it failed */
  first?: { wall: number; cpu: number };
  failed?: string;
  /** largest difference from our losses, or the share of equal tokens */
  agreement: string;
}

const number = (milliseconds: number): string => milliseconds.toPrecision(3);

/**
 * A table of medians, spreads and ratios, as Markdown.
 *
 * @param reference how the names begin among which the fastest has ratio 1
 */
export function table(rows: Row[], reference: string, unit: number, agreement: string): string {
  const walls = (row: Row) => row.answers.flatMap((answer) => answer.wall).map((ms) => ms / unit);
  const bases = rows.filter(
    ({ name, failed }) => name.startsWith(reference) && failed === undefined,
  );
  const base = Math.min(...bases.map((row) => median(walls(row))));
  const head = [
    `| | median ms | 10–90 % | CPU ms | ratio | first call ms (CPU) | peak MB | ${agreement} |`,
    "|---|---|---|---|---|---|---|---|",
  ];
  const lines = rows.map((row) => {
    if (row.failed !== undefined) return `| ${row.name} | failed: ${row.failed} | | | | | | |`;
    const wall = walls(row);
    const middle = median(wall);
    const spread = `${number(quantile(wall, 0.1))}–${number(quantile(wall, 0.9))}`;
    const cpu = number(median(row.answers.flatMap((answer) => answer.cpu)) / unit);
    const ratio = bases.length > 0 ? (middle / base).toFixed(2) : "–";
    const first = row.first ? `${row.first.wall.toFixed(0)} (${row.first.cpu.toFixed(0)})` : "–";
    const rss = Math.max(...row.answers.map((answer) => answer.rss));
    return `| ${row.name} | ${number(middle)} | ${spread} | ${cpu} | ${ratio} | ${first} | ${rss} | ${row.agreement} |`;
  });
  return [...head, ...lines].join("\n");
}

/** On what it was measured, and how busy the machine was. */
export const machine = (): string =>
  `Node ${process.version}, ${cpus().length} × ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GB, ` +
  `load ${loadavg()[0].toFixed(1)} at the end (a load above 1 is other work: look at the CPU times then)`;
