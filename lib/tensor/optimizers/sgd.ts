import { checkRange } from "../../core/checks";
import { type Tensor, tf } from "../tensorflow";
import { Optimizer, type Parameters, type Rule } from "./optimizer";

/** What can be set of gradient descent; what is left out has the value given here. */
export interface SgdOptions {
  /** μ in [0, 1). Default 0: no momentum. */
  momentum?: number;
  /** Looks ahead by one step of momentum. Default false. */
  nesterov?: boolean;
  /** λ ≥ 0, added to the gradient as λ·θ (L2). Default 0. */
  weightDecay?: number;
}

/**
 * Stochastic gradient descent.
 *
 *   g ← ∂L/∂θ + λθ,  b ← μb + g,  θ ← θ − η·b   (Nesterov: θ ← θ − η·(g + μb))
 *
 * Robbins & Monro 1951; Polyak 1964; Sutskever et al. 2013 (Nesterov). As PyTorch's SGD.
 */
export function sgd(
  parameters: Parameters,
  { momentum = 0, nesterov = false, weightDecay = 0 }: SgdOptions = {},
): Optimizer {
  checkRange("sgd: momentum", momentum, 0, 1 - Number.EPSILON);
  checkRange("sgd: weightDecay", weightDecay, 0, Number.MAX_VALUE);
  if (nesterov && momentum === 0) {
    throw new RangeError(
      "sgd: nesterov looks ahead by momentum, which is 0. Set momentum, such as 0.9.",
    );
  }
  const rule: Rule = (parameter, gradient, [velocity], learningRate) => {
    const g = addDecay(gradient, parameter, weightDecay);
    if (momentum === 0) return tf.sub(parameter, tf.mul(g, learningRate));
    velocity.assign(tf.add(tf.mul(velocity, momentum), g));
    const direction = nesterov ? tf.add(g, tf.mul(velocity, momentum)) : velocity;
    return tf.sub(parameter, tf.mul(direction, learningRate));
  };
  return new Optimizer(parameters, momentum === 0 ? {} : { velocity: 0 }, rule);
}

/** g + λθ */
export function addDecay(gradient: Tensor, parameter: Tensor, weightDecay: number): Tensor {
  return weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(parameter, weightDecay));
}
