import { ShapeError } from "../../core/checks";
import { tf, type Tensor } from "../tensorflow";
import { asMatrix, withGradient } from "./withGradient";

/**
 * y = x W + b, over the last dimension.
 *
 * @param x      [..., in]
 * @param weight [in, out]
 * @param bias   [out]
 * @returns [..., out], caller disposes
 * @throws ShapeError when the widths do not fit
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [inputs, outputs] = weight.shape;
  if (weight.rank !== 2 || x.shape[x.rank - 1] !== inputs) {
    throw new ShapeError(
      `linear: x [${x.shape.join(", ")}] does not fit weight [${weight.shape.join(", ")}].`,
    );
  }
  if (bias !== undefined && (bias.rank !== 1 || bias.shape[0] !== outputs)) {
    throw new ShapeError(`linear: bias must be [${outputs}], got [${bias.shape.join(", ")}].`);
  }
  return withGradient(
    bias === undefined ? [x, weight] : [x, weight, bias],
    () => {
      const rows = asMatrix(x); // [N, in]
      const product = tf.matMul(rows, weight); // [N, out]
      const value = bias === undefined ? product : tf.add(product, bias);
      return {
        value: tf.reshape(value, [...x.shape.slice(0, -1), outputs]),
        saved: [rows, weight],
      };
    },
    (gradient, [rows, weight]) => {
      const dy = asMatrix(gradient); // [N, out]
      const dx = tf.reshape(tf.matMul(dy, weight, false, true), x.shape);
      const dWeight = tf.matMul(rows, dy, true, false);
      return bias === undefined ? [dx, dWeight] : [dx, dWeight, tf.sum(dy, 0)];
    },
  );
}

/**
 * y = x Eᵀ: the scores of all tokens under a table of embeddings that is also used to read them.
 *
 * Press & Wolf 2017, "Using the output embedding to improve language models", arXiv:1608.05859.
 *
 * @param x     [..., D]
 * @param table [V, D]
 * @returns [..., V], caller disposes
 */
export function linearTransposed(x: Tensor, table: Tensor): Tensor {
  const [vocabulary, width] = table.shape;
  if (table.rank !== 2 || x.shape[x.rank - 1] !== width) {
    throw new ShapeError(
      `linearTransposed: x [${x.shape.join(", ")}] does not fit table [${table.shape.join(", ")}].`,
    );
  }
  return withGradient(
    [x, table],
    () => {
      const rows = asMatrix(x); // [N, D]
      const value = tf.matMul(rows, table, false, true); // [N, V]
      return {
        value: tf.reshape(value, [...x.shape.slice(0, -1), vocabulary]),
        saved: [rows, table],
      };
    },
    (gradient, [rows, table]) => {
      const dy = asMatrix(gradient); // [N, V]
      return [tf.reshape(tf.matMul(dy, table), x.shape), tf.matMul(dy, rows, true, false)];
    },
  );
}
