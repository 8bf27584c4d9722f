/** Does a model that says "80 %" come out right in 80 of 100 cases? */
import {
  checkAllFinite,
  checkInteger,
  checkNotEmpty,
  checkRange,
  checkSameLength,
} from "../core/checks";
import { mean, sigmoid } from "../core/statistics";

/** Answers whose predicted probabilities lie in one stretch of [0, 1]. */
export interface ReliabilityBin {
  /** Mean of what was predicted. */
  predicted: number;
  /** Share of what came. */
  observed: number;
  count: number;
}

/**
 * Predictions beside what came, in bins of equal width; the points of a reliability diagram (Niculescu-Mizil &
 * Caruana 2005). Empty bins are left out.
 *
 * @param probabilities [N] predicted probability that the outcome is 1
 * @param outcomes      [N] 0 or 1, or a probability where the truth is known exactly
 * @param bins          number of stretches of [0, 1]. Default 10
 */
export function reliability(
  probabilities: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  { bins = 10 }: { bins?: number } = {},
): ReliabilityBin[] {
  checkNotEmpty("reliability: probabilities", probabilities);
  checkSameLength("reliability", { probabilities, outcomes });
  checkInteger("reliability: bins", bins, 1);
  const found = Array.from({ length: bins }, () => ({ predicted: 0, observed: 0, count: 0 }));
  for (let n = 0; n < probabilities.length; n++) {
    checkRange(`reliability: probabilities[${n}]`, probabilities[n], 0, 1);
    checkRange(`reliability: outcomes[${n}]`, outcomes[n], 0, 1);
    const bin = found[Math.min(bins - 1, Math.floor(bins * probabilities[n]))];
    bin.predicted += probabilities[n];
    bin.observed += outcomes[n];
    bin.count += 1;
  }
  return found
    .filter(({ count }) => count > 0)
    .map(({ predicted, observed, count }) => ({
      predicted: predicted / count,
      observed: observed / count,
      count,
    }));
}

/**
 * Expected calibration error: how far the predictions are off, bin by bin, weighted by how many there are.
 *
 *   ECE = Σ_b (n_b/N)·|observed_b − predicted_b|
 *
 * Naeini, Cooper & Hauskrecht 2015; Guo et al. 2017, Eq. 3, arXiv:1706.04599.
 */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  checkNotEmpty("expectedCalibrationError: bins", bins);
  const N = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce((s, b) => s + (b.count / N) * Math.abs(b.observed - b.predicted), 0);
}

/**
 * Slope of the least-squares line of true on predicted differences: 1 if a predicted nat is a true nat, below 1
 * for a model that is too sure of itself.
 *
 * @param predicted [N] r̂(y) − r̂(y′)
 * @param truth     [N] r(y) − r(y′)
 */
export function calibrationSlope(predicted: ArrayLike<number>, truth: ArrayLike<number>): number {
  checkSameLength("calibrationSlope", { predicted, truth });
  checkAllFinite("calibrationSlope: predicted", predicted);
  const [x, y] = [mean(predicted), mean(truth)];
  let [shared, spread] = [0, 0];
  for (let n = 0; n < predicted.length; n++) {
    shared += (predicted[n] - x) * (truth[n] - y);
    spread += (predicted[n] - x) ** 2;
  }
  if (spread > 0) return shared / spread;
  throw new RangeError("calibrationSlope: all predicted differences are equal.");
}

/**
 * The share of labels that even the true reward gets right, when people answer by it with noise.
 *
 *   E σ(|r(y) − r(y′)|/τ),  with ε flips  ε + (1−2ε)·E σ(|…|/τ)
 *
 * @param differences [N] r(y) − r(y′) of the pairs that are asked
 * @param temperature τ ≥ 0 of the annotators. Default 1
 * @param flips       ε, share of answers the wrong way round. Default 0
 */
export function accuracyCeiling(
  differences: ArrayLike<number>,
  { temperature = 1, flips = 0 }: { temperature?: number; flips?: number } = {},
): number {
  checkNotEmpty("accuracyCeiling: differences", differences);
  checkRange("accuracyCeiling: temperature", temperature, 0, Number.MAX_VALUE);
  checkRange("accuracyCeiling: flips", flips, 0, 0.5);
  const right = Array.from(differences, (d) => {
    if (d === 0) return 0.5;
    return temperature === 0 ? 1 : sigmoid(Math.abs(d) / temperature);
  });
  return flips + (1 - 2 * flips) * mean(right);
}
