import { checkPositive } from "../../core/checks";
import { sumOfSquares } from "../ops/withGradient";
import { type NamedGradients, type Scalar, type Tensor, tf } from "../tensorflow";

/**
 * Euclidean norm of all gradients taken as one vector: √Σ‖g‖².
 *
 * @returns a scalar, caller disposes
 */
export function globalNorm(gradients: NamedGradients): Scalar {
  return tf.tidy(() => {
    const squares = Object.values(gradients).map(sumOfSquares);
    // pair by pair: WebGPU's addN fails, without an error, on more than eight tensors
    return tf.sqrt(squares.reduce((sum, square) => tf.add(sum, square))) as Scalar;
  });
}

/**
 * Scales all gradients by one number so that their global norm is at most maxNorm; their direction
 * stays. Pascanu, Mikolov & Bengio 2013, Algorithm 1, arXiv:1211.5063; as PyTorch's
 * `clip_grad_norm_`: g ← g·min(1, maxNorm/(‖g‖ + 1e-6)).
 *
 * @param maxNorm > 0
 * @returns the scaled gradients and the norm before; caller disposes
 */
export function clipByGlobalNorm(
  gradients: NamedGradients,
  maxNorm: number,
): { gradients: NamedGradients; norm: Scalar } {
  checkPositive("clipByGlobalNorm: maxNorm", maxNorm);
  return tf.tidy(() => {
    const norm = globalNorm(gradients);
    const scale: Tensor = tf.minimum(tf.div(maxNorm, tf.add(norm, 1e-6)), 1);
    const scaled = Object.entries(gradients).map(([name, g]) => [name, tf.mul(g, scale)] as const);
    return { gradients: Object.fromEntries(scaled), norm };
  });
}
