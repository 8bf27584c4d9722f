import { tf, type Tensor } from "../tensorflow";
import { withGradient } from "./withGradient";

const slope = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

/**
 * The Gaussian error linear unit, in the approximation of GPT-2.
 *
 *   y = x/2 · (1 + tanh u),  u = √(2/π)·(x + 0.044715 x³)
 *
 * Hendrycks & Gimpel 2016, arXiv:1606.08415. The gradient is
 * (1 + tanh u)/2 + x/2·(1 − tanh² u)·√(2/π)·(1 + 3·0.044715 x²).
 *
 * @returns the shape of x, caller disposes
 */
export function geluTanh(x: Tensor): Tensor {
  return withGradient(
    [x],
    () => {
      const inner = tf.mul(x, tf.add(tf.mul(tf.square(x), slope * cubic), slope));
      const tanh = tf.tanh(inner);
      return { value: tf.mul(x, tf.add(tf.mul(tanh, 0.5), 0.5)), saved: [x, tanh] };
    },
    (gradient, [x, tanh]) => {
      const half = tf.add(tf.mul(tanh, 0.5), 0.5);
      const du = tf.add(tf.mul(tf.square(x), 3 * slope * cubic), slope);
      const curved = tf.mul(tf.mul(x, 0.5), tf.mul(tf.sub(1, tf.square(tanh)), du));
      return [tf.mul(gradient, tf.add(half, curved))];
    },
  );
}
