/** Rows of estimates, each with its interval: what dots and bars have in common. */
import { checkFinite, checkNotEmpty } from "../core/checks";
import { stored } from "./series";
import { shortNumber } from "./text";
import type { Json } from "./vega";

/** One estimate with its interval. */
export interface Estimate {
  label: string;
  value: number;
  /** Lower and upper limit of the interval. */
  low?: number;
  high?: number;
  /** Rows of one group share a colour; the same label may stand once in each. */
  group?: string;
}

/** An estimate beside the value that somebody printed. */
export interface DotRow extends Estimate {
  published?: number;
}

/**
 * Checks rows of estimates.
 *
 * @throws RangeError for NaN and for an interval that does not hold its value
 */
export function checkRows(where: string, rows: readonly DotRow[]): void {
  checkNotEmpty(`${where}: rows`, rows);
  rows.forEach((row, i) => {
    if (typeof row?.label !== "string") throw new TypeError(`${where}: row ${i} needs a label.`);
    checkRow(`${where}: row ${i} (${row.label})`, row);
  });
}

function checkRow(where: string, { value, low, high, published }: DotRow): void {
  checkFinite(`${where}: value`, value);
  if (published !== undefined) checkFinite(`${where}: published`, published);
  if (low === undefined && high === undefined) return;
  checkFinite(`${where}: low`, low as number);
  checkFinite(`${where}: high`, high as number);
  if (!(low! <= value && value <= high!)) {
    throw new RangeError(
      `${where}: the interval [${low}, ${high}] does not hold the value ${value}. ` +
        `low and high are the limits themselves, not distances from the value.`,
    );
  }
}

/** The labels in the order in which they are drawn. */
export function order(
  rows: readonly Estimate[],
  sort: "ascending" | "descending" | undefined,
): string[] {
  const sign = sort === "ascending" ? 1 : -1;
  const sorted = sort === undefined ? rows : [...rows].sort((a, b) => sign * (a.value - b.value));
  return [...new Set(sorted.map((row) => row.label))];
}

/** The groups in the order in which they come; one nameless group where there are none. */
export function groupsOf(rows: readonly Estimate[]): string[] {
  return [...new Set(rows.map((row) => row.group ?? ""))];
}

/** A row as Vega-Lite takes it. */
export function storedRow({ label, value, group, low, high, published }: DotRow): Json {
  return {
    label,
    value: stored(value),
    group: group ?? "",
    ...(low !== undefined && { low: stored(low), high: stored(high!) }),
    ...(published !== undefined && { published: stored(published) }),
  };
}

/** Whether any row has an interval to draw. */
export function hasIntervals(rows: readonly Estimate[]): boolean {
  return rows.some((row) => row.low !== undefined);
}

/** "Milwaukee: 1.58 [1.08, 2.08], Agresti 1.59; …" */
export function describeRows(rows: readonly DotRow[], source = "published"): string {
  const one = ({ label, group, value, low, high, published }: DotRow) =>
    [
      group === undefined ? `${label}: ` : `${label} (${group}): `,
      shortNumber(value),
      low === undefined ? "" : ` [${shortNumber(low)}, ${shortNumber(high!)}]`,
      published === undefined ? "" : `, ${source} ${shortNumber(published)}`,
    ].join("");
  return rows.map(one).join("; ");
}
