/**
 * Ratings of a pair on the eight-point scale, and what becomes of them.
 *
 *   1 first much better … 4 first barely better | 5 second barely better … 8 second much better
 *
 * An even scale has no middle: somebody who sees a difference, however small, has to say which way
 * it goes. Bai et al. 2022 (arXiv:2204.05862, §2.2) ask on such a scale and keep the side alone;
 * Touvron et al. 2023 (Llama 2, arXiv:2307.09288, §3.2.2 and Table 27) also keep the strength, as a
 * margin in the loss.
 */
import { checkInteger, checkPositive } from "../core/checks";
import { sigmoid } from "../core/statistics";
import type { Comparison } from "./comparison";

/** 1 (first much better) … 8 (second much better). */
export type Likert8 = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** An answer on the scale: what the live labeller and the simulated human give. */
export interface LikertAnswer<T> {
  prompt?: string;
  first: T;
  second: T;
  /** As in Bai et al. (fig. 11): there is no middle to hide in. */
  rating: Likert8;
  annotator: string;
  /** ISO 8601, UTC. */
  time: string;
}

function checkRating(where: string, rating: number): void {
  checkInteger(`${where}: rating`, rating, 1, 8);
}

/** The side alone: 1 for ratings 1–4 (first preferred), 0 for 5–8. */
export function likertSide(rating: number): 0 | 1 {
  checkRating("likertSide", rating);
  return rating <= 4 ? 1 : 0;
}

/** How strongly, whatever the side: 0 for 4 and 5 (barely) … 3 for 1 and 8 (much better). */
export function likertStrength(rating: number): 0 | 1 | 2 | 3 {
  checkRating("likertStrength", rating);
  return (rating <= 4 ? 4 - rating : rating - 5) as 0 | 1 | 2 | 3;
}

/** Llama 2's two margins, by strength: barely, slightly, better, significantly better. */
const margins = { small: [0, 1 / 3, 2 / 3, 1], large: [0, 1, 2, 3] } as const;

/**
 * The margin m(r) in the loss −log σ(r_chosen − r_rejected − m): the surer the person, the further
 * apart the rewards must be (Touvron et al. 2023, Table 27).
 *
 * @param size "small" (0, 1/3, 2/3, 1) or "large" (0, 1, 2, 3)
 * @returns    in nats, at least 0
 */
export function likertMargin(rating: number, size: "small" | "large" = "large"): number {
  const table = margins[size];
  if (table === undefined) {
    throw new RangeError(`likertMargin: size must be "small" or "large", got ${String(size)}.`);
  }
  return table[likertStrength(rating)];
}

/**
 * A soft label: the probability that the first is preferred, as if each step on the scale were one
 * step of log-odds.
 *
 *   p = σ(nats · (4.5 − rating))
 *
 * @param nats > 0, log-odds a step; 1 makes the eight labels .97 .92 .82 .62 | .38 .18 .08 .03
 */
export function likertSoftLabel(rating: number, nats = 1): number {
  checkRating("likertSoftLabel", rating);
  checkPositive("likertSoftLabel: nats", nats);
  return sigmoid(nats * (4.5 - rating));
}

/**
 * Turns an answer on the scale into a comparison.
 *
 *     answers.map((a) => comparisonFromLikert(a));                     // the side alone
 *     answers.map((a) => comparisonFromLikert(a, likertSoftLabel));    // with its strength
 *
 * @param label the preference for a rating; `likertSide` when left out
 * @throws RangeError when the rating is not 1 … 8
 */
export function comparisonFromLikert<T>(
  answer: LikertAnswer<T>,
  label: (rating: number) => number = likertSide,
): Comparison<T> {
  const { rating, ...rest } = answer;
  return { ...rest, preference: label(rating) };
}

/**
 * Two ratings of single things, each 1 (worst) … 8 (best), as a comparison: the higher rated is
 * preferred, equal ratings are a tie. What is lost that way: by how much.
 *
 * @throws RangeError when a rating is not 1 … 8
 */
export function comparisonFromRatings<T>(
  first: { item: T; rating: number },
  second: { item: T; rating: number },
  by: { annotator: string; time: string; prompt?: string },
): Comparison<T> {
  checkRating("comparisonFromRatings: first", first.rating);
  checkRating("comparisonFromRatings: second", second.rating);
  const difference = first.rating - second.rating;
  const preference = difference === 0 ? "tie" : difference > 0 ? 1 : 0;
  return { ...by, first: first.item, second: second.item, preference };
}
