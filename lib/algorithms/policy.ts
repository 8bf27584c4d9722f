/**
 * Stochastic policies π_θ(a|s) for the policy-gradient methods: a network with a distribution on
 * top of it. What an algorithm needs of a policy is small: draw actions, say how likely they were,
 * and turn ∂L/∂log π into a step. So the same PPO trains a policy over a few actions and one over
 * real numbers, and it does not care whether the network is `Mlp` or `EngineMlp`.
 */
import { checkInteger, checkLength } from "../core/checks";
import type { Rng } from "../core/rng";
import type { Network } from "../models/network";

/** B actions and how likely each was. */
export interface SampledActions {
  /** [B] */
  actions: Float64Array;
  /** [B] log π(a|s) in nats; for real actions the log of the density */
  logp: Float64Array;
}

/** B actions that were taken, seen by the present policy. */
export interface EvaluatedActions {
  /** [B] log π(a|s) in nats */
  logp: Float64Array;
  /** [B] entropy of π(·|s) in nats */
  entropy: Float64Array;
}

/** A distribution over actions for every observation, with gradients. */
export interface Policy {
  /** Number of all parameters θ, P. */
  readonly parameterCount: number;
  /** [P] a copy of θ. */
  getParameters(): Float64Array;
  /** @throws ShapeError when there are not P of them, RangeError when one is not finite */
  setParameters(parameters: ArrayLike<number>): void;
  /**
   * Draws an action for each of B observations.
   *
   * @param observations [B, O] row by row
   */
  act(observations: ArrayLike<number>, rng: Rng): SampledActions;
  /**
   * The most likely action for one observation.
   *
   * @param observation [O]
   */
  mode(observation: ArrayLike<number>): number;
  /**
   * How likely B given actions are; `backward` and `update` then speak of this batch.
   *
   * @param observations [B, O] row by row
   * @param actions      [B]
   */
  evaluate(observations: ArrayLike<number>, actions: ArrayLike<number>): EvaluatedActions;
  /**
   * Gradient of a loss for the batch of the last `evaluate`:
   *
   *   ∂L/∂θ = Σ_b ∂L/∂log π(a_b|s_b) · ∇log π(a_b|s_b) + ∂L/∂H · Σ_b ∇H(π(·|s_b))
   *
   * @param logpGradient    [B] ∂L/∂log π(a_b|s_b)
   * @param entropyGradient ∂L/∂H, the same for every row
   * @returns [P]
   */
  backward(logpGradient: ArrayLike<number>, entropyGradient?: number): Float64Array;
  /**
   * One Adam step down that gradient.
   *
   * @returns the gradient's Euclidean norm before any clipping
   */
  update(logpGradient: ArrayLike<number>, entropyGradient: number, learningRate: number): number;
}

/**
 * A policy over A actions: softmax of the network's outputs.
 *
 *   π(a|s) = e^{z_a} / Σ_j e^{z_j},   ∂log π(a)/∂z_j = 1(j = a) − π(j),   ∂H/∂z_j = −π(j)(log π(j) + H)
 *
 *     const policy = new CategoricalPolicy(new Mlp([4, 64, 2], rng, { outputGain: 0.01 }));
 */
export class CategoricalPolicy implements Policy {
  readonly #actions: number;
  #taken: Int32Array = new Int32Array(0);
  #logps: Float64Array = new Float64Array(0); // [B, A] of the last evaluate
  #probabilities: Float64Array = new Float64Array(0); // [B, A]
  #entropy: Float64Array = new Float64Array(0);

  /** @param network O inputs, A outputs */
  constructor(readonly network: Network) {
    this.#actions = network.sizes[network.sizes.length - 1];
  }

  get parameterCount(): number {
    return this.network.parameterCount;
  }

  getParameters(): Float64Array {
    return this.network.getParameters();
  }

  setParameters(parameters: ArrayLike<number>): void {
    this.network.setParameters(parameters);
  }

