/**
 * Sarsa(λ) with linear values and replacing traces.
 *
 * Rummery & Niranjan 1994, On-line Q-learning using connectionist systems; Singh & Sutton 1996, Machine
 * Learning 22:123–158 (replacing traces); as in Sutton & Barto 2018, §12.7. Values begin at 0: where every
 * step costs something that is optimistic, and it explores without random actions.
 */
import { checkFinite, checkRange } from "../core/checks";
import { LinearActionValues, type Features } from "./linear";

/** How the values are learned. */
export interface SarsaOptions {
  /** α > 0, of the whole step: divide by the number of features that are on. */
  stepSize: number;
  /** λ in [0, 1]: how far back a step's surprise is felt; 0.9 when left out. */
  lambda?: number;
  /** γ in [0, 1]; 1 when left out. */
  gamma?: number;
}

/** A learner of Q(s, a) = w_aᵀ·φ(s). */
export class SarsaLambda {
  readonly model: LinearActionValues;
  readonly stepSize: number;
  readonly lambda: number;
  readonly gamma: number;
  /** [A][F] z, how much each weight is answerable for what happens now. */
  readonly #traces: readonly Float64Array[];

  /**
   * @param features F, the length of φ
   * @throws RangeError when features and actions are no counts, or an option is out of its range
   */
  constructor(features: number, actions: number, options: SarsaOptions) {
    checkRange("SarsaLambda: stepSize", options?.stepSize, Number.MIN_VALUE, 2);
    const { stepSize, lambda = 0.9, gamma = 1 } = options;
    checkRange("SarsaLambda: lambda", lambda, 0, 1);
    checkRange("SarsaLambda: gamma", gamma, 0, 1);
    [this.stepSize, this.lambda, this.gamma] = [stepSize, lambda, gamma];
    this.model = new LinearActionValues(features, actions);
    this.#traces = this.model.weights.map((row) => new Float64Array(row.length));
  }

  /** Forgets the traces of the last episode. */
  begin(): void {
    for (const row of this.#traces) row.fill(0);
  }

  /**
   * Learns from one step.
   *
   *   z ← φ(s) where φ(s) ≠ 0, for action a      δ = r + γ·Q(s', a') − Q(s, a)
   *   w ← w + α·δ·z                              z ← γ·λ·z
   *
   * @param next       φ(s'), or undefined when the world ended
   * @param nextAction a', the action that will be taken in s'
   * @throws RangeError when the reward is no finite number, or there is no such feature or action
   */
  learn(
    features: Features,
    action: number,
    reward: number,
    next: Features | undefined,
    nextAction: number,
  ): void {
    checkFinite("SarsaLambda.learn: reward", reward);
    const { indices, values } = features;
    const future = next === undefined ? 0 : this.gamma * this.model.value(next, nextAction);
    const surprise = reward + future - this.model.value(features, action);
    const mine = this.#traces[action];
    for (let i = 0; i < indices.length; i++) if (values[i] !== 0) mine[indices[i]] = values[i];
    const step = this.stepSize * surprise;
    this.#traces.forEach((traces, a) => {
      const weights = this.model.weights[a];
      for (let f = 0; f < traces.length; f++) {
        if (traces[f] === 0) continue;
        weights[f] += step * traces[f];
        traces[f] *= this.gamma * this.lambda;
      }
    });
  }
}
