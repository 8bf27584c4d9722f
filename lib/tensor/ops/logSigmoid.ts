import { tf, type Tensor } from "../tensorflow";

/**
 * log σ(x) = −log(1 + e^{−x}), exact for large |x| too.
 *
 * Not `tf.logSigmoid`: its gradient throws for any tensor that was computed from another.
 *
 * @returns the shape of x, in nats, caller disposes
 */
export function logSigmoid(x: Tensor): Tensor {
  return tf.tidy(() => tf.neg(tf.softplus(tf.neg(x))));
}
