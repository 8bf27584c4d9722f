import {
  checkAllFinite,
  checkInteger,
  checkNotEmpty,
  checkRange,
  checkSameLength,
} from "../core/checks";
import { checkPreference } from "./comparison";
import type { Comparison, Preference } from "./comparison";

/**
 * Comparisons as columns, one entry a battle, in the order in which they were fought. What Elo
 * walks through, and what is counted into `PairCounts` for everything else.
 */
export interface Battles {
  /** [m] the items; the columns below hold indices into this list. */
  readonly names: readonly string[];
  /** [n] the item shown first (or at home). */
  readonly first: Int32Array;
  /** [n] the item shown second (or the visitor). */
  readonly second: Int32Array;
  /** [n] in [0, 1], the probability that the first is preferred; ½ where `tied`. */
  readonly preference: Float64Array;
  /** [n] 1 where the judge said "tie", else 0. */
  readonly tied: Uint8Array;
  /** [n] how many battles an entry stands for; all 1 when left out. */
  readonly weight?: Float64Array;
}

/** How to turn answers into battles. */
export interface BattleOptions<T> {
  /** The name of an item; needed where items are neither strings nor numbers. */
  name?: (item: T) => string;
  /** The items in the wanted order; those met first when left out. */
  names?: readonly string[];
  /** The weight of an answer, at least 0; 1 when left out. */
  weight?: (comparison: Comparison<T>) => number;
}

/**
 * Turns answers into battles. An answer "cannot tell" carries no judgement and is left out.
 *
 * @throws RangeError when an item has no name, is compared with itself, or is not in `names`
 */
export function battlesFrom<T>(
  comparisons: Iterable<Comparison<T>>,
  { name = defaultName, names, weight = () => 1 }: BattleOptions<T> = {},
): Battles {
  const index = new NameIndex(names);
  const [first, second, preference, tied, weights] = [[], [], [], [], []] as number[][];
  let row = -1;
  for (const comparison of comparisons) {
    row++;
    checkPreference(`comparisons[${row}].preference`, comparison.preference);
    const i = index.of(name(comparison.first), `comparisons[${row}].first`);
    const j = index.of(name(comparison.second), `comparisons[${row}].second`);
    checkDifferent(i, j, `comparisons[${row}]`, index.names);
    if (comparison.preference === "cannot tell") continue;
    const w = weight(comparison);
    checkRange(`comparisons[${row}]: weight`, w, 0, Number.MAX_VALUE);
    first.push(i);
    second.push(j);
    tied.push(comparison.preference === "tie" ? 1 : 0);
    preference.push(comparison.preference === "tie" ? 0.5 : comparison.preference);
    weights.push(w);
  }
  const columns = { first: Int32Array.from(first), second: Int32Array.from(second) };
  const answers = { preference: Float64Array.from(preference), tied: Uint8Array.from(tied) };
  return { names: index.names, ...columns, ...answers, weight: Float64Array.from(weights) };
}

/** A column of names, or of indices into `names`. */
export type ItemColumn = ArrayLike<string> | ArrayLike<number>;

/** What raw columns may say besides who met whom. */
export interface ColumnOptions {
  /** [m] the items; needed where the columns hold indices, else those met first. */
  names?: readonly string[];
  /** [n] at least 0 */
  weights?: ArrayLike<number>;
}

/**
 * Battles from two columns, winners and losers, without an object per battle: for millions of them.
 *
 *     battlesFromWins(["A", "B"], ["B", "C"]);           // A beat B, B beat C
 *     battlesFromWins(winnerIds, loserIds, { names });   // indices into names
 *
 * @param winners [n] names, or indices into `names`
 * @param losers  [n] likewise
 * @throws ShapeError when the columns differ in length
 * @throws RangeError on an index outside `names`, an unknown name, or an item that meets itself
 */
export function battlesFromWins(
  winners: ItemColumn,
  losers: ItemColumn,
  options: ColumnOptions = {},
): Battles {
  checkSameLength("battlesFromWins", { winners, losers });
  const won = new Float64Array(winners.length).fill(1);
  return columns("battlesFromWins", winners, losers, won, new Uint8Array(won.length), options);
}

/**
 * Battles from three columns: who was shown first, who second, and the answer.
 *
 * @param first       [n] names, or indices into `names`
 * @param second      [n] likewise
 * @param preferences [n] numbers in [0, 1] or "tie"
 * @throws ShapeError, RangeError as `battlesFromWins`; "cannot tell" must be filtered out before
 */
