/** From the comparisons of several people to a ballot each, and to how often each contradicts themselves. */
import { checkNotEmpty } from "../core/checks";
import { bradleyTerry } from "./bradleyTerry";
import type { Comparison } from "./comparison";
import { countComparisons, winMatrix, type PairCounts } from "./pairCounts";
import type { Ballot } from "./voting";

/** What one person's comparisons come to. */
export interface PersonalBallot {
  annotator: string;
  /** Indices into the names, best first. */
  ballot: Ballot;
  /** How many comparisons it rests on, "cannot tell" left out. */
  answers: number;
  /** How often the person's own majorities run in a circle; see `circularTriads`. */
  circularTriads: number;
}

/**
 * Groups comparisons by annotator and makes a ballot of each one's: the order of their
 * Bradley–Terry strengths (with a weak prior, so that it exists for any answers). Equal strengths
 * keep the order of the names.
 *
 *     personalBallots(await labels.comparisons<string>({ task: "03-tea-room" }), replies);
 *
 * @param names all items that may occur; a ballot holds each of them once
 * @returns     in the order in which the annotators first occur
 * @throws RangeError for an item that is not among the names
 */
export function personalBallots(
  comparisons: readonly Comparison<string>[],
  names: readonly string[],
): PersonalBallot[] {
  checkNotEmpty("personalBallots: names", names, 2);
  const annotators = [...new Set(comparisons.map(({ annotator }) => annotator))];
  return annotators.flatMap((annotator) => {
    const own = comparisons.filter(
      (c) => c.annotator === annotator && c.preference !== "cannot tell",
    );
    if (own.length === 0) return [];
    const counts = countComparisons(own, { names: [...names] });
    const { strengths } = bradleyTerry(counts, { priorPrecision: 0.1 });
    const ballot = [...names.keys()].sort((i, j) => {
      const gap = strengths[j] - strengths[i];
      return Math.abs(gap) < 1e-9 ? i - j : gap;
    });
    return [{ annotator, ballot, answers: own.length, circularTriads: circularTriads(counts) }];
  });
}

/**
 * The number of triples of items whose majorities run in a circle, a over b over c over a: 0 for
 * whoever is consistent (Kendall & Babington Smith 1940, Biometrika 31:324–345).
 */
export function circularTriads(counts: PairCounts): number {
  const wins = winMatrix(counts);
  const beats = (i: number, j: number) => wins[i][j] > wins[j][i];
  let circles = 0;
  for (let i = 0; i < wins.length; i++) {
    for (let j = i + 1; j < wins.length; j++) {
      for (let k = j + 1; k < wins.length; k++) {
        if (beats(i, j) && beats(j, k) && beats(k, i)) circles++;
        if (beats(j, i) && beats(k, j) && beats(i, k)) circles++;
      }
    }
  }
  return circles;
}
