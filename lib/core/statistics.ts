import { checkAllFinite, checkInteger, checkNotEmpty, checkRange, checkSameLength } from "./checks";
import { tQuantile } from "./distributions";
import type { Rng } from "./rng";

/**
 * The logistic function σ(x) = 1/(1 + e^{−x}), without overflow at either end.
 *
 * Bradley–Terry's probability that i beats j is σ(θ_i − θ_j).
 */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** log σ(x) = −log(1 + e^{−x}), exact far into the tail: log σ(−800) = −800. */
export function logSigmoid(x: number): number {
  return x >= 0 ? 0 - Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x));
}

/**
 * log(p/(1 − p)), the inverse of σ; −∞ at 0 and ∞ at 1.
 *
 * @throws RangeError unless 0 ≤ p ≤ 1
 */
export function logit(p: number): number {
  checkRange("logit: p", p, 0, 1);
  return Math.log(p) - Math.log1p(-p);
}

/** log(1 + e^x), the smooth maximum of 0 and x, without overflow. */
export function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/** log Σ e^{x_i}, without overflow; −∞ for no entries. */
export function logSumExp(xs: ArrayLike<number>): number {
  let top = -Infinity;
  for (let i = 0; i < xs.length; i++) top = Math.max(top, xs[i]);
  if (!Number.isFinite(top)) return top;
  let total = 0;
  for (let i = 0; i < xs.length; i++) total += Math.exp(xs[i] - top);
  return top + Math.log(total);
}

/** softmax(x)_i = e^{x_i} / Σ_j e^{x_j}: scores in nats to probabilities. */
export function softmax(xs: ArrayLike<number>): Float64Array {
  const normalizer = logSumExp(xs);
  return Float64Array.from(xs, (x) => Math.exp(x - normalizer));
}

/** Σ x_i, compensated (Neumaier 1974), so that a million small terms do not lose digits. */
export function sum(xs: ArrayLike<number>): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i];
    const next = total + x;
    lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
    total = next;
  }
  return total + lost;
}

/**
 * Arithmetic mean.
 *
 * @throws ShapeError when there are no entries
 */
export function mean(xs: ArrayLike<number>): number {
  checkNotEmpty("mean: xs", xs);
  return sum(xs) / xs.length;
}

/**
 * Unbiased variance Σ (x − x̄)²/(n − 1).
 *
 * @throws ShapeError when there are fewer than two entries
 */
export function variance(xs: ArrayLike<number>): number {
  checkNotEmpty("variance: xs", xs, 2);
  const center = mean(xs);
  return sum(Float64Array.from(xs, (x) => (x - center) ** 2)) / (xs.length - 1);
}

/**
 * Standard deviation, the square root of `variance` (n − 1 in the denominator).
 *
 * @throws ShapeError when there are fewer than two entries
 */
export function standardDeviation(xs: ArrayLike<number>): number {
  return Math.sqrt(variance(xs));
}

/**
 * Standard error of the mean, s/√n.
 *
 * @throws ShapeError when there are fewer than two entries
 */
export function standardError(xs: ArrayLike<number>): number {
  return standardDeviation(xs) / Math.sqrt(xs.length);
}

/** A range believed to hold a value, in the value's own unit. */
export interface Interval {
  low: number;
  high: number;
}

/**
 * Student's confidence interval of the mean: x̄ ± t_{(1+level)/2, n−1}·s/√n.
 *
 * @param xs    one number per independent run (seed)
 * @param level coverage, 0.95 when left out
 * @throws ShapeError when there are fewer than two entries
 */
export function meanInterval(xs: ArrayLike<number>, level = 0.95): Interval & { mean: number } {
  checkNotEmpty("meanInterval: xs", xs, 2);
  checkRange("meanInterval: level", level, 0, 1);
  const half = tQuantile((1 + level) / 2, xs.length - 1) * standardError(xs);
  const center = mean(xs);
  return { mean: center, low: center - half, high: center + half };
}

/**
 * Quantile of a sample by linear interpolation between order statistics (NumPy's and R's default,
 * type 7 of Hyndman & Fan 1996). `quantile(xs, 0.5)` is the median.
 *
 * @param p in [0, 1]
 * @throws ShapeError when there are no entries, RangeError when one is NaN
 */
