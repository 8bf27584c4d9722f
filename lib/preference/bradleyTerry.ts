/**
 * The Bradley–Terry model: P(i beats j) = σ(θ_i − θ_j).
 *
 * Bradley & Terry 1952, "Rank analysis of incomplete block designs: I", Biometrika 39:324–345;
 * first in Zermelo 1929, "Die Berechnung der Turnier-Ergebnisse …", Math. Zeitschrift 29:436–460.
 * Strengths θ are log-odds (nats); the paper's worths are π_i ∝ e^{θ_i}. A tie counts as half a win
 * for both, a soft label p as p of a win; for ties with a probability of their own see `davidson`
 * and `raoKupper`, to leave them out `dropTies`.
 */
import { checkInteger, checkPositive } from "../core/checks";
import { logSigmoid, logSumExp, sigmoid } from "../core/statistics";
import { checkCounts, checkStrengths } from "./countChecks";
import { checkMaximumExists } from "./existence";
import { centered } from "./gauge";
import { didNotConverge, largest } from "./newton";
import { battleTotals, forgetOrder, winTotals } from "./pairCounts";
import type { PairCounts } from "./pairCounts";
import { eachPair, fitPairModel, PairLikelihood } from "./pairModel";
import type { PairSweep, PriorOptions } from "./pairModel";
import { StrengthFit } from "./strengthFit";
import type { Item } from "./strengthFit";

/**
 * Log-likelihood of strengths.
 *
 *   ℓ(θ) = Σ_{i,j} w_ij·log σ(θ_i − θ_j),   w_ij = wins of i over j (+ half of their ties)
 *
 * @param strengths [m] θ in nats; adding a constant to all changes nothing
 * @throws ShapeError when there is not one strength an item
 */
export function bradleyTerryLogLikelihood(
  strengths: ArrayLike<number>,
  counts: PairCounts,
): number {
  checkStrengths("bradleyTerryLogLikelihood", strengths, counts);
  const { first, second, firstWins, secondWins, ties } = counts;
  let total = 0;
  for (let k = 0; k < first.length; k++) {
    const z = strengths[first[k]] - strengths[second[k]];
    total += (firstWins[k] + ties[k] / 2) * logSigmoid(z);
    total += (secondWins[k] + ties[k] / 2) * logSigmoid(-z);
  }
  return total;
}

/**
 * Gradient of the log-likelihood: wins that happened less wins that were expected.
 *
 *   ∂ℓ/∂θ_i = Σ_j [w_ij − n_ij·σ(θ_i − θ_j)],   n_ij = w_ij + w_ji
 *
 * @param strengths [m] θ in nats
 * @returns         [m]; its entries add to 0
 * @throws ShapeError when there is not one strength an item
 */
export function bradleyTerryGradient(
  strengths: ArrayLike<number>,
  counts: PairCounts,
): Float64Array {
  checkStrengths("bradleyTerryGradient", strengths, counts);
  const { first, second, firstWins, secondWins, ties } = counts;
  const gradient = new Float64Array(counts.names.length);
  for (let k = 0; k < first.length; k++) {
    const n = firstWins[k] + secondWins[k] + ties[k];
    const expected = n * sigmoid(strengths[first[k]] - strengths[second[k]]);
    const surplus = firstWins[k] + ties[k] / 2 - expected;
    gradient[first[k]] += surplus;
    gradient[second[k]] -= surplus;
  }
  return gradient;
}

/**
 * Hessian of the log-likelihood.
 *
 *   ∂²ℓ/∂θ_i∂θ_j = n_ij·p_ij·(1 − p_ij),   ∂²ℓ/∂θ_i² = −Σ_j n_ij·p_ij·(1 − p_ij)
 *
 * Every row adds to 0: the likelihood does not feel a common shift, so the matrix is singular and
 * Newton's method needs a gauge (here Σ θ = 0).
 *
 * @param strengths [m] θ in nats
 * @returns         [m, m] row by row, negative semidefinite
 */
export function bradleyTerryHessian(
  strengths: ArrayLike<number>,
  counts: PairCounts,
): Float64Array {
  checkStrengths("bradleyTerryHessian", strengths, counts);
  const m = counts.names.length;
  const hessian = new Float64Array(m * m);
  const { first, second, firstWins, secondWins, ties } = counts;
  for (let k = 0; k < first.length; k++) {
    const i = first[k];
    const j = second[k];
    const p = sigmoid(strengths[i] - strengths[j]);
    const weight = (firstWins[k] + secondWins[k] + ties[k]) * p * (1 - p);
    hessian[i * m + i] -= weight;
    hessian[j * m + j] -= weight;
    hessian[i * m + j] += weight;
    hessian[j * m + i] += weight;
  }
  return hessian;
}

