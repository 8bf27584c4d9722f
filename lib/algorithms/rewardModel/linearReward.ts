/**
 * A reward that is linear in a few features, fitted to comparisons: Bradley–Terry with features in the place
 * of a strength for each item. Convex, fitted in milliseconds, and limited to what its features can
 * say, which is what makes it a good subject for over-optimisation (lesson 10).
 */
import { checkAllFinite, checkInteger, checkRange, ShapeError } from "../../core/checks";
import { choleskyInPlace, choleskySolve } from "../../core/linearAlgebra";
import { logSigmoid, sigmoid } from "../../core/statistics";
import type { ReplyPair } from "../../environments/replyComparisons";
import { featureTables, type ReplyFeatures } from "../../environments/replyFeatures";
import { orders, replyOf } from "../../environments/replyLanguage";
import { type Concave, maximizeByNewton } from "../../preference/newton";

/** Log-likelihood of comparisons given weights, less the ridge's penalty. */
class PairLikelihood implements Concave {
  readonly #differences: Float64Array;
  readonly #ridge: number;
  #gradient = new Float64Array(0);
  #information = new Float64Array(0);

  constructor(differences: Float64Array, ridge: number) {
    this.#differences = differences;
    this.#ridge = ridge;
  }

  moveTo(weights: Float64Array): number {
    const [F, x] = [weights.length, this.#differences];
    this.#gradient = weights.map((w) => -this.#ridge * w);
    this.#information = new Float64Array(F * F);
    for (let f = 0; f < F; f++) this.#information[f * F + f] = this.#ridge;
    let total = 0;
    for (const w of weights) total -= (this.#ridge * w * w) / 2;
    for (let at = 0; at < x.length; at += F) total += this.#addPair(weights, at);
    return total;
  }

  #addPair(weights: Float64Array, at: number): number {
    const [F, x] = [weights.length, this.#differences];
    let margin = 0;
    for (let f = 0; f < F; f++) margin += weights[f] * x[at + f];
    const surprise = sigmoid(-margin);
    const bend = surprise * (1 - surprise);
    for (let f = 0; f < F; f++) {
      const xf = x[at + f];
      if (xf === 0) continue;
      this.#gradient[f] += surprise * xf;
      for (let g = 0; g < F; g++) this.#information[f * F + g] += bend * xf * x[at + g];
    }
    return logSigmoid(margin);
  }

  step(): Float64Array {
    const factor = this.#information.slice();
    if (!choleskyInPlace(factor, this.#gradient.length)) {
      throw new RangeError(
        "fitLinearReward: some combination of features never differs in any pair, so that its weight is not " +
          "determined. Give a ridge above 0.",
      );
    }
    return choleskySolve(factor, this.#gradient);
  }
}

/**
 * Weights of a linear reward by maximum likelihood with a ridge, by Newton's method:
 *
 *   max_w Σ log σ(w·(φ(y_w) − φ(y_l))) − (ridge/2)·|w|²
 *
 * @param differences [M·F] φ(chosen) − φ(rejected), pair by pair
 * @param features    F
 * @param ridge       ≥ 0. Without it a feature that always wins gets an infinite weight. Default 0.01
 * @returns [F] weights in nats
 */
export function fitLinearReward(
  differences: ArrayLike<number>,
  features: number,
  { ridge = 0.01 }: { ridge?: number } = {},
): Float64Array {
  checkInteger("fitLinearReward: features", features, 1);
  checkRange("fitLinearReward: ridge", ridge, 0, Number.MAX_VALUE);
  checkAllFinite("fitLinearReward: differences", differences);
  if (differences.length === 0 || differences.length % features !== 0) {
    throw new ShapeError(
      `fitLinearReward: differences must have M·${features} entries, got ${differences.length}.`,
    );
  }
  const likelihood = new PairLikelihood(Float64Array.from(differences), ridge);
  return maximizeByNewton("fitLinearReward", likelihood, new Float64Array(features)).x;
}

/** A fitted reward of replies: what each feature is worth, and what that makes of every reply. */
export interface LinearReplyReward {
  features: ReplyFeatures;
  /** [F] nats. Every reply has five words, so a number added to every word's weight changes nothing. */
  weights: Float64Array;
  /** [6][32768] reward of every reply to every order */
  tables: Float64Array[];
}

/**
 * Fits a linear reward of replies to comparisons.
 *
 *     const judge = fitReplyReward(bagOfCounts, pairs);
 *     judge.tables; // the reward of everything that can be said
 */
export function fitReplyReward(
  features: ReplyFeatures,
  pairs: readonly ReplyPair[],
  options: { ridge?: number } = {},
): LinearReplyReward {
  const width = features.names.length;
  const differences = new Float64Array(pairs.length * width);
  pairs.forEach(({ order, chosen, rejected }, i) => {
    const won = features.of(orders[order], replyOf(chosen));
    const lost = features.of(orders[order], replyOf(rejected));
    for (let f = 0; f < width; f++) differences[i * width + f] = won[f] - lost[f];
  });
  const weights = fitLinearReward(differences, width, options);
  const tables = featureTables(features).map((table) => linearRewards(table, weights));
  return { features, weights, tables };
}

/**
 * w·φ of every row of a table of features.
 *
 * @param table   [Y·F] row by row
 * @param weights [F]
 * @returns [Y]
 */
export function linearRewards(table: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
  const F = weights.length;
  const rewards = new Float64Array(table.length / F);
  for (let y = 0; y < rewards.length; y++)
    for (let f = 0; f < F; f++) rewards[y] += weights[f] * table[y * F + f];
  return rewards;
}

/**
 * Share of pairs in which a reward prefers the chosen reply; a tie counts half.
 *
 * @param rewards [6][32768]
 */
export function pairAccuracy(
  rewards: readonly ArrayLike<number>[],
  pairs: readonly ReplyPair[],
): number {
  checkInteger("pairAccuracy: number of pairs", pairs.length, 1);
  let right = 0;
  for (const { order, chosen, rejected } of pairs) {
    const difference = rewards[order][chosen] - rewards[order][rejected];
    right += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
  }
  return right / pairs.length;
}
