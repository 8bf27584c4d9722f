import { checkAllFinite, checkLength, checkNotEmpty, checkRange } from "../core/checks";
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
    const [i, j, p] = [first[k], second[k], preference[k]];
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

/**
 * Counts from a published table: wins[i][j] is how often item i beat item j.
 *
 * @param wins [m][m] at least 0; the diagonal must be 0
 * @param ties [m][m] symmetric; none when left out
 * @throws ShapeError when a table is not m × m, RangeError on a negative or missing entry
 */
export function countsFromMatrix(
  names: readonly string[],
  wins: readonly ArrayLike<number>[],
  ties?: readonly ArrayLike<number>[],
): PairCounts {
  const m = names.length;
  checkTable("countsFromMatrix: wins", wins, m);
  if (ties !== undefined) checkTable("countsFromMatrix: ties", ties, m);
  const rows: [number, number, number, number, number][] = [];
  for (let i = 0; i < m; i++) {
    for (let j = i + 1; j < m; j++) {
      const tied = ties === undefined ? 0 : ties[i][j];
      if (ties !== undefined && ties[j][i] !== tied) {
        throw new RangeError(
          `countsFromMatrix: ties must be symmetric, but ties[${i}][${j}] differs.`,
        );
      }
      if (wins[i][j] + wins[j][i] + tied > 0) rows.push([i, j, wins[i][j], wins[j][i], tied]);
    }
  }
  return { ...countsFromRows(names, rows), orderKept: false };
}

/**
 * Counts from a published list of pairs: [i, j, wins of i, wins of j, ties]. Where order matters, i
 * is the one at home (or shown first).
 *
 * @throws RangeError when an index is outside the names, or a count negative
 */
export function countsFromRows(
  names: readonly string[],
  rows: readonly (readonly [number, number, number, number, number])[],
): PairCounts {
  for (const [at, [i, j, ...numbers]] of rows.entries()) {
    checkRange(`countsFromRows: rows[${at}][0]`, i, 0, names.length - 1);
    checkRange(`countsFromRows: rows[${at}][1]`, j, 0, names.length - 1);
    if (i === j)
      throw new RangeError(`countsFromRows: rows[${at}] compares item ${i} with itself.`);
    numbers.forEach((n) =>
      checkRange(`countsFromRows: a count in rows[${at}]`, n, 0, Number.MAX_VALUE),
    );
  }
  return {
    names: [...names],
    first: Int32Array.from(rows, (row) => row[0]),
    second: Int32Array.from(rows, (row) => row[1]),
    firstWins: Float64Array.from(rows, (row) => row[2]),
    secondWins: Float64Array.from(rows, (row) => row[3]),
    ties: Float64Array.from(rows, (row) => row[4]),
    orderKept: true,
  };
}

function checkTable(where: string, table: readonly ArrayLike<number>[], m: number): void {
  checkLength(where, table, m);
  for (let i = 0; i < m; i++) {
    checkLength(`${where}[${i}]`, table[i], m);
    checkAllFinite(`${where}[${i}]`, table[i]);
    for (let j = 0; j < m; j++) checkRange(`${where}[${i}][${j}]`, table[i][j], 0, Infinity);
    if (table[i][i] !== 0)
      throw new RangeError(`${where}[${i}][${i}] must be 0: nobody meets themselves.`);
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

/** The same counts without their ties: for a model that has no place for them. */
export function dropTies(counts: PairCounts): PairCounts {
  return { ...counts, ties: new Float64Array(counts.ties.length) };
}

/**
 * The battles that a table of counts stands for, one entry each, pair after pair: what an online
 * rating walks through (in an order of your choice, see `reorderBattles`).
 *
 * @throws RangeError when a count is no whole number
 */
export function expandCounts(counts: PairCounts): Battles {
  const total = battleTotals(counts).reduce((a, b) => a + b, 0) / 2;
  const first = new Int32Array(total);
  const second = new Int32Array(total);
  const preference = new Float64Array(total);
  const tied = new Uint8Array(total);
  let at = 0;
  for (let k = 0; k < counts.first.length; k++) {
    for (const [n, p, isTie] of [
      [counts.firstWins[k], 1, 0],
      [counts.secondWins[k], 0, 0],
      [counts.ties[k], 0.5, 1],
    ]) {
      if (!Number.isInteger(n)) {
        throw new RangeError(
          `expandCounts: every count must be a whole number, got ${n} in pair ${k}.`,
        );
      }
      first.fill(counts.first[k], at, at + n);
      second.fill(counts.second[k], at, at + n);
      preference.fill(p, at, at + n);
      tied.fill(isTie, at, at + n);
      at += n;
    }
  }
  return { names: counts.names, first, second, preference, tied };
}

/** @throws RangeError when there is nothing to fit: no pair at all, or fewer than two items */
export function checkCounts(where: string, counts: PairCounts): void {
  checkNotEmpty(`${where}: counts.names`, counts.names, 2);
  checkNotEmpty(`${where}: counts (pairs that were compared)`, counts.first);
}