  /** [B, A] log π(a|s) of every action, row by row. */
  logProbabilities(observations: ArrayLike<number>): Float64Array {
    return softmaxRows(this.network.forward(observations), this.#actions).logps;
  }

  act(observations: ArrayLike<number>, rng: Rng): SampledActions {
    const logps = this.logProbabilities(observations);
    const A = this.#actions;
    const actions = new Float64Array(logps.length / A);
    const logp = new Float64Array(actions.length);
    const row = new Float64Array(A);
    for (let b = 0; b < actions.length; b++) {
      for (let j = 0; j < A; j++) row[j] = logps[b * A + j];
      const action = rng.categorical(row);
      actions[b] = action;
      logp[b] = logps[b * A + action];
    }
    return { actions, logp };
  }

  mode(observation: ArrayLike<number>): number {
    const logits = this.network.forward(observation);
    return logits.indexOf(Math.max(...logits));
  }

  evaluate(observations: ArrayLike<number>, actions: ArrayLike<number>): EvaluatedActions {
    const A = this.#actions;
    const { logps, probabilities } = softmaxRows(this.network.forward(observations), A);
    checkLength("CategoricalPolicy.evaluate: actions", actions, logps.length / A);
    const taken = this.#checked(actions);
    const logp = new Float64Array(taken.length);
    const entropy = new Float64Array(taken.length);
    for (let b = 0; b < taken.length; b++) {
      logp[b] = logps[b * A + taken[b]];
      for (let k = b * A; k < (b + 1) * A; k++) entropy[b] -= probabilities[k] * logps[k];
    }
    this.#taken = taken;
    this.#logps = logps;
    this.#probabilities = probabilities;
    this.#entropy = entropy;
    return { logp, entropy: entropy.slice() };
  }

  backward(logpGradient: ArrayLike<number>, entropyGradient = 0): Float64Array {
    return this.network.backward(this.#logitGradient(logpGradient, entropyGradient));
  }

  update(logpGradient: ArrayLike<number>, entropyGradient: number, learningRate: number): number {
    return this.network.update(this.#logitGradient(logpGradient, entropyGradient), learningRate);
  }

  /** A copy of the actions, each of which there is. */
  #checked(actions: ArrayLike<number>): Int32Array {
    const taken = new Int32Array(actions);
    for (let b = 0; b < taken.length; b++) {
      if (taken[b] === actions[b] && taken[b] >= 0 && taken[b] < this.#actions) continue;
      checkInteger(`CategoricalPolicy.evaluate: actions[${b}]`, actions[b], 0, this.#actions - 1);
    }
    return taken;
  }

  /** [B, A] ∂L/∂z by the two formulas above. */
  #logitGradient(logpGradient: ArrayLike<number>, entropyGradient: number): Float64Array {
    const A = this.#actions;
    checkLength("CategoricalPolicy: logpGradient", logpGradient, this.#taken.length);
    const gradient = new Float64Array(this.#logps.length);
    for (let b = 0; b < this.#taken.length; b++) {
      for (let j = 0; j < A; j++) {
        const logp = this.#logps[b * A + j];
        const p = this.#probabilities[b * A + j];
        gradient[b * A + j] =
          logpGradient[b] * ((j === this.#taken[b] ? 1 : 0) - p) -
          (p === 0 ? 0 : entropyGradient * p * (logp + this.#entropy[b]));
      }
    }
    return gradient;
  }
}

/** softmax of each row of [B, A], and its logarithm in the place of the logits. */
function softmaxRows(
  logits: Float64Array,
  A: number,
): { logps: Float64Array; probabilities: Float64Array } {
  const probabilities = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += A) {
    let top = -Infinity;
    for (let k = start; k < start + A; k++) if (logits[k] > top) top = logits[k];
    let total = 0;
    for (let k = start; k < start + A; k++) total += probabilities[k] = Math.exp(logits[k] - top);
    const normalizer = top + Math.log(total);
    for (let k = start; k < start + A; k++) {
      probabilities[k] /= total;
      logits[k] -= normalizer;
    }
  }
  return { logps: logits, probabilities };
}
