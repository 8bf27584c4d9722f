import { ShapeError } from "../../core/checks";
import { tf, type Tensor } from "../tensorflow";
import { asMatrix, withGradient } from "./withGradient";

/**
 * Layer normalisation over the last dimension.
 *
 *   y = gain ∘ (x − mean x) / √(var x + ε) + bias
 *
 * Ba, Kiros & Hinton 2016, arXiv:1607.06450. With x̂ the normalised x and d = gain ∘ ∂L/∂y, the
 * gradient is (d − mean d − x̂·mean(d ∘ x̂)) / √(var x + ε).
 *
 * @param x    [..., D]
 * @param gain [D]
 * @param bias [D]
 * @returns [..., D], caller disposes
 * @throws ShapeError when gain or bias is not [D]
 */
export function layerNorm(x: Tensor, gain: Tensor, bias: Tensor, epsilon = 1e-5): Tensor {
  const last = x.rank - 1;
  for (const [name, { shape }] of Object.entries({ gain, bias })) {
    if (shape.length === 1 && shape[0] === x.shape[last]) continue;
    throw new ShapeError(
      `layerNorm: ${name} must be [${x.shape[last]}], got [${shape.join(", ")}].`,
    );
  }
  return withGradient(
    [x, gain, bias],
    () => {
      const centred = tf.sub(x, tf.mean(x, last, true));
      const variance = tf.mean(tf.square(centred), last, true);
      const inverse = tf.rsqrt(tf.add(variance, epsilon)); // [..., 1]
      const normal = tf.mul(centred, inverse);
      return { value: tf.add(tf.mul(normal, gain), bias), saved: [normal, inverse, gain] };
    },
    (gradient, [normal, inverse, gain]) => {
      const d = tf.mul(gradient, gain);
      const along = tf.mul(normal, tf.mean(tf.mul(d, normal), last, true));
      const dx = tf.mul(tf.sub(tf.sub(d, tf.mean(d, last, true)), along), inverse);
      const dGain = tf.sum(asMatrix(tf.mul(gradient, normal)), 0);
      return [dx, dGain, tf.sum(asMatrix(gradient), 0)];
    },
  );
}
