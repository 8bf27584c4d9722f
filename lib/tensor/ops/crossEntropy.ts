import { ShapeError } from "../../core/checks";
import { tf, type Tensor } from "../tensorflow";
import { asMatrix, withGradient } from "./withGradient";

/**
 * Cross-entropy of each row of logits with one right answer: −log softmax(logits)[target].
 *
 * In one piece, so that no probability is rounded to 0 before its logarithm is taken, and with the
 * gradient softmax(logits) − onehot(target), which needs the forward pass's result only.
 *
 * @param logits  [..., V]
 * @param targets [...] int32 in [0, V)
 * @returns [...] nats, not averaged; caller disposes
 * @throws ShapeError when targets has not the shape of logits without its last dimension
 */
export function sparseSoftmaxCrossEntropy(logits: Tensor, targets: Tensor): Tensor {
  const shape = logits.shape.slice(0, -1);
  if (targets.shape.join() !== shape.join()) {
    throw new ShapeError(
      `sparseSoftmaxCrossEntropy: logits [${logits.shape.join(", ")}] want targets ` +
        `[${shape.join(", ")}], got [${targets.shape.join(", ")}].`,
    );
  }
  const vocabulary = logits.shape[logits.rank - 1];
  return withGradient(
    [logits],
    () => {
      const rows = asMatrix(logits); // [N, V]
      const right = tf.cast(tf.oneHot(tf.reshape(targets, [-1]), vocabulary), "float32");
      const shifted = tf.sub(rows, tf.max(rows, 1, true));
      const exponentials = tf.exp(shifted);
      const total = tf.sum(exponentials, 1, true); // [N, 1]
      const picked = tf.sum(tf.mul(shifted, right), 1); // [N]
      const value = tf.sub(tf.log(tf.reshape(total, [-1])), picked);
      const difference = tf.sub(tf.div(exponentials, total), right); // ∂value/∂rows
      return { value: tf.reshape(value, shape), saved: [difference] };
    },
    (gradient, [difference]) => [
      tf.reshape(tf.mul(difference, tf.reshape(gradient, [-1, 1])), logits.shape),
    ],
  );
}
