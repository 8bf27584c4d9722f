// jstat ships no types, and an ambient file can only be reached by reference.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="./jstat.d.ts" />
import { jStat } from "jstat";

import { checkFinite, checkPositive, checkRange } from "./checks";

const logRootTwoPi = 0.9189385332046727; // ½ log 2π

/** log of the standard normal density, −x²/2 − ½ log 2π. */
export function logNormalPdf(x: number): number {
  return -0.5 * x * x - logRootTwoPi;
}

/** Standard normal density φ(x). */
export function normalPdf(x: number): number {
  return Math.exp(logNormalPdf(x));
}

/**
 * Standard normal distribution function Φ(x) = P(Z ≤ x), with full relative accuracy in both tails.
 *
 * Within 3 of the middle Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …) (Marsaglia 2004, "Evaluating the
 * normal distribution", J. Stat. Softw. 11:4); beyond it φ(x) times Mills' ratio.
 */
export function normalCdf(x: number): number {
  if (x > 3) return 1 - normalPdf(x) * millsRatio(x);
  if (x < -3) return normalPdf(x) * millsRatio(-x);
  let term = x;
  let sum = x;
  for (let i = 3; Math.abs(term) > 1e-17 * Math.abs(sum); i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + normalPdf(x) * sum;
}

/** log Φ(x), exact also where Φ(x) underflows: log Φ(−40) = −804.6. */
export function logNormalCdf(x: number): number {
  if (x < -3) return logNormalPdf(x) + Math.log(millsRatio(-x));
  if (x > 3) return Math.log1p(-normalPdf(x) * millsRatio(x));
  return Math.log(normalCdf(x));
}

/**
 * φ(x)/Φ(x), the derivative of log Φ: the probit model's "residual". About −x for x far below 0.
 */
export function inverseMillsRatio(x: number): number {
  if (x < -3) return 1 / millsRatio(-x);
  return normalPdf(x) / normalCdf(x);
}

/** (1 − Φ(x))/φ(x) for x ≥ 3, by Laplace's continued fraction 1/(x + 1/(x + 2/(x + 3/(x + …)))). */
function millsRatio(x: number): number {
  let fraction = x;
  for (let k = 80; k >= 1; k--) fraction = x + k / fraction;
  return 1 / fraction;
}

/**
 * The x with Φ(x) = p: `normalQuantile(0.975)` is 1.95996….
 *
 * @param p in [0, 1]; 0 gives −∞ and 1 gives ∞
 * @throws RangeError when p lies outside
 */
export function normalQuantile(p: number): number {
  checkRange("normalQuantile: p", p, 0, 1);
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  if (p > 0.5) return -normalQuantile(1 - p);
  // Newton's method on log Φ, which is concave: from the left it climbs to the root and never past it
  let x = -Math.sqrt(-2 * Math.log(p)); // Φ(x) ≤ ½·exp(−x²/2) = p/2
  for (let step = 1; Math.abs(step) > 1e-9; x += step) {
    step = (Math.log(p) - logNormalCdf(x)) / inverseMillsRatio(x);
  }
  return x;
}

/**
 * Quantile of Student's t: the half-width, in standard errors, of an interval over few seeds (to
 * seven digits).
 * `tQuantile(0.975, 4)` is 2.776 for 5 seeds.
 *
 * @param p                strictly between 0 and 1
 * @param degreesOfFreedom > 0
 * @throws RangeError outside those ranges
 */
export function tQuantile(p: number, degreesOfFreedom: number): number {
  checkRange("tQuantile: p", p, Number.MIN_VALUE, 1 - Number.EPSILON / 2);
  checkPositive("tQuantile: degreesOfFreedom", degreesOfFreedom);
  return jStat.studentt.inv(p, degreesOfFreedom);
}

/**
 * P(χ² ≥ x): the p-value of a goodness-of-fit or likelihood-ratio statistic.
 *
 * @param x                the statistic, at least 0
 * @param degreesOfFreedom > 0
 * @throws RangeError outside those ranges
 */
export function chiSquareTail(x: number, degreesOfFreedom: number): number {
  checkFinite("chiSquareTail: x", x);
  checkRange("chiSquareTail: x", x, 0, Infinity);
  checkPositive("chiSquareTail: degreesOfFreedom", degreesOfFreedom);
  return Math.max(0, 1 - jStat.chisquare.cdf(x, degreesOfFreedom));
}
