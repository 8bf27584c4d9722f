/**
 * Expected utility: what a gamble is worth to somebody who weighs its outcomes by their
 * probabilities, after von Neumann & Morgenstern 1944, Theory of Games and Economic Behavior.
 *
 *   EU(gamble) = Σ_k p_k·u(x_k)
 */
import {
  checkAllFinite,
  checkFinite,
  checkNotEmpty,
  checkPositive,
  checkRange,
  checkSameLength,
} from "../core/checks";
import type { Rng } from "../core/rng";

/** A gamble for money: outcome k comes with probability k. */
export interface Gamble {
  readonly outcomes: readonly number[];
  readonly probabilities: readonly number[];
}

/** A utility of money: increasing, so that it can be inverted. */
export interface MoneyUtility {
  /** For captions: "CRRA γ = 0.5". */
  readonly name: string;
  /** u(x) */
  value(money: number): number;
  /** The money that has this utility. */
  inverse(utility: number): number;
  /** Arrow and Pratt's absolute risk aversion, −u″(x)/u′(x). */
  absoluteRiskAversion(money: number): number;
}

/**
 * A gamble, checked.
 *
 *     gamble([100, 10], [0.5, 0.5]);
 *
 * @throws RangeError when probabilities are negative or do not add to 1 (to 1e-9)
 */
export function gamble(outcomes: readonly number[], probabilities: readonly number[]): Gamble {
  checkNotEmpty("gamble: outcomes", outcomes);
  checkEntries("gamble", { outcomes, probabilities });
  probabilities.forEach((p, k) => checkRange(`gamble: probabilities[${k}]`, p, 0, 1));
  const total = probabilities.reduce((sum, p) => sum + p, 0);
  if (Math.abs(total - 1) > 1e-9) {
    throw new RangeError(`gamble: the probabilities must add to 1, they add to ${total}.`);
  }
  return { outcomes: [...outcomes], probabilities: [...probabilities] };
}

/**
 * Σ_k p_k·x_k, in money.
 *
 * @throws ShapeError when there is not one probability an outcome, RangeError when one is not finite
 */
export function expectedValue(risk: Gamble): number {
  checkEntries("expectedValue", risk);
  const { outcomes, probabilities } = risk;
  return outcomes.reduce((sum, x, k) => sum + probabilities[k] * x, 0);
}

/**
 * Σ_k p_k·u(x_k), in units of utility.
 *
 * @throws ShapeError, RangeError as `expectedValue`
 */
export function expectedUtility(risk: Gamble, utility: MoneyUtility): number {
  checkEntries("expectedUtility", risk);
  const { outcomes, probabilities } = risk;
  return outcomes.reduce((sum, x, k) => {
    return probabilities[k] === 0 ? sum : sum + probabilities[k] * utility.value(x);
  }, 0);
}

function checkEntries(where: string, { outcomes, probabilities }: Gamble): void {
  checkSameLength(where, { outcomes, probabilities });
  checkAllFinite(`${where}: outcomes`, outcomes);
  checkAllFinite(`${where}: probabilities`, probabilities);
}

/** The sure amount that is as good as the gamble: u⁻¹(EU), in money. */
export function certaintyEquivalentUnder(risk: Gamble, utility: MoneyUtility): number {
  return utility.inverse(expectedUtility(risk, utility));
}

/**
 * What somebody gives up for certainty: expected value − certainty equivalent, in money. About
 * ½·variance·(absolute risk aversion) for a small risk (Pratt 1964, Econometrica 32:122–136).
 *
 * @throws ShapeError, RangeError as `expectedValue`
 */
export function riskPremium(risk: Gamble, utility: MoneyUtility): number {
  return expectedValue(risk) - certaintyEquivalentUnder(risk, utility);
}

/** Relative risk aversion, −x·u″(x)/u′(x): without a unit, 1 for log utility. */
export function relativeRiskAversion(utility: MoneyUtility, money: number): number {
  return money * utility.absoluteRiskAversion(money);
}

/**
 * Constant relative risk aversion: u(x) = x^{1−γ}/(1 − γ), log x at γ = 1. γ = 0 does not mind risk.
 *
 * @param gamma γ; money must be above 0 (0 itself only for γ < 1)
 */
export function crra(gamma: number): MoneyUtility {
  checkFinite("crra: gamma", gamma);
  const power = 1 - gamma;
  const log = Math.abs(power) < 1e-9;
  return {
    name: `CRRA γ = ${gamma}`,
    value(money) {
      checkRange("crra: money", money, power > 0 ? 0 : Number.MIN_VALUE, Number.MAX_VALUE);
      return log ? Math.log(money) : money ** power / power;
    },
    inverse: (utility) => (log ? Math.exp(utility) : (power * utility) ** (1 / power)),
    absoluteRiskAversion: (money) => gamma / money,
  };
}

/**
 * Constant absolute risk aversion: u(x) = (1 − e^{−a·x})/a, x itself at a = 0. The same whatever one
 * already owns.
 *
 * @param aversion a, per unit of money
 */
export function cara(aversion: number): MoneyUtility {
  checkFinite("cara: aversion", aversion);
  const linear = Math.abs(aversion) < 1e-12;
  return {
    name: `CARA a = ${aversion}`,
    value: (money) => (linear ? money : -Math.expm1(-aversion * money) / aversion),
    inverse: (utility) => (linear ? utility : -Math.log1p(-aversion * utility) / aversion),
    absoluteRiskAversion: () => aversion,
  };
}

/**
 * Quadratic utility u(x) = x − x²/(2s), which makes expected utility a matter of mean and variance
 * alone, up to its satiation point s; the risk aversion 1/(s − x) grows with wealth, which is why
 * Arrow and Pratt thought it absurd.
 *
 * @param satiation s > 0, in money; more than that would be worth less
 */
export function quadraticUtility(satiation: number): MoneyUtility {
  checkPositive("quadraticUtility: satiation", satiation);
  return {
    name: `quadratic up to ${satiation}`,
    value(money) {
      checkRange("quadraticUtility: money", money, -Number.MAX_VALUE, satiation);
      return money - money ** 2 / (2 * satiation);
    },
    inverse: (utility) => satiation * (1 - Math.sqrt(1 - (2 * utility) / satiation)),
    absoluteRiskAversion: (money) => 1 / (satiation - money),
  };
}

/**
 * One game of St Petersburg (Daniel Bernoulli 1738): a coin is thrown until heads come up; at throw
 * k the game pays 2^k. Its expected value is infinite, so no mean of games settles; its certainty
 * equivalent under log utility is exactly 4.
 */
export function stPetersburg(rng: Rng): number {
  let pays = 2;
  while (rng.bernoulli(0.5)) pays *= 2;
  return pays;
}
