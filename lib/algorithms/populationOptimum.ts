/**
 * What a loss of DPO's family strives for when there is no end of pairs and the policy is a table: its optimum,
 * to the last digit, beside which a trained policy can be put.
 */
import { checkAllFinite, checkLength, checkNotEmpty } from "../core/checks";
import { choleskyInPlace, choleskySolve } from "../core/linearAlgebra";
import { normalised } from "../environments/exactPolicy";
import { type Concave, maximizeByNewton } from "../preference/newton";
import type { MarginLoss } from "./pairMargin";

/**
 * The policy that minimises the mean of a pairwise loss over all pairs of replies:
 *
 *   min_π Σ_{y<y′} w(y, y′)·[P(y ≻ y′)·ℓ(h) + P(y′ ≻ y)·ℓ(−h)],   h = log π(y)/π_ref(y) − log π(y′)/π_ref(y′)
 *
 * By Newton's method on the log-ratios, whose zero is free and put where π sums to 1. With DPO's loss and
 * P = σ(r(y) − r(y′)) the answer is `tiltedPolicy(logpReference, r, β)` for any weights above 0: Rafailov
 * et al. 2023, section 4. n replies cost n³ a step: a few hundred at most.
 *
 * @param logpReference [Y] log π_ref(y), nats
 * @param preference    [Y][Y] P(y ≻ y′), with P(y ≻ y′) + P(y′ ≻ y) = 1
 * @param loss          convex in h, such as `dpoOfMargin(0.5)`
 * @param options       `weights` w(y, y′) ≥ 0 of how often a pair is asked; all the same if left out
 * @returns [Y] log π(y), nats
 * @throws RangeError when there is no optimum: a reply that always wins, and a loss that never has enough
 */
export function populationOptimum(
  logpReference: ArrayLike<number>,
  preference: readonly ArrayLike<number>[],
  loss: MarginLoss,
  { weights = () => 1 }: { weights?: (first: number, second: number) => number } = {},
): Float64Array {
  const n = logpReference.length;
  checkNotEmpty("populationOptimum: logpReference", logpReference, 2);
  checkLength("populationOptimum: preference", preference, n);
  for (const [y, row] of preference.entries()) {
    checkLength(`populationOptimum: preference[${y}]`, row, n);
    checkAllFinite(`populationOptimum: preference[${y}]`, row);
  }
  const problem = new MeanLoss(preference, loss, weights);
  const { x } = maximizeByNewton("populationOptimum", problem, new Float64Array(n), {
    tolerance: 1e-20,
  });
  return normalised(x.map((logRatio, y) => logRatio + logpReference[y]));
}

/** −(mean loss) of log-ratios u, with gradient and Hessian gathered on the way. */
class MeanLoss implements Concave {
  readonly #preference: readonly ArrayLike<number>[];
  readonly #loss: MarginLoss;
  readonly #weights: (first: number, second: number) => number;
  #gradient = new Float64Array(0);
  #hessian = new Float64Array(0);

  constructor(
    preference: readonly ArrayLike<number>[],
    loss: MarginLoss,
    weights: (first: number, second: number) => number,
  ) {
    this.#preference = preference;
    this.#loss = loss;
    this.#weights = weights;
  }

  moveTo(u: Float64Array): number {
    const n = u.length;
    this.#gradient = new Float64Array(n);
    this.#hessian = new Float64Array(n * n);
    let total = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) total += this.#addPair(u, i, j);
    return -total;
  }

  /** One pair's share of loss, gradient and Hessian. */
  #addPair(u: Float64Array, i: number, j: number): number {
    const w = this.#weights(i, j);
    if (w === 0) return 0;
    const [p, h, n, loss] = [this.#preference[i][j], u[i] - u[j], u.length, this.#loss];
    const push = w * (p * loss.slope(h) - (1 - p) * loss.slope(-h));
    const bend = w * (p * loss.curvature(h) + (1 - p) * loss.curvature(-h));
    this.#gradient[i] -= push;
    this.#gradient[j] += push;
    this.#hessian[i * n + i] += bend;
    this.#hessian[j * n + j] += bend;
    this.#hessian[i * n + j] -= bend;
    this.#hessian[j * n + i] -= bend;
    return w * (p * loss.value(h) + (1 - p) * loss.value(-h));
  }

  step(): Float64Array {
    const n = this.#gradient.length;
    const scale = this.#hessian[0] / n; // a number added to all u changes nothing: hold their mean at 0
    const factor = this.#hessian.map((entry) => entry + scale);
    if (!choleskyInPlace(factor, n)) {
      throw new RangeError(
        "populationOptimum: the loss is flat in some direction: pairs that nobody compares, or a margin " +
          "without end. Give every pair a weight, and probabilities between 0 and 1.",
      );
    }
    return choleskySolve(factor, this.#gradient);
  }
}
