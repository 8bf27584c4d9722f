/**
 * Cumulative prospect theory: people weigh gains and losses from where they stand, losses more, and
 * small probabilities too much.
 *
 *   v(x) = x^α for gains, −λ·(−x)^α for losses;   w(p) = p^γ/(p^γ + (1 − p)^γ)^{1/γ}
 *
 * Tversky & Kahneman 1992, "Advances in prospect theory", J. Risk Uncertainty 5:297–323, whose medians
 * are the defaults.
 */
import { checkFinite, checkPositive, checkRange } from "../core/checks";
import type { Gamble } from "./utility";

/** The parameters of cumulative prospect theory. */
export interface ProspectParameters {
  /** α, curvature of the value; 0.88 when left out. */
  alpha?: number;
  /** λ, loss aversion; 2.25 when left out. */
  lossAversion?: number;
  /** γ of the weighting of gains; 0.61 when left out. */
  gammaGains?: number;
  /** γ (the paper's δ) of the weighting of losses; 0.69 when left out. */
  gammaLosses?: number;
}

/**
 * v(x), the value of a gain (x > 0) or a loss (x < 0).
 *
 * @throws RangeError when the money is no finite number, or a parameter not above 0
 */
export function prospectValue(
  money: number,
  { alpha = 0.88, lossAversion = 2.25 }: ProspectParameters = {},
): number {
  checkFinite("prospectValue: money", money);
  checkPositive("prospectValue: alpha", alpha);
  checkPositive("prospectValue: lossAversion", lossAversion);
  return money >= 0 ? money ** alpha : -lossAversion * (-money) ** alpha;
}

/**
 * w(p), the weight that a probability gets: above p for small p, below it for large; 0 and 1 keep
 * theirs.
 *
 * @param gamma γ in (0.28, 1]; below about 0.28 it is no longer increasing
 */
export function probabilityWeight(p: number, gamma: number): number {
  checkRange("probabilityWeight: p", p, 0, 1);
  checkRange("probabilityWeight: gamma", gamma, 0.28, 1);
  const odds = p ** gamma;
  return odds / (odds + (1 - p) ** gamma) ** (1 / gamma);
}

/**
 * The value of a gamble in cumulative prospect theory.
 *
 *   V = Σ_k π_k·v(x_k), where the decision weight of a gain is w(P(this or better)) − w(P(better)),
 *   and that of a loss w(P(this or worse)) − w(P(worse))
 *
 * With γ = 1, λ = 1 it is expected utility with u = v.
 */
export function prospectTheoryValue(risk: Gamble, parameters: ProspectParameters = {}): number {
  const { gammaGains = 0.61, gammaLosses = 0.69 } = parameters;
  const order = [...risk.outcomes.keys()].sort((a, b) => risk.outcomes[b] - risk.outcomes[a]);
  const gains = order.filter((k) => risk.outcomes[k] >= 0); // best first
  const losses = order.filter((k) => risk.outcomes[k] < 0).reverse(); // worst first
  let total = 0;
  for (const [side, gamma] of [
    [gains, gammaGains],
    [losses, gammaLosses],
  ] as const) {
    let beyond = 0; // probability of something further out
    for (const k of side) {
      const reached = Math.min(1, beyond + risk.probabilities[k]);
      const weight = probabilityWeight(reached, gamma) - probabilityWeight(beyond, gamma);
      total += weight * prospectValue(risk.outcomes[k], parameters);
      beyond = reached;
    }
  }
  return total;
}
