import { checkPositive, checkRange } from "../../core/checks";
import { tf, type Variable } from "../tensorflow";
import { Optimizer, type Parameters, type Rule } from "./optimizer";

/** What can be set of Adam; what is left out has the value given here. */
export interface AdamOptimizerOptions {
  /** Decay rates β₁, β₂ of the two moments, in [0, 1). Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** ε > 0, added to √v̂. Default 1e-8. */
  epsilon?: number;
}

/** As for Adam, and the decay of the weights. */
export interface AdamWOptions extends AdamOptimizerOptions {
  /** λ ≥ 0. Default 0.01. */
  weightDecay?: number;
  /** Which parameters decay, by name. Default all; often all but biases and norms. */
  decays?: (name: string) => boolean;
}

/**
 * Adam: steps of about η in each coordinate, whatever the gradient's scale.
 *
 *   m ← β₁m + (1−β₁)g,  v ← β₂v + (1−β₂)g²,  θ ← θ − η·m̂ / (√v̂ + ε),
 *   m̂ = m/(1−β₁ᵗ),  v̂ = v/(1−β₂ᵗ)
 *
 * Kingma & Ba 2015, Algorithm 1, arXiv:1412.6980. As PyTorch's Adam, ε outside the root and after
 * the correction.
 */
export function adam(parameters: Parameters, options: AdamOptimizerOptions = {}): Optimizer {
  return adamW(parameters, { ...options, weightDecay: 0 });
}

/**
 * Adam with weight decay apart from the gradient: θ ← (1 − ηλ)·θ before Adam's step.
 *
 * Loshchilov & Hutter 2019, Algorithm 2, arXiv:1711.05101. As PyTorch's AdamW.
 *
 * The corrections 1−βᵗ are kept as variables and made by c ← βc + (1−β): in single precision
 * 1 − 0.999ᵗ itself would lose three digits at the first steps.
 */
export function adamW(
  parameters: Parameters,
  {
    betas = [0.9, 0.999],
    epsilon = 1e-8,
    weightDecay = 0.01,
    decays = () => true,
  }: AdamWOptions = {},
): Optimizer {
  for (const beta of betas) checkRange("adamW: betas", beta, 0, 1 - Number.EPSILON);
  checkPositive("adamW: epsilon", epsilon);
  checkRange("adamW: weightDecay", weightDecay, 0, Number.MAX_VALUE);
  const [beta1, beta2] = betas;
  const zero = (): Variable => tf.tidy(() => tf.variable(tf.scalar(0), false));
  const correction1 = zero();
  const correction2 = zero();
  const rule: Rule = (parameter, gradient, [m, v], learningRate, name) => {
    m.assign(tf.add(m, tf.mul(tf.sub(gradient, m), 1 - beta1)));
    v.assign(tf.add(v, tf.mul(tf.sub(tf.square(gradient), v), 1 - beta2)));
    // m̂/(√v̂ + ε) with both fractions of it extended by √(1−β₂ᵗ): fewer operations on large tensors
    const root = tf.sqrt(correction2);
    const stepSize = tf.div(tf.mul(learningRate, root), correction1);
    const step = tf.div(tf.mul(m, stepSize), tf.add(tf.sqrt(v), tf.mul(root, epsilon)));
    if (weightDecay === 0 || !decays(name)) return tf.sub(parameter, step);
    return tf.sub(tf.mul(parameter, tf.sub(1, tf.mul(learningRate, weightDecay))), step);
  };
  const beforeStep = (): void => {
    correction1.assign(tf.add(tf.mul(correction1, beta1), 1 - beta1));
    correction2.assign(tf.add(tf.mul(correction2, beta2), 1 - beta2));
  };
  const slots = { firstMoment: 0, secondMoment: 0 };
  return new Optimizer(parameters, slots, rule, { correction1, correction2 }, beforeStep);
}
