/**
 * Bradley–Terry with a home advantage, or with a judge's bias for what is shown first:
 *
 *   P(first i beats second j) = σ(θ_i − θ_j + α)
 *
 * Agresti 2002, Categorical Data Analysis (2nd ed.), §10.6.3; Davidson & Beaver 1977, Biometrics
 * 33:693–702. Ties count as half a win for both.
 */
import { checkFinite } from "../core/checks";
import { logSigmoid, sigmoid } from "../core/statistics";
import { checkCounts, checkStrengths } from "./countChecks";
import { NoMaximumError } from "./existence";
import type { PairCounts } from "./pairCounts";
import { eachPair, fitPairModel } from "./pairModel";
import type { PairModel, PriorOptions } from "./pairModel";
import { strengthBlock, StrengthFit } from "./strengthFit";
import type { PointEstimate, Item, StrengthFitFields } from "./strengthFit";

/**
 * Log-likelihood of strengths and a home advantage.
 *
 *   ℓ(θ, α) = Σ w_ij·log σ(θ_i − θ_j + α) + w_ji·log σ(θ_j − θ_i − α),   i at home (shown first)
 *
 * @param strengths [m] θ in nats
 * @param home      α in nats; 0 gives `bradleyTerryLogLikelihood`
 * @param counts    counted with keepOrder
 */
export function homeAdvantageLogLikelihood(
  strengths: ArrayLike<number>,
  home: number,
  counts: PairCounts,
): number {
  checkStrengths("homeAdvantageLogLikelihood", strengths, counts);
  checkFinite("homeAdvantageLogLikelihood: home", home);
  const { first, second, firstWins, secondWins, ties } = counts;
  let total = 0;
  for (let k = 0; k < first.length; k++) {
    const z = strengths[first[k]] - strengths[second[k]] + home;
    total += (firstWins[k] + ties[k] / 2) * logSigmoid(z);
    total += (secondWins[k] + ties[k] / 2) * logSigmoid(-z);
  }
  return total;
}

const homeAdvantagePair: PairModel = (term, z, home, counts, k) => {
  const won = counts.firstWins[k] + counts.ties[k] / 2;
  const lost = counts.secondWins[k] + counts.ties[k] / 2;
  const p = sigmoid(z + home);
  term.value = won * logSigmoid(z + home) + lost * logSigmoid(-z - home);
  term.slope = term.extraSlope = won - (won + lost) * p;
  term.curvature = term.extraCurvature = term.cross = (won + lost) * p * (1 - p);
};

/** Strengths and the advantage of being first. */
export class HomeAdvantageFit extends StrengthFit {
  constructor(
    fields: StrengthFitFields,
    /** α in nats: positive favours the one at home (or shown first). */
    readonly homeAdvantage: PointEstimate,
  ) {
    super(fields);
  }

  /** P(first beats second) = σ(θ_first − θ_second + α). */
  probability(first: Item, second: Item): number {
    return sigmoid(this.strengthOf(first) - this.strengthOf(second) + this.homeAdvantage.estimate);
  }
}

/**
 * Maximum-likelihood strengths with a home advantage (a position bias).
 *
 *     const counts = countComparisons(labels, { keepOrder: true });
 *     homeAdvantage(counts).homeAdvantage; // { estimate, standardError } in nats
 *
 * @param counts counted with keepOrder: `first` is the one at home
 * @throws RangeError when the order was not kept, TypeError on answers that were not counted
 * @throws NoMaximumError when no maximum exists and no prior was asked for
 */
export function homeAdvantage(counts: PairCounts, options: PriorOptions = {}): HomeAdvantageFit {
  checkCounts("homeAdvantage", counts);
  if (!counts.orderKept) {
    throw new RangeError(
      "homeAdvantage: these counts have forgotten who was first. Count with { keepOrder: true }.",
    );
  }
  checkBothSidesWin(counts);
  const fit = fitPairModel("homeAdvantage", counts, eachPair(homeAdvantagePair), options, 0);
  const [m, d] = [counts.names.length, counts.names.length + 1];
  const covariance = fit.likelihood.covariance(fit.x);
  const fields = {
    names: counts.names,
    strengths: fit.x.slice(0, m),
    logLikelihood: fit.likelihood.logLikelihood(fit.x),
    iterations: fit.iterations,
    covariance: () => strengthBlock(covariance, d, m),
  };
  const standardError = Math.sqrt(covariance[d * d - 1]);
  return new HomeAdvantageFit(fields, { estimate: fit.x[m], standardError });
}

function checkBothSidesWin({ firstWins, secondWins, ties }: PairCounts): void {
  const firsts = firstWins.some((wins, k) => wins + ties[k] > 0);
  const seconds = secondWins.some((wins, k) => wins + ties[k] > 0);
  if (firsts && seconds) return;
  throw new NoMaximumError(
    `homeAdvantage: the ${firsts ? "first" : "second"} won every battle, so the best advantage is ` +
      `${firsts ? "+∞" : "−∞"}. Collect battles in which the other side wins.`,
    "one-way",
    [],
  );
}
