/**
 * Rao and Kupper's model of comparisons with ties: a difference below a threshold is not seen.
 *
 *   P(i) = π_i/(π_i + θ·π_j) = σ(z − τ),   P(j) = σ(−z − τ),   P(tie) = 1 − P(i) − P(j)
 *
 * with z = log π_i − log π_j and θ = e^τ ≥ 1 the threshold.
 *
 * Rao & Kupper 1967, "Ties in paired-comparison experiments: a generalization of the Bradley–Terry
 * model", J. Am. Statist. Assoc. 62:194–204.
 */
import { checkFinite, checkRange } from "../core/checks";
import { logSigmoid, sigmoid } from "../core/statistics";
import { checkStrengths, checkTies } from "./countChecks";
import type { PairCounts } from "./pairCounts";
import { eachPair, fitPairModel } from "./pairModel";
import type { PairModel, PriorOptions } from "./pairModel";
import type { Item } from "./strengthFit";
import { TieFit, tieFitFields } from "./tieFit";
import type { OutcomeProbabilities } from "./tieFit";

/**
 * Probabilities of the three outcomes at a difference of strengths.
 *
 * @param difference log π_i − log π_j in nats
 * @param threshold  θ ≥ 1; 1 never ties and gives Bradley–Terry
 * @throws RangeError when the difference is no finite number, or the threshold below 1
 */
export function raoKupperProbabilities(
  difference: number,
  threshold: number,
): OutcomeProbabilities {
  checkFinite("raoKupperProbabilities: difference", difference);
  checkRange("raoKupperProbabilities: threshold", threshold, 1, Number.MAX_VALUE);
  const first = sigmoid(difference - Math.log(threshold));
  const second = sigmoid(-difference - Math.log(threshold));
  return { first, second, tie: (threshold * threshold - 1) * first * second };
}

/**
 * Log-likelihood of strengths and a threshold.
 *
 *   ℓ = Σ_pairs w_ij·log P(i) + w_ji·log P(j) + t_ij·log P(tie),
 *   P(tie) = (θ² − 1)·P(i)·P(j)
 *
 * @param strengths [m] log π in nats
 * @param threshold θ > 1
 * @throws ShapeError when there is not one strength an item
 */
export function raoKupperLogLikelihood(
  strengths: ArrayLike<number>,
  threshold: number,
  counts: PairCounts,
): number {
  checkStrengths("raoKupperLogLikelihood", strengths, counts);
  const { first, second, firstWins, secondWins, ties } = counts;
  let total = 0;
  for (let k = 0; k < first.length; k++) {
    const p = raoKupperProbabilities(strengths[first[k]] - strengths[second[k]], threshold);
    if (firstWins[k] > 0) total += firstWins[k] * Math.log(p.first);
    if (secondWins[k] > 0) total += secondWins[k] * Math.log(p.second);
    if (ties[k] > 0) total += ties[k] * Math.log(p.tie);
  }
  return total;
}

/** In τ = log θ; for τ ≤ 0 the value is no number, which sends Newton's step back. */
const raoKupperPair: PairModel = (term, z, tau, counts, k) => {
  const tied = counts.ties[k];
  const [won, lost] = [counts.firstWins[k] + tied, counts.secondWins[k] + tied];
  const a = sigmoid(z - tau);
  const b = sigmoid(-z - tau);
  const [wonInfo, lostInfo] = [won * a * (1 - a), lost * b * (1 - b)];
  const gap = Math.expm1(2 * tau); // θ² − 1
  term.value = won * logSigmoid(z - tau) + lost * logSigmoid(-z - tau) + tied * Math.log(gap);
  term.slope = won * (1 - a) - lost * (1 - b);
  term.curvature = wonInfo + lostInfo;
  term.extraSlope = -won * (1 - a) - lost * (1 - b) + (tied * 2 * (gap + 1)) / gap;
  term.extraCurvature = wonInfo + lostInfo + (tied * 4 * (gap + 1)) / (gap * gap);
  term.cross = lostInfo - wonInfo;
};

/** Strengths and threshold of Rao and Kupper's model; `tie.estimate` is θ. */
export class RaoKupperFit extends TieFit {
  /** P(a wins), P(b wins) and P(tie); they add to 1. */
  probabilities(a: Item, b: Item): OutcomeProbabilities {
    return raoKupperProbabilities(this.strengthOf(a) - this.strengthOf(b), this.tie.estimate);
  }
}

/**
 * Maximum-likelihood strengths and threshold of Rao and Kupper's model.
 *
 * @throws NoMaximumError when there are no ties, nothing but ties, or no maximum for the strengths
 */
export function raoKupper(counts: PairCounts, options: PriorOptions = {}): RaoKupperFit {
  checkTies("raoKupper", counts);
  const fit = fitPairModel("raoKupper", counts, eachPair(raoKupperPair), options, 0.5);
  const { fields, extra, extraStandardError } = tieFitFields(fit);
  const threshold = Math.exp(extra); // and by the delta method se(θ) = θ·se(τ)
  const standardError = threshold * extraStandardError;
  return new RaoKupperFit(fields, { estimate: threshold, standardError });
}
