import { battlesFrom } from "./battles";
import type { BattleOptions, Battles } from "./battles";
import type { Comparison } from "./comparison";

/**
 * Battles counted into distinct pairs. Every paired-comparison model sees the data through these
 * counts alone (they are sufficient statistics), so a million battles are read once and a fit
 * costs only as much as there are different pairs.
 */
export interface PairCounts {
  /** [m] the items; the columns below hold indices into this list. */
  readonly names: readonly string[];
  /** [P] one item of the pair: the smaller index, or the one shown first where order was kept. */
  readonly first: Int32Array;
  /** [P] the other item. */
  readonly second: Int32Array;
  /** [P] weight of the judgements for `first`; a soft label p adds p here and 1 − p below. */
  readonly firstWins: Float64Array;
  /** [P] weight of the judgements for `second`. */
  readonly secondWins: Float64Array;
  /** [P] weight of the judgements "tie". */
  readonly ties: Float64Array;
  /** Whether `first` means "shown first" (or at home), as a home advantage needs to know. */
  readonly orderKept: boolean;
}

/** How battles are counted. */
export interface CountOptions {
  /**
   * Keep (a first, b second) and (b first, a second) apart, as a model with a home advantage (or a
   * judge's position bias) needs. Others add the two together and give the same answer either way.
   */
  keepOrder?: boolean;
}

/**
 * Counts answers into distinct pairs; "cannot tell" is left out.
 *
 *     const counts = countComparisons(labels, { name: (reply) => reply.model });
 *     const fit = bradleyTerry(counts);
 *
 * @throws RangeError when an item has no name, is compared with itself, or a preference is invalid
 */
export function countComparisons<T>(
  comparisons: Iterable<Comparison<T>>,
  options: BattleOptions<T> & CountOptions = {},
): PairCounts {
  return countBattles(battlesFrom(comparisons, options), options);
}

/** Counts battles into distinct pairs: one pass, then nobody looks at a single battle again. */
export function countBattles(
  battles: Battles,
  { keepOrder = false }: CountOptions = {},
): PairCounts {
  const m = battles.names.length;
  const tally = m <= denseItems ? denseTally(battles, keepOrder) : sparseTally(battles, keepOrder);
  const { pairs, table } = tally;
  const column = (offset: number) => pairs.map((_, k) => table[3 * k + offset]);
  return {
    names: battles.names,
    first: new Int32Array(pairs.map((pair) => Math.floor(pair / m))),
    second: new Int32Array(pairs.map((pair) => pair % m)),
    firstWins: column(0),
    secondWins: column(1),
    ties: column(2),
    orderKept: keepOrder,
  };
}

const denseItems = 1024; // up to here a table of all m² pairs (25 MB at most) is fastest

/** Distinct pairs as first·m + second, ascending, and the three weights of each side by side. */
interface Tally {
  pairs: Float64Array; // [P]
  table: Float64Array; // [P, 3] first's wins, second's wins, ties
}

function denseTally(battles: Battles, keepOrder: boolean): Tally {
  const m = battles.names.length;
  const table = new Float64Array(3 * m * m);
  addUp(battles, keepOrder, table, (pair) => pair);
  let count = 0;
  const pairs = new Float64Array((m * m) / (keepOrder ? 1 : 2));
  for (let pair = 0; pair < m * m; pair++) {
    if (table[3 * pair] + table[3 * pair + 1] + table[3 * pair + 2] === 0) continue;
    for (let c = 0; c < 3; c++) table[3 * count + c] = table[3 * pair + c];
    pairs[count++] = pair;
  }
  return { pairs: pairs.subarray(0, count), table };
}

function sparseTally(battles: Battles, keepOrder: boolean): Tally {
  const m = battles.names.length;
  const seen = new Set<number>();
  for (let k = 0; k < battles.first.length; k++) {
    const [i, j] = [battles.first[k], battles.second[k]];
    seen.add(keepOrder || i < j ? i * m + j : j * m + i);
  }
  const pairs = Float64Array.from(seen).sort();
  const rows = new Map<number, number>();
  pairs.forEach((pair, row) => rows.set(pair, row));
  const table = new Float64Array(3 * pairs.length);
  addUp(battles, keepOrder, table, (pair) => rows.get(pair) as number);
  return { pairs, table };
}

function addUp(
  { names, first, second, preference, tied, weight }: Battles,
  keepOrder: boolean,
  table: Float64Array,
  rowOf: (pair: number) => number,
): void {
  const m = names.length;
  for (let k = 0; k < first.length; k++) {
    const i = first[k];
    const j = second[k];
    const p = preference[k];
    const w = weight === undefined ? 1 : weight[k];
    const swapped = !keepOrder && i > j;
    const at = 3 * rowOf(swapped ? j * m + i : i * m + j);
    if (tied[k] === 1) {
      table[at + 2] += w;
    } else {
      table[at] += w * (swapped ? 1 - p : p);
      table[at + 1] += w * (swapped ? p : 1 - p);
    }
  }
}

/** The table of wins, [m][m]: entry [i][j] is how often i was preferred to j (ties apart). */
export function winMatrix(counts: PairCounts): Float64Array[] {
  const m = counts.names.length;
  const table = Array.from({ length: m }, () => new Float64Array(m));
  for (let k = 0; k < counts.first.length; k++) {
    table[counts.first[k]][counts.second[k]] += counts.firstWins[k];
    table[counts.second[k]][counts.first[k]] += counts.secondWins[k];
  }
  return table;
}

/** [m] how many judgements each item won; a tie counts as half a win for both. */
export function winTotals(counts: PairCounts): Float64Array {
  const totals = new Float64Array(counts.names.length);
  for (let k = 0; k < counts.first.length; k++) {
    totals[counts.first[k]] += counts.firstWins[k] + counts.ties[k] / 2;
    totals[counts.second[k]] += counts.secondWins[k] + counts.ties[k] / 2;
  }
  return totals;
}

/** [m] in how many judgements each item took part. */
export function battleTotals(counts: PairCounts): Float64Array {
  const totals = new Float64Array(counts.names.length);
  for (let k = 0; k < counts.first.length; k++) {
    const n = counts.firstWins[k] + counts.secondWins[k] + counts.ties[k];
    totals[counts.first[k]] += n;
    totals[counts.second[k]] += n;
  }
  return totals;
}

/** The same counts with (a, b) and (b, a) added together: who was first is forgotten. */
export function forgetOrder(counts: PairCounts): PairCounts {
  const { names, first, second, firstWins, secondWins, ties } = counts;
  const rows = new Map<number, [number, number, number, number, number]>();
  for (let k = 0; k < first.length; k++) {
    const swapped = first[k] > second[k];
    const [i, j] = swapped ? [second[k], first[k]] : [first[k], second[k]];
    const row = rows.get(i * names.length + j) ?? [i, j, 0, 0, 0];
    row[2] += swapped ? secondWins[k] : firstWins[k];
    row[3] += swapped ? firstWins[k] : secondWins[k];
    row[4] += ties[k];
    rows.set(i * names.length + j, row);
  }
  const merged = [...rows.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return {
    names,
    first: Int32Array.from(merged, (row) => row[0]),
    second: Int32Array.from(merged, (row) => row[1]),
    firstWins: Float64Array.from(merged, (row) => row[2]),
    secondWins: Float64Array.from(merged, (row) => row[3]),
    ties: Float64Array.from(merged, (row) => row[4]),
    orderKept: false,
  };
}

/** The same counts without their ties: for a model that has no place for them. */
export function dropTies(counts: PairCounts): PairCounts {
  return { ...counts, ties: new Float64Array(counts.ties.length) };
}
