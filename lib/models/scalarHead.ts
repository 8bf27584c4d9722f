import { checkInteger, checkRange } from "../core/checks";
import type { Rng } from "../core/rng";
import { linear, type Parameters, type Tensor, tf } from "../tensor";

/**
 * One number for each hidden state, r = h·w + b: the value head of PPO, or a reward model's head.
 *
 * Stiennon et al. 2020, arXiv:2009.01325, section 3.4: a reward head starts with weights of scale
 * 1/√(D+1), a value head at 0 (the first advantages are then the rewards themselves).
 */
export class ScalarHead {
  readonly kind = "scalar head";
  readonly config: Readonly<{ width: number }>;
  readonly parameters: Readonly<Parameters>;

  /**
   * @param width D of the hidden states
   * @param rng   draws the weights
   * @param scale standard deviation of the weights; 0 for a value head. Default 1/√(D+1)
   */
  constructor(width: number, rng: Rng, scale = 1 / Math.sqrt(width + 1)) {
    checkInteger("ScalarHead: width", width, 1);
    checkRange("ScalarHead: scale", scale, 0, Number.MAX_VALUE);
    this.config = { width };
    const values = Float32Array.from({ length: width }, () => scale * rng.normal());
    this.parameters = tf.tidy(() => ({
      "head.weight": tf.variable(tf.tensor(values, [width, 1])),
      "head.bias": tf.variable(tf.zeros([1])),
    }));
  }

  /**
   * @param hidden [..., D]
   * @returns [...], caller disposes
   */
  scores(hidden: Tensor): Tensor {
    return tf.tidy(() => {
      const { "head.weight": weight, "head.bias": bias } = this.parameters;
      return tf.reshape(linear(hidden, weight, bias), hidden.shape.slice(0, -1));
    });
  }

  dispose(): void {
    tf.dispose(Object.values(this.parameters));
  }
}