/**
 * One step of Zermelo's (1929) algorithm, in its minorisation–maximisation form (Hunter 2004, "MM
 * algorithms for generalized Bradley–Terry models", Ann. Statist. 32:384–406, Eq. 3):
 *
 *   γ_i ← W_i / Σ_j n_ij/(γ_i + γ_j),   γ = e^θ,   W_i = all wins of i
 *
 * The likelihood never falls, there is nothing to tune, and near the maximum it is slow.
 *
 * @param strengths [m] θ in nats
 * @returns         [m] the new θ, with mean 0
 */
export function bradleyTerryMmStep(strengths: ArrayLike<number>, counts: PairCounts): Float64Array {
  checkStrengths("bradleyTerryMmStep", strengths, counts);
  const worths = Float64Array.from(strengths, Math.exp);
  const denominators = new Float64Array(worths.length);
  const { first, second, firstWins, secondWins, ties } = counts;
  for (let k = 0; k < first.length; k++) {
    const n = firstWins[k] + secondWins[k] + ties[k];
    const share = n / (worths[first[k]] + worths[second[k]]);
    denominators[first[k]] += share;
    denominators[second[k]] += share;
  }
  const wins = winTotals(counts);
  return centered(
    wins.map((won, i) => Math.log(won / denominators[i])),
    wins.length,
  );
}

/**
 * Value and derivatives of all pairs from the worths γ = e^θ, p = γ_i/(γ_i + γ_j): one exponential
 * an item instead of one a pair.
 */
const sweepWorths: PairSweep = (found, x, counts) => {
  const worths = x.map(Math.exp);
  const { slope, curvature } = found;
  const { first, second, firstWins, secondWins, ties } = counts;
  let value = 0;
  for (let k = 0; k < first.length; k++) {
    const i = first[k];
    const j = second[k];
    const won = firstWins[k] + ties[k] / 2;
    const lost = secondWins[k] + ties[k] / 2;
    const n = won + lost;
    const both = worths[i] + worths[j];
    const p = worths[i] / both;
    value += won * x[i] + lost * x[j] - n * Math.log(both);
    slope[k] = won - n * p;
    curvature[k] = n * p * (1 - p);
  }
  found.value = value;
};

/** The same pair by pair, for strengths so far apart that a worth would overflow or vanish. */
const sweepDifferences = eachPair((term, z, _extra, counts, k) => {
  const won = counts.firstWins[k] + counts.ties[k] / 2;
  const lost = counts.secondWins[k] + counts.ties[k] / 2;
  const p = sigmoid(z);
  term.value = won * logSigmoid(z) + lost * logSigmoid(-z);
  term.slope = won - (won + lost) * p;
  term.curvature = (won + lost) * p * (1 - p);
});

const bradleyTerrySweep: PairSweep = (found, x, counts) =>
  (largest(x) < 300 ? sweepWorths : sweepDifferences)(found, x, counts);

/** Strengths of the Bradley–Terry model. */
export class BradleyTerryFit extends StrengthFit {
  /** P(a beats b) = σ(θ_a − θ_b). */
  probability(a: Item, b: Item): number {
    return sigmoid(this.strengthOf(a) - this.strengthOf(b));
  }

  /** [m] worths π_i = e^{θ_i}/Σ_j e^{θ_j}: P(i beats j) = π_i/(π_i + π_j), and they add to 1. */
  get worths(): Float64Array {
    const total = logSumExp(this.strengths);
    return this.strengths.map((theta) => Math.exp(theta - total));
  }
}

/** How `bradleyTerry` finds the maximum. */
export interface BradleyTerryOptions extends PriorOptions {
  /**
   * "newton" (default): a handful of iterations, by conjugate gradients where there are more than
   * 400 items. "mm": Zermelo's algorithm, more iterations, and no prior. Both give the same answer.
   */
  method?: "newton" | "mm";
}

