/** Values that are linear in features, with one weight vector for each action. */
import { checkAllFinite, checkFinite, checkInteger, checkSameLength } from "../core/checks";
import type { Rng } from "../core/rng";
import { greedyAction } from "./greedy";

/** A feature vector φ(s) of which most entries are 0: only the others are kept. */
export interface Features {
  /** Which entries are not 0, each at most once. */
  readonly indices: ArrayLike<number>;
  /** What they are. */
  readonly values: ArrayLike<number>;
}

/**
 * A feature vector from all its entries.
 *
 * @throws RangeError when an entry is not a finite number
 */
export function denseFeatures(values: ArrayLike<number>): Features {
  checkAllFinite("denseFeatures: values", values);
  return { indices: Int32Array.from({ length: values.length }, (_, i) => i), values };
}

/**
 * A value for each action, linear in the features of the state.
 *
 *   value(s, a) = w_aᵀ·φ(s)
 */
export class LinearActionValues {
  /** [A][F] w_a, all 0 at first. */
  readonly weights: readonly Float64Array[];

  /** @param features F, the length of φ */
  constructor(features: number, actions: number) {
    checkInteger("LinearActionValues: features", features, 1);
    checkInteger("LinearActionValues: actions", actions, 1);
    this.weights = Array.from({ length: actions }, () => new Float64Array(features));
  }

  /**
   * w_aᵀ·φ(s)
   *
   * @throws RangeError when there is no such action, a feature has no weight, or is no finite number
   */
  value(features: Features, action: number): number {
    const { indices, values } = features;
    if (indices.length !== values.length) checkSameLength("features", { indices, values });
    const weights = this.weights[action];
    if (weights === undefined) this.#refuseAction(action);
    let total = 0;
    for (let i = 0; i < indices.length; i++) total += weights[indices[i]] * values[i];
    if (!Number.isFinite(total)) this.#checkEach(features); // what is none of them made it so
    return total;
  }

  /** [A] the values of all actions. */
  values(features: Features): Float64Array {
    return Float64Array.from(this.weights, (_, action) => this.value(features, action));
  }

  /** The action of the largest value; of several, one at random. */
  greedy(features: Features, rng: Rng): number {
    return greedyAction(this.values(features), rng);
  }

  /**
   * w_a ← w_a + step·φ(s): since ∇_{w_a} value(s, a) = φ(s), a gradient step.
   *
   * @throws RangeError as `value`, or when the step is no finite number; the weights then stay as they were
   */
  add(features: Features, action: number, step: number): void {
    checkFinite("LinearActionValues.add: step", step);
    this.value(features, action); // refuses what has no weight
    const { indices, values } = features;
    const weights = this.weights[action];
    for (let i = 0; i < indices.length; i++) weights[indices[i]] += step * values[i];
  }

  #refuseAction(action: number): void {
    checkInteger("LinearActionValues: action", action, 0, this.weights.length - 1);
  }

  #checkEach({ indices, values }: Features): void {
    const size = this.weights[0].length;
    const where = `a model of ${size} features: `;
    for (let i = 0; i < indices.length; i++)
      checkInteger(`${where}indices[${i}]`, indices[i], 0, size - 1);
    checkAllFinite(`${where}values`, values);
  }
}
