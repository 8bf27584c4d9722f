import { tf, type Tensor } from "../tensorflow";
import { withGradient } from "./withGradient";

/**
 * The rows of a table that belong to token numbers.
 *
 * The gradient adds up, for each row, what came back from everywhere it was used: a segment sum,
 * or the product with a one-hot matrix on engines that have none (wasm).
 *
 * @param table [V, D]
 * @param ids   [...] int32 in [0, V); the engines do not agree on what a number beyond gives
 * @returns [..., D], caller disposes
 */
export function embedding(table: Tensor, ids: Tensor): Tensor {
  const [vocabulary, width] = table.shape;
  return withGradient(
    [table],
    () => ({ value: tf.gather(table, ids), saved: [ids] }),
    (gradient, [ids]) => {
      const flat = ids.flatten();
      const dy = tf.reshape(gradient, [-1, width]);
      if (tf.getKernel("UnsortedSegmentSum", tf.getBackend()) !== undefined) {
        return [tf.unsortedSegmentSum(dy, flat, vocabulary)];
      }
      return [tf.matMul(tf.cast(tf.oneHot(flat, vocabulary), "float32"), dy, true, false)];
    },
  );
}
