/** What every model asks of the counts and strengths it is given. */
import { checkAllFinite, checkLength, checkNotEmpty, describeValue } from "../core/checks";
import { NoMaximumError } from "./existence";
import type { PairCounts } from "./pairCounts";

/**
 * Checks that there is something to fit.
 *
 * @throws TypeError when these are no counts, ShapeError on no pair at all, or fewer than two items
 */
export function checkCounts(where: string, counts: PairCounts): void {
  checkCounted(where, counts);
  checkNotEmpty(`${where}: counts.names`, counts.names, 2);
  checkNotEmpty(`${where}: counts (pairs that were compared)`, counts.first);
}

/** @throws TypeError when these are no counts, ShapeError unless there is one finite strength an item */
export function checkStrengths(
  where: string,
  strengths: ArrayLike<number>,
  counts: PairCounts,
): void {
  checkCounted(where, counts);
  checkLength(`${where}: strengths`, strengths, counts.names.length);
  checkAllFinite(`${where}: strengths`, strengths);
}

/** @throws TypeError when these are no counts, NoMaximumError on no tie at all, or nothing but ties */
export function checkTies(where: string, counts: PairCounts): void {
  checkCounted(where, counts);
  const tied = counts.ties.some((t) => t > 0);
  const decided = counts.firstWins.some((wins, k) => wins + counts.secondWins[k] > 0);
  if (tied && decided) return;
  const says = tied
    ? "every comparison is a tie, so the best tie parameter is +∞"
    : "there is no tie in these comparisons, so there is nothing to fit. Use bradleyTerry";
  throw new NoMaximumError(`${where}: ${says}.`, "one-way", []);
}

function checkCounted(where: string, counts: PairCounts): void {
  if (counts?.firstWins !== undefined) return;
  throw new TypeError(
    `${where} needs comparisons counted into pairs, got ${describeValue(counts)}. Count them first: ` +
      `${where}(countComparisons(labels)), or countBattles(battles).`,
  );
}
