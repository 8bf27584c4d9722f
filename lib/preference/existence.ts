import { battleTotals, winTotals } from "./pairCounts";
import type { PairCounts } from "./pairCounts";

/** Why a likelihood has no maximum, as Ford's condition tells it. */
export type MissingMaximum =
  "never compared" | "undefeated" | "winless" | "disconnected" | "one-way";

/**
 * Thrown when the strengths that maximise a likelihood do not exist: some item's would run off to
 * ±∞, or two groups of items cannot be placed on one scale.
 */
export class NoMaximumError extends RangeError {
  override name = "NoMaximumError";

  /**
   * @param reason what is missing
   * @param items  the names it concerns
   */
  constructor(
    message: string,
    readonly reason: MissingMaximum,
    readonly items: readonly string[],
  ) {
    super(message);
  }
}

const remedy =
  "Collect comparisons that say otherwise, leave these items out, or ask for a finite answer with " +
  "a prior: { priorPrecision: 0.01 }.";

/**
 * Checks that a maximum exists: in every split of the items into two groups, some item of each
 * group has beaten one of the other, i.e. the graph "has beaten" is strongly connected.
 *
 * Ford 1957, "Solution of a ranking problem from binary comparisons", Am. Math. Monthly 64:28–33;
 * Hunter 2004, assumption 1. A tie or a soft label strictly between 0 and 1 counts for both.
 *
 * @param where the name of the caller; it begins the message
 * @throws NoMaximumError naming the items and what to do
 */
export function checkMaximumExists(where: string, counts: PairCounts): void {
  const fail = (reason: MissingMaximum, items: readonly number[], says: string) => {
    const names = items.map((i) => counts.names[i]);
    throw new NoMaximumError(`${where}: ${says} ${remedy}`, reason, names);
  };
  const wins = winTotals(counts);
  const battles = battleTotals(counts);
  const which = (test: (i: number) => boolean) => [...wins.keys()].filter(test);

  const unseen = which((i) => battles[i] === 0);
  if (unseen.length > 0)
    fail("never compared", unseen, `${list(counts, unseen)} never compared with anything.`);
  const undefeated = which((i) => wins[i] === battles[i]);
  if (undefeated.length > 0) {
    fail(
      "undefeated",
      undefeated,
      `${list(counts, undefeated)} undefeated, so the best strength is +∞.`,
    );
  }
  const winless = which((i) => wins[i] === 0);
  if (winless.length > 0)
    fail("winless", winless, `${list(counts, winless)} without a win, so the best strength is −∞.`);
  checkSplits(counts, fail);
}

function checkSplits(
  counts: PairCounts,
  fail: (reason: MissingMaximum, items: readonly number[], says: string) => void,
): void {
  const joined = reach(counts, true, true);
  const below = reach(counts, true, false); // item 0 and all that it beats, directly or through others
  const above = reach(counts, false, true);
  for (const reached of [joined, below, above]) {
    const inside = reached.flatMap((is, i) => (is ? [i] : []));
    const outside = reached.flatMap((is, i) => (is ? [] : [i]));
    if (outside.length === 0) continue;
    if (reached === joined) {
      const groups = `${braces(counts, inside)} and ${braces(counts, outside)}`;
      fail(
        "disconnected",
        outside,
        `the groups ${groups} were never compared with each other, so they have no common scale.`,
      );
    }
    const [winners, losers] = reached === below ? [outside, inside] : [inside, outside];
    fail(
      "one-way",
      winners,
      `nobody in ${braces(counts, losers)} has ever beaten anybody in ${braces(counts, winners)}, so the gap between the two groups is infinite.`,
    );
  }
}

/**
 * Which items a walk from item 0 reaches, along wins (down), losses (up) or both: sweeps over the
 * pairs until nothing new is found. Two or three sweeps do where many pairs were compared.
 */
function reach(counts: PairCounts, down: boolean, up: boolean): boolean[] {
  const { first, second, firstWins, secondWins, ties } = counts;
  const reached = counts.names.map((_, i) => i === 0);
  for (let grew = true; grew;) {
    grew = false;
    for (let k = 0; k < first.length; k++) {
      const i = first[k];
      const j = second[k];
      if (reached[i] === reached[j]) continue;
      const from = reached[i] ? firstWins[k] : secondWins[k]; // judgements for the one reached
      const to = reached[i] ? secondWins[k] : firstWins[k];
      if ((down && from + ties[k] > 0) || (up && to + ties[k] > 0)) {
        reached[i] = true;
        reached[j] = true;
        grew = true;
      }
    }
  }
  return reached;
}

const shown = 5;

function quoted(counts: PairCounts, items: readonly number[]): string {
  const some = items.slice(0, shown).map((i) => JSON.stringify(counts.names[i]));
  if (items.length > shown) some.push(`${items.length - shown} more`);
  return some.join(", ");
}

const braces = (counts: PairCounts, items: readonly number[]) => `{${quoted(counts, items)}}`;

const list = (counts: PairCounts, items: readonly number[]) =>
  `${quoted(counts, items)} ${items.length === 1 ? "is" : "are"}`;
