/** Values that are linear in features, with one weight vector for each action. */
import { checkAllFinite, checkInteger, checkSameLength } from "../core/checks";
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

  value(features: Features, action: number): number {
    const { indices, values } = this.#checked(features);
    const weights = this.weights[action];
    let total = 0;
    for (let i = 0; i < indices.length; i++) total += weights[indices[i]] * values[i];
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

  /** w_a ← w_a + step·φ(s): since ∇_{w_a} value(s, a) = φ(s), a gradient step. */
  add(features: Features, action: number, step: number): void {
    const { indices, values } = this.#checked(features);
    const weights = this.weights[action];
    for (let i = 0; i < indices.length; i++) weights[indices[i]] += step * values[i];
  }

  #checked(features: Features): Features {
    const { indices, values } = features;
    if (indices.length !== values.length) checkSameLength("features", { indices, values });
    return features;
  }
}