/**
 * Maximum-likelihood strengths of the Bradley–Terry model.
 *
 *     const fit = bradleyTerry(countComparisons(labels));
 *     fit.ranking();                          // strongest first, with standard errors
 *     fit.probability("A", "B");
 *     fit.difference("A", "B");               // log-odds with its standard error
 *
 * The maximum exists and is unique when everybody can be reached from everybody along wins (Ford
 * 1957); otherwise this throws and names the items, or, with `priorPrecision`, gives the finite
 * maximum a posteriori under θ_i ~ N(0, 1/priorPrecision).
 *
 * @param counts from `countComparisons`, `countBattles` or `countsFromMatrix`
 * @throws NoMaximumError when no maximum exists and no prior was asked for
 * @throws RangeError on invalid options, or without convergence
 * @throws TypeError on answers that were not counted
 */
export function bradleyTerry(
  counts: PairCounts,
  { method = "newton", ...options }: BradleyTerryOptions = {},
): BradleyTerryFit {
  if (method === "mm") return fitByMm(counts, options);
  if (method !== "newton") {
    throw new RangeError(`bradleyTerry: method must be "newton" or "mm", got ${String(method)}.`);
  }
  const { x, iterations, likelihood } = fitPairModel(
    "bradleyTerry",
    counts,
    bradleyTerrySweep,
    options,
  );
  return dress(x, iterations, likelihood);
}

function fitByMm(counts: PairCounts, options: PriorOptions): BradleyTerryFit {
  const { priorPrecision = 0, tolerance = 1e-10, maxIterations = 100_000 } = options;
  if (priorPrecision !== 0) {
    throw new RangeError('bradleyTerry: method "mm" has no normal prior. Use method "newton".');
  }
  checkCounts("bradleyTerry", counts);
  checkPositive("bradleyTerry: tolerance", tolerance);
  checkInteger("bradleyTerry: maxIterations", maxIterations, 1);
  checkMaximumExists("bradleyTerry", counts);
  let strengths: Float64Array = new Float64Array(counts.names.length);
  for (let iterations = 1; iterations <= maxIterations; iterations++) {
    const next = bradleyTerryMmStep(strengths, counts);
    const moved = largest(next.map((theta, i) => theta - strengths[i]));
    strengths = next;
    if (moved <= tolerance) {
      return dress(strengths, iterations, new PairLikelihood(counts, bradleyTerrySweep, false));
    }
  }
  throw didNotConverge("bradleyTerry", maxIterations);
}

function dress(x: Float64Array, iterations: number, likelihood: PairLikelihood): BradleyTerryFit {
  return new BradleyTerryFit({
    names: likelihood.counts.names,
    strengths: x,
    logLikelihood: likelihood.logLikelihood(x),
    iterations,
    covariance: () => likelihood.covariance(x),
  });
}

/** The likelihood as the fitting code sees it; for refitting resampled counts (see `arena.ts`). */
export function bradleyTerryLikelihood(counts: PairCounts, priorPrecision = 0): PairLikelihood {
  return new PairLikelihood(counts, bradleyTerrySweep, false, priorPrecision);
}

/** A fit's goodness: how far the observed counts are from the fitted ones. */
export interface GoodnessOfFit {
  /** G² = 2·Σ w·log(w / (n·p)), the deviance against a probability of its own for every pair. */
  deviance: number;
  /** pairs compared − (items − 1) */
  degreesOfFreedom: number;
}

/**
 * Deviance of a Bradley–Terry fit against the saturated model (a free probability for every pair).
 * Under the model it is about χ² with the given degrees of freedom; `chiSquareTail` makes it a
 * p-value. For Agresti's 1987 baseball table G² = 15.7 on 15 degrees of freedom.
 */
export function goodnessOfFit(fit: BradleyTerryFit, counts: PairCounts): GoodnessOfFit {
  checkStrengths("goodnessOfFit", fit.strengths, counts);
  const { first, firstWins, secondWins, ties } = forgetOrder(counts);
  let saturated = 0;
  for (let k = 0; k < first.length; k++) {
    const won = firstWins[k] + ties[k] / 2;
    const lost = secondWins[k] + ties[k] / 2;
    if (won > 0) saturated += won * Math.log(won / (won + lost));
    if (lost > 0) saturated += lost * Math.log(lost / (won + lost));
  }
  const deviance = 2 * (saturated - bradleyTerryLogLikelihood(fit.strengths, counts));
  const compared = battleTotals(counts).filter((n) => n > 0).length;
  return { deviance, degreesOfFreedom: first.length - (compared - 1) };
}
