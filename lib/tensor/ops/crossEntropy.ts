import { ShapeError } from "../../core/checks";
import { currentRecording } from "../compile/recording";
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
 * @throws ShapeError when targets has not the shape of logits without its last dimension, RangeError when
 *         one lies outside [0, V); in `compile`, for targets that are its argument (WebGPU does not look)
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
  checkTargets(targets, vocabulary);
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
      const difference = tf.sub(tf.mul(exponentials, tf.div(1, total)), right); // ∂value/∂rows
      return { value: tf.reshape(value, shape), saved: [difference] };
    },
    (gradient, [difference]) => [
      tf.reshape(tf.mul(difference, tf.reshape(gradient, [-1, 1])), logits.shape),
    ],
  );
}

function checkTargets(targets: Tensor, vocabulary: number): void {
  const recording = currentRecording();
  if (recording) return recording.noteIndices(targets, vocabulary);
  if (tf.getBackend() === "webgpu") return; // it cannot be read at once
  const values = targets.dataSync();
  const at = values.findIndex((value) => !(value >= 0 && value < vocabulary));
  if (at < 0) return;
  throw new RangeError(
    `sparseSoftmaxCrossEntropy: targets must lie in [0, ${vocabulary - 1}], entry ${at} is ${values[at]}.`,
  );
}