export function quantile(xs: ArrayLike<number>, p: number): number {
  return quantiles(xs, [p])[0];
}

/** Several quantiles at once, sorting only once; see `quantile`. */
export function quantiles(xs: ArrayLike<number>, ps: ArrayLike<number>): number[] {
  checkNotEmpty("quantile: xs", xs);
  const sorted = Float64Array.from(xs).sort(); // NaN sorts last
  if (Number.isNaN(sorted[sorted.length - 1])) throw new RangeError("quantile: xs holds NaN.");
  return Array.from(ps, (p) => {
    checkRange("quantile: p", p, 0, 1);
    const position = p * (sorted.length - 1);
    const below = Math.floor(position);
    const low = sorted[below];
    const high = sorted[Math.min(below + 1, sorted.length - 1)];
    return low === high ? low : low + (position - below) * (high - low);
  });
}

/**
 * The middle value.
 *
 * @throws ShapeError when there are no entries
 */
export function median(xs: ArrayLike<number>): number {
  return quantile(xs, 0.5);
}

/**
 * Percentile bootstrap interval of a statistic (Efron 1979): the statistic of many resamples drawn
 * with replacement, cut at both ends.
 *
 *     bootstrapInterval(returns, mean, { rng });
 *
 * @param statistic what is computed of each resample
 * @param level     coverage, 0.95 when left out
 * @param rounds    number of resamples, 1000 when left out
 * @throws ShapeError when there are no entries
 */
export function bootstrapInterval(
  xs: ArrayLike<number>,
  statistic: (resample: Float64Array) => number,
  { rng, level = 0.95, rounds = 1000 }: { rng: Rng; level?: number; rounds?: number },
): Interval {
  checkNotEmpty("bootstrapInterval: xs", xs);
  checkRange("bootstrapInterval: level", level, 0, 1);
  checkInteger("bootstrapInterval: rounds", rounds, 1);
  const resample = new Float64Array(xs.length);
  const values = Array.from({ length: rounds }, () => {
    for (let i = 0; i < resample.length; i++) resample[i] = xs[rng.integer(xs.length)];
    return statistic(resample);
  });
  const [low, high] = quantiles(values, [(1 - level) / 2, (1 + level) / 2]) as [number, number];
  return { low, high };
}

/**
 * Pearson's correlation coefficient.
 *
 * @throws ShapeError when lengths differ or there are fewer than two pairs
 * @throws RangeError when one of the two does not vary
 */
export function correlation(xs: ArrayLike<number>, ys: ArrayLike<number>): number {
  checkSameLength("correlation", { xs, ys });
  checkNotEmpty("correlation: xs", xs, 2);
  checkAllFinite("correlation: xs", xs);
  checkAllFinite("correlation: ys", ys);
  const meanX = mean(xs);
  const meanY = mean(ys);
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < xs.length; i++) {
    const dx = xs[i] - meanX;
    const dy = ys[i] - meanY;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  if (xx === 0 || yy === 0) {
    throw new RangeError(
      "correlation: one of the two does not vary, so the correlation is undefined.",
    );
  }
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}

/** The rank of every entry, 1 for the smallest; ties share the mean of their ranks. */
export function ranks(xs: ArrayLike<number>): Float64Array {
  checkAllFinite("ranks: xs", xs);
  const order = Array.from({ length: xs.length }, (_, i) => i);
  order.sort((a, b) => xs[a] - xs[b]);
  const out = new Float64Array(xs.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && xs[order[end]] === xs[order[start]]) end++;
    for (let k = start; k < end; k++) out[order[k]] = (start + 1 + end) / 2;
    start = end;
  }
  return out;
}

/**
 * Spearman's rank correlation: Pearson's correlation of the ranks.
 *
 * @throws as `correlation`
 */
export function rankCorrelation(xs: ArrayLike<number>, ys: ArrayLike<number>): number {
  checkSameLength("rankCorrelation", { xs, ys });
  return correlation(ranks(xs), ranks(ys));
}
