import { checkRange } from "../../core/checks";
import { tf, type Variable } from "../tensorflow";
import type { Parameters } from "./optimizer";

/**
 * Exponential moving average of a model's parameters, often a better model than the last step's.
 *
 *   a ← d·a + (1−d)·θ,  a₀ = θ₀
 *
 * Polyak & Juditsky 1992; as PyTorch's `AveragedModel` with `get_ema_multi_avg_fn`. May stand in a
 * compiled step.
 */
export class MovingAverage {
  /** The averages by the parameters' names. */
  readonly averages: Readonly<Record<string, Variable>>;
  readonly #parameters: Readonly<Parameters>;
  readonly #decay: number;

  /** @param decay d in [0, 1]: 0.999 averages over about the last thousand steps */
  constructor(parameters: Parameters, decay: number) {
    checkRange("MovingAverage: decay", decay, 0, 1);
    this.#parameters = { ...parameters };
    this.#decay = decay;
    this.averages = Object.fromEntries(
      Object.entries(parameters).map(([name, p]) => [name, tf.variable(p, false)]),
    );
  }

  /** Takes in the parameters' present values. */
  update(): void {
    tf.tidy(() => {
      for (const [name, average] of Object.entries(this.averages)) {
        const gap = tf.sub(this.#parameters[name], average);
        average.assign(tf.add(average, tf.mul(gap, 1 - this.#decay)));
      }
    });
  }

  /** Gives the averages to variables of the same names and shapes, such as the model's own. */
  copyTo(parameters: Parameters): void {
    tf.tidy(() => {
      for (const [name, average] of Object.entries(this.averages))
        parameters[name].assign(average.clone());
    });
  }

  dispose(): void {
    for (const average of Object.values(this.averages)) average.dispose();
  }
}