export function battlesFromColumns(
  first: ItemColumn,
  second: ItemColumn,
  preferences: ArrayLike<Preference>,
  options: ColumnOptions = {},
): Battles {
  checkSameLength("battlesFromColumns", { first, second, preferences });
  const preference = new Float64Array(first.length);
  const tied = new Uint8Array(first.length);
  for (let row = 0; row < preference.length; row++) {
    const answer = preferences[row];
    checkPreference(`battlesFromColumns: preferences[${row}]`, answer);
    if (answer === "cannot tell") {
      throw new RangeError(
        `battlesFromColumns: preferences[${row}] is "cannot tell", which is no judgement. ` +
          `Leave that row out of all columns.`,
      );
    }
    if (answer === "tie") tied[row] = 1;
    preference[row] = answer === "tie" ? 0.5 : answer;
  }
  return columns("battlesFromColumns", first, second, preference, tied, options);
}

function columns(
  where: string,
  first: ItemColumn,
  second: ItemColumn,
  preference: Float64Array,
  tied: Uint8Array,
  { names, weights }: ColumnOptions,
): Battles {
  const index = new NameIndex(names);
  const battles = {
    first: index.column(first, `${where}: first column`),
    second: index.column(second, `${where}: second column`),
  };
  for (let row = 0; row < tied.length; row++) {
    if (battles.first[row] === battles.second[row]) {
      checkDifferent(battles.first[row], battles.second[row], `${where}: row ${row}`, index.names);
    }
  }
  if (weights === undefined) return { names: index.names, ...battles, preference, tied };
  checkSameLength(where, { first, weights });
  checkAllFinite(`${where}: weights`, weights);
  const weight = Float64Array.from(weights);
  weight.forEach((w, row) => checkRange(`${where}: weights[${row}]`, w, 0, Infinity));
  return { names: index.names, ...battles, preference, tied, weight };
}

/** Gives each name its index, in the order of first appearance unless names were given. */
class NameIndex {
  readonly names: string[];
  readonly #indices: Map<string, number>;
  readonly #closed: boolean;

  constructor(names?: readonly string[]) {
    this.names = names === undefined ? [] : [...names];
    this.#closed = names !== undefined;
    this.#indices = new Map(this.names.map((name, i) => [name, i]));
    if (this.#indices.size < this.names.length) {
      throw new RangeError("names must be distinct: the same name appears twice.");
    }
  }

  of(name: string, where: string): number {
    const known = this.#indices.get(name);
    if (known !== undefined) return known;
    if (this.#closed) {
      throw new RangeError(
        `${where} is ${JSON.stringify(name)}, which is not among the names given.`,
      );
    }
    this.names.push(name);
    this.#indices.set(name, this.names.length - 1);
    return this.names.length - 1;
  }

  column(items: ItemColumn, where: string): Int32Array {
    const out = new Int32Array(items.length);
    if (items.length > 0 && typeof items[0] === "string") {
      for (let row = 0; row < out.length; row++) out[row] = this.of(String(items[row]), where);
      return out;
    }
    if (!this.#closed) {
      throw new RangeError(`${where} holds numbers, so names must be given: names[i] is item i.`);
    }
    const m = this.names.length;
    for (let row = 0; row < out.length; row++) {
      const item = items[row] as number;
      if (!(item >= 0 && item < m && Number.isInteger(item))) {
        checkInteger(`${where}[${row}]`, item, 0, m - 1);
      }
      out[row] = item;
    }
    return out;
  }
}

function checkDifferent(i: number, j: number, where: string, names: readonly string[]): void {
  if (i !== j) return;
  throw new RangeError(`${where} compares ${JSON.stringify(names[i])} with itself. Leave it out.`);
}

function defaultName(item: unknown): string {
  if (typeof item === "string") return item;
  if (typeof item === "number") return String(item);
  throw new RangeError(
    `The compared items are neither strings nor numbers, so say how they are called: ` +
      `countComparisons(comparisons, { name: (item) => … }).`,
  );
}

/**
 * The same battles in another order: entry k is battle order[k] of the old.
 *
 * @param order [n] usually `rng.permutation(n)`
 */
export function reorderBattles(battles: Battles, order: ArrayLike<number>): Battles {
  checkSameLength("reorderBattles", { battles: battles.first, order });
  checkNotEmpty("reorderBattles: order", order, 0);
  const { names, weight } = battles;
  const reordered = {
    names,
    first: battles.first.map((_, k) => battles.first[order[k]]),
    second: battles.second.map((_, k) => battles.second[order[k]]),
    preference: battles.preference.map((_, k) => battles.preference[order[k]]),
    tied: battles.tied.map((_, k) => battles.tied[order[k]]),
  };
  if (weight === undefined) return reordered;
  return { ...reordered, weight: weight.map((_, k) => weight[order[k]]) };
}
