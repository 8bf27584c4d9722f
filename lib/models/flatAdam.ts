import { checkLength, checkPositive, checkRange } from "../core/checks";

/** What can be set of Adam; what is left out has the value given here. */
export interface AdamOptions {
  /** Decay rates β₁, β₂ of the two moments, in [0, 1). Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** ε > 0, added to √v̂. Default 1e-8. */
  epsilon?: number;
  /** Decoupled weight decay λ ≥ 0 (AdamW): θ ← θ·(1 − η·λ) before the step. Default 0. */
  weightDecay?: number;
}

/**
 * Adam on one flat vector, in place.
 *
 *   m ← β₁m + (1−β₁)g,  v ← β₂v + (1−β₂)g²,  θ ← θ − η·m̂ / (√v̂ + ε),
 *   m̂ = m/(1−β₁ᵗ),  v̂ = v/(1−β₂ᵗ)
 *
 * Kingma & Ba 2015, Algorithm 1, arXiv:1412.6980; weight decay as Loshchilov & Hutter 2019,
 * arXiv:1711.05101. ε stands where PyTorch has it: outside the root, after the correction.
 */
export class FlatAdam {
  readonly firstMoment: Float64Array;
  readonly secondMoment: Float64Array;
  /** Number of steps taken, t. */
  steps = 0;
  readonly #options: Required<AdamOptions>;

  /** @param size number of parameters */
  constructor(
    size: number,
    { betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0 }: AdamOptions = {},
  ) {
    for (const beta of betas) checkRange("FlatAdam: betas", beta, 0, 1 - Number.EPSILON);
    checkPositive("FlatAdam: epsilon", epsilon);
    checkRange("FlatAdam: weightDecay", weightDecay, 0, Infinity);
    this.#options = { betas, epsilon, weightDecay };
    this.firstMoment = new Float64Array(size);
    this.secondMoment = new Float64Array(size);
  }

  /**
   * @param parameters [P] changed in place
   * @param gradient   [P] ∂L/∂θ
   */
  step(parameters: Float64Array, gradient: Float64Array, learningRate: number): void {
    checkLength("FlatAdam.step: parameters", parameters, this.firstMoment.length);
    checkLength("FlatAdam.step: gradient", gradient, this.firstMoment.length);
    checkRange("FlatAdam.step: learningRate", learningRate, 0, Number.MAX_VALUE);
    const { betas, epsilon, weightDecay } = this.#options;
    const [beta1, beta2] = betas;
    const { firstMoment: m, secondMoment: v } = this;
    this.steps += 1;
    const stepSize = learningRate / (1 - beta1 ** this.steps);
    const correction = 1 / Math.sqrt(1 - beta2 ** this.steps);
    const keep = 1 - learningRate * weightDecay;
    for (let i = 0; i < m.length; i++) {
      const g = gradient[i];
      const first = beta1 * m[i] + (1 - beta1) * g;
      const second = beta2 * v[i] + (1 - beta2) * g * g;
      m[i] = first;
      v[i] = second;
      parameters[i] =
        keep * parameters[i] - (stepSize * first) / (Math.sqrt(second) * correction + epsilon);
    }
  }
}
