/**
 * Davidson's model of comparisons with ties: a tie is the likelier, the nearer the strengths.
 *
 *   P(i) : P(j) : P(tie) = π_i : π_j : ν·√(π_i·π_j),   π = e^θ
 *
 * Davidson 1970, "On extending the Bradley–Terry model to accommodate ties in paired comparison
 * experiments", J. Am. Statist. Assoc. 65:317–328, Eq. 2.5.
 */
import { checkFinite, checkPositive } from "../core/checks";
import { logSumExp } from "../core/statistics";
import { checkStrengths, checkTies } from "./countChecks";
import { tieFitFields, TieFit } from "./tieFit";
import type { OutcomeProbabilities } from "./tieFit";
import type { PairCounts } from "./pairCounts";
import { eachPair, fitPairModel } from "./pairModel";
import type { PairModel, PriorOptions } from "./pairModel";
import type { Item } from "./strengthFit";

/**
 * Probabilities of the three outcomes at a difference of strengths.
 *
 * @param difference θ_i − θ_j in nats
 * @param tieRate    ν > 0; equal items tie with probability ν/(2 + ν)
 * @throws RangeError when the difference is no finite number, or the rate not above 0
 */
export function davidsonProbabilities(difference: number, tieRate: number): OutcomeProbabilities {
  checkFinite("davidsonProbabilities: difference", difference);
  checkPositive("davidsonProbabilities: tieRate", tieRate);
  const total = logSumExp([difference / 2, -difference / 2, Math.log(tieRate)]);
  return {
    first: Math.exp(difference / 2 - total),
    second: Math.exp(-difference / 2 - total),
    tie: Math.exp(Math.log(tieRate) - total),
  };
}

/**
 * Log-likelihood of strengths and a tie rate.
 *
 *   ℓ(θ, ν) = Σ_pairs w_ij·log P(i) + w_ji·log P(j) + t_ij·log P(tie)
 *
 * @param strengths [m] θ in nats
 * @param tieRate   ν > 0
 * @throws ShapeError when there is not one strength an item
 */
export function davidsonLogLikelihood(
  strengths: ArrayLike<number>,
  tieRate: number,
  counts: PairCounts,
): number {
  checkStrengths("davidsonLogLikelihood", strengths, counts);
  const { first, second, firstWins, secondWins, ties } = counts;
  let total = 0;
  for (let k = 0; k < first.length; k++) {
    const p = davidsonProbabilities(strengths[first[k]] - strengths[second[k]], tieRate);
    if (firstWins[k] > 0) total += firstWins[k] * Math.log(p.first);
    if (secondWins[k] > 0) total += secondWins[k] * Math.log(p.second);
    if (ties[k] > 0) total += ties[k] * Math.log(p.tie);
  }
  return total;
}

/** With η = log ν the log-likelihood is concave in (θ, η). */
const davidsonPair: PairModel = (term, z, eta, counts, k) => {
  const [won, lost, tied] = [counts.firstWins[k], counts.secondWins[k], counts.ties[k]];
  const n = won + lost + tied;
  const top = Math.max(Math.abs(z) / 2, eta);
  const [i, j, both] = [Math.exp(z / 2 - top), Math.exp(-z / 2 - top), Math.exp(eta - top)];
  const sum = i + j + both;
  const lead = (i - j) / sum; // P(i) − P(j)
  const tie = both / sum;
  term.value = ((won - lost) * z) / 2 + tied * eta - n * (top + Math.log(sum));
  term.slope = (won - lost - n * lead) / 2;
  term.curvature = (n / 4) * (1 - tie - lead * lead);
  term.extraSlope = tied - n * tie;
  term.extraCurvature = n * tie * (1 - tie);
  term.cross = (-n * tie * lead) / 2;
};

/** Strengths and tie rate of Davidson's model; `tie.estimate` is ν. */
export class DavidsonFit extends TieFit {
  /** P(a wins), P(b wins) and P(tie); they add to 1. */
  probabilities(a: Item, b: Item): OutcomeProbabilities {
    return davidsonProbabilities(this.strengthOf(a) - this.strengthOf(b), this.tie.estimate);
  }
}

/**
 * Maximum-likelihood strengths and tie rate of Davidson's model.
 *
 * @throws NoMaximumError when there are no ties, nothing but ties, or no maximum for the strengths
 */
export function davidson(counts: PairCounts, options: PriorOptions = {}): DavidsonFit {
  checkTies("davidson", counts);
  const fit = fitPairModel("davidson", counts, eachPair(davidsonPair), options, 0);
  const { fields, extra, extraStandardError } = tieFitFields(fit);
  const rate = Math.exp(extra); // and by the delta method se(ν) = ν·se(log ν)
  return new DavidsonFit(fields, { estimate: rate, standardError: rate * extraStandardError });
}
