import { checkAllFinite, checkFinite, checkLength } from "../core/checks";
import type { Rng } from "../core/rng";
import { FlatAdam, type AdamOptions } from "../models/flatAdam";
import type { Network } from "../models/network";
import type { EvaluatedActions, Policy, SampledActions } from "./policy";

const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/**
 * A policy over real actions: a normal distribution whose mean is the network's output and whose
 * standard deviation is one learned number, the same in every state.
 *
 *   log π(a|s) = −½z² − log σ − ½log 2π,   z = (a − μ(s))/σ,   H = log σ + ½ + ½log 2π
 *   ∂log π/∂μ = z/σ,   ∂log π/∂log σ = z² − 1,   ∂H/∂log σ = 1
 *
 * Draws may lie beyond the bounds of the environment, which cuts them; log π is that of the draw.
 * The parameters are the network's and then log σ.
 *
 *     const policy = new GaussianPolicy(new Mlp([3, 64, 1], rng, { outputGain: 0.01 }));
 */
export class GaussianPolicy implements Policy {
  /** log σ, learned. */
  logStandardDeviation: number;
  readonly #adam: FlatAdam;
  #z: Float64Array = new Float64Array(0); // [B] of the last evaluate

  /**
   * @param network O inputs, one output: the mean
   * @param options `logStandardDeviation` at the start (default 0); the rest is Adam's, for log σ
   */
  constructor(
    readonly network: Network,
    options: { logStandardDeviation?: number } & AdamOptions = {},
  ) {
    const { logStandardDeviation = 0 } = options;
    checkFinite("GaussianPolicy: logStandardDeviation", logStandardDeviation);
    const outputs = network.sizes[network.sizes.length - 1];
    if (outputs !== 1) {
      throw new RangeError(
        `GaussianPolicy: the network must have one output, the mean of the action; it has ${outputs}.`,
      );
    }
    this.logStandardDeviation = logStandardDeviation;
    this.#adam = new FlatAdam(1, options);
  }

  get parameterCount(): number {
    return this.network.parameterCount + 1;
  }

  getParameters(): Float64Array {
    return Float64Array.of(...this.network.getParameters(), this.logStandardDeviation);
  }

  setParameters(parameters: ArrayLike<number>): void {
    checkLength("GaussianPolicy.setParameters: parameters", parameters, this.parameterCount);
    checkAllFinite("GaussianPolicy.setParameters: parameters", parameters);
    const all = Float64Array.from(parameters);
    this.network.setParameters(all.subarray(0, -1));
    this.logStandardDeviation = all[all.length - 1];
  }

  act(observations: ArrayLike<number>, rng: Rng): SampledActions {
    const means = this.network.forward(observations);
    const sd = Math.exp(this.logStandardDeviation);
    const logp = new Float64Array(means.length);
    const actions = means.map((mean, b) => {
      const z = rng.normal();
      logp[b] = -0.5 * z * z - this.logStandardDeviation - halfLogTwoPi;
      return mean + sd * z;
    });
    return { actions, logp };
  }

  mode(observation: ArrayLike<number>): number {
    return this.network.forward(observation)[0];
  }

  evaluate(observations: ArrayLike<number>, actions: ArrayLike<number>): EvaluatedActions {
    const means = this.network.forward(observations);
    checkLength("GaussianPolicy.evaluate: actions", actions, means.length);
    checkAllFinite("GaussianPolicy.evaluate: actions", actions);
    const sd = Math.exp(this.logStandardDeviation);
    const z = means.map((mean, b) => (actions[b] - mean) / sd);
    this.#z = z;
    const entropy = this.logStandardDeviation + 0.5 + halfLogTwoPi;
    return {
      logp: z.map((x) => -0.5 * x * x - this.logStandardDeviation - halfLogTwoPi),
      entropy: new Float64Array(z.length).fill(entropy),
    };
  }

  backward(logpGradient: ArrayLike<number>, entropyGradient = 0): Float64Array {
    const ofNetwork = this.network.backward(this.#meanGradient(logpGradient));
    return Float64Array.of(...ofNetwork, this.#spreadGradient(logpGradient, entropyGradient));
  }

  update(logpGradient: ArrayLike<number>, entropyGradient: number, learningRate: number): number {
    const ofSpread = this.#spreadGradient(logpGradient, entropyGradient);
    const norm = this.network.update(this.#meanGradient(logpGradient), learningRate);
    const spread = Float64Array.of(this.logStandardDeviation);
    this.#adam.step(spread, Float64Array.of(ofSpread), learningRate);
    this.logStandardDeviation = spread[0];
    return Math.hypot(norm, ofSpread);
  }

  /** [B, 1] ∂L/∂μ */
  #meanGradient(logpGradient: ArrayLike<number>): Float64Array {
    checkLength("GaussianPolicy: logpGradient", logpGradient, this.#z.length);
    const sd = Math.exp(this.logStandardDeviation);
    return this.#z.map((z, b) => (logpGradient[b] * z) / sd);
  }

  /** ∂L/∂log σ */
  #spreadGradient(logpGradient: ArrayLike<number>, entropyGradient: number): number {
    return this.#z.reduce(
      (total, z, b) => total + logpGradient[b] * (z * z - 1) + entropyGradient,
      0,
    );
  }
}
