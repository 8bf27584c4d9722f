/**
 * Thurstone's law of comparative judgement, case V: each item is felt with normal noise of the same
 * spread, and the one felt stronger wins.
 *
 *   P(i beats j) = Φ(μ_i − μ_j)
 *
 * Thurstone 1927, "A law of comparative judgment", Psychol. Rev. 34:273–286. The unit of μ is the
 * standard deviation of the difference of two noises (√2 of a single one). Where Bradley–Terry has
 * Gumbel noise this has normal noise; times about 1.7 its strengths are Bradley–Terry's nats. Ties
 * count as half a win for both.
 */
import { inverseMillsRatio, logNormalCdf, normalCdf } from "../core/distributions";
import { checkStrengths } from "./countChecks";
import type { PairCounts } from "./pairCounts";
import { eachPair, fitPairModel } from "./pairModel";
import type { PairModel, PriorOptions } from "./pairModel";
import { StrengthFit } from "./strengthFit";
import type { Item } from "./strengthFit";

/**
 * Log-likelihood of strengths: ℓ(μ) = Σ_{i,j} w_ij·log Φ(μ_i − μ_j).
 *
 * @param strengths [m] μ, in standard deviations of a difference
 * @throws ShapeError when there is not one strength an item
 */
export function thurstoneLogLikelihood(strengths: ArrayLike<number>, counts: PairCounts): number {
  checkStrengths("thurstoneLogLikelihood", strengths, counts);
  const { first, second, firstWins, secondWins, ties } = counts;
  let total = 0;
  for (let k = 0; k < first.length; k++) {
    const z = strengths[first[k]] - strengths[second[k]];
    total += (firstWins[k] + ties[k] / 2) * logNormalCdf(z);
    total += (secondWins[k] + ties[k] / 2) * logNormalCdf(-z);
  }
  return total;
}

const thurstonePair: PairModel = (term, z, _extra, counts, k) => {
  const won = counts.firstWins[k] + counts.ties[k] / 2;
  const lost = counts.secondWins[k] + counts.ties[k] / 2;
  const up = inverseMillsRatio(z); // d log Φ(z)/dz
  const down = inverseMillsRatio(-z);
  term.value = won * logNormalCdf(z) + lost * logNormalCdf(-z);
  term.slope = won * up - lost * down;
  term.curvature = won * up * (up + z) + lost * down * (down - z);
};

/** Strengths of Thurstone's case V. */
export class ThurstoneFit extends StrengthFit {
  /** P(a beats b) = Φ(μ_a − μ_b). */
  probability(a: Item, b: Item): number {
    return normalCdf(this.strengthOf(a) - this.strengthOf(b));
  }
}

/**
 * Maximum-likelihood strengths of Thurstone's case V.
 *
 * @throws NoMaximumError under the same condition as `bradleyTerry`, unless a prior is asked for
 */
export function thurstone(counts: PairCounts, options: PriorOptions = {}): ThurstoneFit {
  const { x, iterations, likelihood } = fitPairModel(
    "thurstone",
    counts,
    eachPair(thurstonePair),
    options,
  );
  return new ThurstoneFit({
    names: counts.names,
    strengths: x,
    logLikelihood: likelihood.logLikelihood(x),
    iterations,
    covariance: () => likelihood.covariance(x),
  });
}
