/**
 * Goodhart's law in numbers: Gao, Schulman & Hilton 2022, "Scaling laws for reward model
 * overoptimization", arXiv:2210.10760. A policy is optimised against a learned reward, the proxy, and what
 * it is truly worth, the gold reward, first rises and then falls.
 */
import { ExactBestOfN } from "../algorithms/bestOfN";
import {
  checkAllFinite,
  checkNotEmpty,
  checkPositive,
  checkRange,
  checkSameLength,
} from "../core/checks";
import { normalCdf } from "../core/distributions";
import type { Rng } from "../core/rng";
import { type Interval, mean, quantiles, sum } from "../core/statistics";

/** One point of a gold–proxy curve. */
export interface GoldProxyPoint {
  /** how many draws the best was taken from */
  n: number;
  /** KL from the reference, nats, mean over prompts */
  kl: number;
  proxy: number;
  gold: number;
}

/**
 * Best-of-n against a proxy, measured by both rewards, exactly.
 *
 * @param logpReference [X][Y] log π_ref(y|x)
 * @param proxy         [X][Y] what is optimised
 * @param gold          [X][Y] what is wanted
 * @param ns            numbers of draws, any ≥ 1
 */
export function bestOfNCurve(
  logpReference: readonly ArrayLike<number>[],
  proxy: readonly ArrayLike<number>[],
  gold: readonly ArrayLike<number>[],
  ns: readonly number[],
): GoldProxyPoint[] {
  checkSameLength("bestOfNCurve", { logpReference, proxy, gold });
  const exact = logpReference.map((table, x) => new ExactBestOfN(table, proxy[x]));
  return ns.map((n) => ({
    n,
    kl: mean(exact.map((one) => one.kl(n))),
    proxy: mean(exact.map((one, x) => one.expectation(n, proxy[x]))),
    gold: mean(exact.map((one, x) => one.expectation(n, gold[x]))),
  }));
}

/**
 * The two shapes that Gao et al. found for gold as a function of d = √KL:
 *
 *   "best-of-n"   R(d) = d·(α − β·d)
 *   "RL"          R(d) = d·(α − β·log d)
 */
export type OveroptimisationForm = "best-of-n" | "RL";

/** A fitted shape: gold(d) − gold(0) = d·(α − β·g(d)), g(d) = d or log d. */
export interface OveroptimisationFit {
  form: OveroptimisationForm;
  /** slope at the start, reward a √nat */
  alpha: number;
  /** how fast it bends down */
  beta: number;
  /** share of the variance of the gains that the shape accounts for */
  rSquared: number;
  /** gold(d) − gold(0) */
  gain(d: number): number;
}

/**
 * Fits one of the two shapes by least squares; both are linear in α and β.
 *
 * @param distances [K] d = √KL > 0, √nats
 * @param gains     [K] gold at d minus gold at d = 0
 * @throws ShapeError when there are fewer than three points
 */
export function fitOveroptimisation(
  distances: ArrayLike<number>,
  gains: ArrayLike<number>,
  form: OveroptimisationForm,
): OveroptimisationFit {
  checkSameLength("fitOveroptimisation", { distances, gains });
  checkNotEmpty("fitOveroptimisation: distances", distances, 3);
  checkAllFinite("fitOveroptimisation: gains", gains);
  for (let k = 0; k < distances.length; k++)
    checkPositive(`fitOveroptimisation: distances[${k}]`, distances[k]);
  const bend = (d: number): number => -d * (form === "RL" ? Math.log(d) : d);
  const d = Array.from(distances);
  const y = Array.from(gains);
  const b = d.map(bend);
  const dot = (u: number[], v: number[]): number => sum(u.map((x, k) => x * v[k]));
  const determinant = dot(d, d) * dot(b, b) - dot(d, b) ** 2;
  const alpha = (dot(b, b) * dot(d, y) - dot(d, b) * dot(b, y)) / determinant;
  const beta = (dot(d, d) * dot(b, y) - dot(d, b) * dot(d, y)) / determinant;
  const gain = (at: number): number => alpha * at + beta * bend(at);
  const center = mean(y);
  const left = sum(d.map((at, k) => (y[k] - gain(at)) ** 2));
  const rSquared = 1 - left / sum(y.map((value) => (value - center) ** 2));
  return { form, alpha, beta, rSquared, gain };
}

