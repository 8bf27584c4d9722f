import { checkAllFinite, checkLength, checkRange, checkSameLength } from "../core/checks";
import type { Battles } from "./battles";
import { battleTotals } from "./pairCounts";
import type { PairCounts } from "./pairCounts";

/**
 * Counts from a published table: wins[i][j] is how often item i beat item j.
 *
 * @param wins [m][m] at least 0; the diagonal must be 0
 * @param ties [m][m] symmetric; none when left out
 * @throws ShapeError when a table is not m × m, RangeError on a negative or missing entry or equal names
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
 * @throws RangeError when two names are equal, an index is outside the names, or a count negative
 */
export function countsFromRows(
  names: readonly string[],
  rows: readonly (readonly [number, number, number, number, number])[],
): PairCounts {
  if (new Set(names).size < names.length) {
    const twice = names.filter((name, i) => names.indexOf(name) < i);
    throw new RangeError(`names must be distinct, but there is another ${twice.join(", ")}.`);
  }
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

/** Columns of a published list of pairs; see `countsFromColumns`. */
export interface CountColumns {
  /** [P] names: the one at home (or shown first), where order matters. */
  first: readonly string[];
  /** [P] names. */
  second: readonly string[];
  /** [P] at least 0 */
  firstWins: ArrayLike<number>;
  secondWins: ArrayLike<number>;
  /** None when left out. */
  ties?: ArrayLike<number>;
}

/**
 * Counts from the columns of a table such as `loadTable` reads.
 *
 *     const table = loadTable("baseball-1987");
 *     const counts = countsFromColumns({
 *       first: table.strings("home_team"),
 *       second: table.strings("away_team"),
 *       firstWins: table.numbers("home_wins"),
 *       secondWins: table.numbers("away_wins"),
 *     });
 *
 * @param names the items in the wanted order; those met first when left out
 * @throws ShapeError when columns differ in length, RangeError on an unknown name or negative count
 */
export function countsFromColumns(columns: CountColumns, names?: readonly string[]): PairCounts {
  const { first, second, firstWins, secondWins, ties } = columns;
  const all = { first, second, firstWins, secondWins };
  checkSameLength("countsFromColumns", ties === undefined ? all : { ...all, ties });
  const items = names ?? [...new Set([...first, ...second])];
  const index = new Map(items.map((name, i) => [name, i]));
  const of = (name: string) => {
    const i = index.get(name);
    if (i !== undefined) return i;
    throw new RangeError(`countsFromColumns: ${JSON.stringify(name)} is not among the names.`);
  };
  const rows = first.map((name, k) => {
    const tied = ties === undefined ? 0 : ties[k];
    return [of(name), of(second[k]), firstWins[k], secondWins[k], tied] as const;
  });
  return countsFromRows(items, rows);
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
