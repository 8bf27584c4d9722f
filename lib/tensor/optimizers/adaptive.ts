import { checkPositive, checkRange } from "../../core/checks";
import { tf } from "../tensorflow";
import { Optimizer, type Parameters, type Rule } from "./optimizer";

/** What can be set of RMSprop; what is left out has the value given here. */
export interface RmsPropOptions {
  /** α in [0, 1). Default 0.99. */
  decay?: number;
  /** ε > 0. Default 1e-8. */
  epsilon?: number;
  /** μ in [0, 1). Default 0. */
  momentum?: number;
  /** Divides by the gradient's standard deviation instead of its root mean square. Default false. */
  centred?: boolean;
}

/**
 * RMSprop: v ← αv + (1−α)g²,  θ ← θ − η·g/(√v + ε), with momentum b ← μb + g/(√v + ε), θ ← θ − ηb.
 *
 * Tieleman & Hinton 2012, lecture 6.5; centred: Graves 2013, arXiv:1308.0850. As PyTorch's RMSprop.
 */
export function rmsProp(
  parameters: Parameters,
  { decay = 0.99, epsilon = 1e-8, momentum = 0, centred = false }: RmsPropOptions = {},
): Optimizer {
  checkRange("rmsProp: decay", decay, 0, 1 - Number.EPSILON);
  checkRange("rmsProp: momentum", momentum, 0, 1 - Number.EPSILON);
  checkPositive("rmsProp: epsilon", epsilon);
  const slots: Record<string, number> = { meanSquare: 0 };
  if (centred) slots.mean = 0;
  if (momentum > 0) slots.velocity = 0;
  const rule: Rule = (parameter, gradient, kept, learningRate) => {
    const [meanSquare, ...others] = kept;
    meanSquare.assign(tf.add(tf.mul(meanSquare, decay), tf.mul(tf.square(gradient), 1 - decay)));
    let variance = meanSquare.clone();
    if (centred) {
      const [mean] = others;
      mean.assign(tf.add(tf.mul(mean, decay), tf.mul(gradient, 1 - decay)));
      variance = tf.sub(meanSquare, tf.square(mean));
    }
    let direction = tf.div(gradient, tf.add(tf.sqrt(variance), epsilon));
    if (momentum > 0) {
      const velocity = others[others.length - 1];
      velocity.assign(tf.add(tf.mul(velocity, momentum), direction));
      direction = velocity;
    }
    return tf.sub(parameter, tf.mul(direction, learningRate));
  };
  return new Optimizer(parameters, slots, rule);
}

/** What can be set of Adagrad; what is left out has the value given here. */
export interface AdaGradOptions {
  /** ε > 0. Default 1e-10. */
  epsilon?: number;
  /** Value of the sum of squares at the start, ≥ 0. Default 0. */
  initialSum?: number;
}

/**
 * Adagrad: s ← s + g²,  θ ← θ − η·g/(√s + ε). Coordinates that moved much move ever less.
 *
 * Duchi, Hazan & Singer 2011, JMLR 12. As PyTorch's Adagrad.
 */
export function adaGrad(
  parameters: Parameters,
  { epsilon = 1e-10, initialSum = 0 }: AdaGradOptions = {},
): Optimizer {
  checkPositive("adaGrad: epsilon", epsilon);
  checkRange("adaGrad: initialSum", initialSum, 0, Number.MAX_VALUE);
  const rule: Rule = (parameter, gradient, [sum], learningRate) => {
    sum.assign(tf.add(sum, tf.square(gradient)));
    const direction = tf.div(gradient, tf.add(tf.sqrt(sum), epsilon));
    return tf.sub(parameter, tf.mul(direction, learningRate));
  };
  return new Optimizer(parameters, { sumOfSquares: initialSum }, rule);
}