/** A fit to the mean of several curves, with intervals from the spread between them. */
export interface MeanCurveFit extends OveroptimisationFit {
  alphaInterval: Interval;
  betaInterval: Interval;
}

/** A curve of one seed: gold at growing distance. */
export type GoldCurve = readonly { kl: number; gold: number }[];

/**
 * Fits a shape to the mean of several seeds' curves, and finds how sure α and β are by the bootstrap over seeds:
 * whole curves are drawn with replacement, because the points of one curve are not independent.
 *
 * @param curves  one a seed, all at the same n; a point with KL = 0 is the start
 * @param options `level` of the intervals, default 0.95; `rounds` of the bootstrap, default 500
 */
export function fitMeanCurve(
  curves: readonly GoldCurve[],
  form: OveroptimisationForm,
  rng: Rng,
  { level = 0.95, rounds = 500 }: { level?: number; rounds?: number } = {},
): MeanCurveFit {
  checkNotEmpty("fitMeanCurve: curves", curves, 2);
  checkRange("fitMeanCurve: level", level, 0, 1);
  const redrawn = Array.from({ length: rounds }, () => {
    const sample = curves.map(() => curves[rng.integer(curves.length)]);
    return fitOfMean(sample, form);
  });
  const interval = (of: (fit: OveroptimisationFit) => number): Interval => {
    const [low, high] = quantiles(redrawn.map(of), [(1 - level) / 2, (1 + level) / 2]);
    return { low, high };
  };
  return {
    ...fitOfMean(curves, form),
    alphaInterval: interval(({ alpha }) => alpha),
    betaInterval: interval(({ beta }) => beta),
  };
}

const startKl = 1e-9; // rounding of a KL that is 0

function fitOfMean(curves: readonly GoldCurve[], form: OveroptimisationForm): OveroptimisationFit {
  const points = curves[0].map((_, k) => ({
    kl: mean(curves.map((curve) => curve[k].kl)),
    gold: mean(curves.map((curve) => curve[k].gold)),
  }));
  const start = points.find(({ kl }) => kl < startKl);
  if (start === undefined) {
    throw new RangeError("fitMeanCurve: the curves need a point with KL = 0 (n = 1), the start.");
  }
  const moved = points.filter(({ kl }) => kl >= startKl);
  const distances = moved.map(({ kl }) => Math.sqrt(kl));
  const gains = moved.map(({ gold }) => gold - start.gold);
  return fitOveroptimisation(distances, gains, form);
}

/** Mean of the largest of n standard normal draws, by numerical integration; n need not be whole. */
export function meanOfLargestNormal(n: number): number {
  checkRange("meanOfLargestNormal: n", n, 1, 1e12);
  const [low, high, steps] = [-12, 12, 4800];
  const width = (high - low) / steps;
  let total = 0; // E max = ∫₀^∞ (1 − Φⁿ) dz − ∫_{−∞}^0 Φⁿ dz
  for (let k = 0; k < steps; k++) {
    const z = low + (k + 0.5) * width;
    const below = normalCdf(z) ** n;
    total += (z > 0 ? 1 - below : -below) * width;
  }
  return total;
}

/**
 * Regressional Goodhart, exactly: the proxy is the gold reward and noise that has nothing to do with it, both
 * normal. Taking the best of n by the proxy, the proxy promises √(1+s²)·m(n) and the gold is m(n)/√(1+s²), with
 * m(n) from `meanOfLargestNormal`: always the share 1/(1+s²) of what was promised. It never falls.
 *
 * Manheim & Garrabrant 2018, "Categorizing variants of Goodhart's law", arXiv:1803.04585.
 *
 * @param n     number of draws, ≥ 1
 * @param noise s ≥ 0, standard deviation of the noise in units of the gold's
 */
export function regressionalGoodhart(n: number, noise: number): { proxy: number; gold: number } {
  checkRange("regressionalGoodhart: noise", noise, 0, Number.MAX_VALUE);
  const scale = Math.sqrt(1 + noise * noise);
  const largest = meanOfLargestNormal(n);
  return { proxy: scale * largest, gold: largest / scale };
}
