import { ShapeError } from "../../core/checks";
import { tf, type Tensor } from "../tensorflow";
import { withGradient } from "./withGradient";

/**
 * Scaled dot-product attention of a sequence to itself, in several heads.
 *
 *   Y = softmax(Q Kᵀ/√d + bias) V,  d = D/heads
 *
 * Vaswani et al. 2017, Eq. 1, arXiv:1706.03762; backward as for any softmax:
 * ∂L/∂S = P ∘ (∂L/∂P − Σ P ∘ ∂L/∂P).
 *
 * @param qkv  [B, T, 3D] queries, keys and values side by side, each split into heads
 * @param bias [1 or B, 1, 1 or T, T] added to the scores: 0 where one may look, −1e9 elsewhere
 * @returns [B, T, D], caller disposes
 * @throws ShapeError when 3D is no multiple of 3·heads
 */
export function selfAttention(qkv: Tensor, heads: number, bias: Tensor): Tensor {
  const [B, T, triple] = qkv.shape;
  const head = triple / (3 * heads);
  if (qkv.rank !== 3 || !Number.isInteger(head)) {
    throw new ShapeError(
      `selfAttention: qkv must be [B, T, 3D] with D a multiple of the ${heads} heads, got [${qkv.shape.join(", ")}].`,
    );
  }
  const scale = 1 / Math.sqrt(head);
  return withGradient(
    [qkv],
    () => {
      const split = tf.transpose(tf.reshape(qkv, [B, T, 3, heads, head]), [2, 0, 3, 1, 4]);
      const [q, k, v] = tf.unstack(split, 0); // each [B, H, T, d]
      const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), scale), bias); // [B, H, T, T]
      const exponentials = tf.exp(tf.sub(scores, tf.max(scores, -1, true)));
      const weights = tf.mul(exponentials, tf.div(1, tf.sum(exponentials, -1, true))); // one division a row
      const heard = tf.transpose(tf.matMul(weights, v), [0, 2, 1, 3]); // [B, T, H, d]
      return { value: tf.reshape(heard, [B, T, heads * head]), saved: [q, k, v, weights] };
    },
    (gradient, [q, k, v, weights]) => {
      const dy = tf.transpose(tf.reshape(gradient, [B, T, heads, head]), [0, 2, 1, 3]);
      const dV = tf.matMul(weights, dy, true, false);
      const dWeights = tf.mul(tf.matMul(dy, v, false, true), weights);
      const dScores = tf.mul(tf.sub(dWeights, tf.mul(weights, tf.sum(dWeights, -1, true))), scale);
      const dQ = tf.matMul(dScores, k);
      const dK = tf.matMul(dScores, q, true, false);
      const rows = [dQ, dK, dV].map((x) => tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [B * T, -1]));
      return [tf.reshape(tf.concat(rows, 1), [B, T, triple])];
    },
  );
}

/**
 * Attention of one token of each sequence to all of it: one row of what `selfAttention` computes.
 *
 *   y = softmax(q Kᵀ/√d + bias) V,  d = D/heads
 *
 * @param query  [B, D]
 * @param keys   [B, T, D]
 * @param values [B, T, D]
 * @param bias   [1 or B, T] added to the scores: 0 where the token may look, −1e9 elsewhere
 * @returns [B, D], caller disposes
 * @throws ShapeError when the sizes do not fit, or D is no multiple of the heads
 */
export function attentionOfOne(
  query: Tensor,
  keys: Tensor,
  values: Tensor,
  heads: number,
  bias: Tensor,
): Tensor {
  const [B, T, D] = keys.shape;
  if (
    values.shape.join() !== keys.shape.join() ||
    query.shape.join() !== `${B},${D}` ||
    D % heads !== 0
  ) {
    // prettier-ignore
    throw new ShapeError(
      `attentionOfOne: query [B, D] wants keys and values [B, T, D] with D a multiple of the ${heads} heads, got ` +
        [query, keys, values].map(({ shape }) => `[${shape.join(", ")}]`).join(", ") + ".", // prettier-ignore
    );
  }
  const split = (x: Tensor): Tensor => tf.reshape(x, [B, -1, heads, D / heads]); // [B, 1 or T, H, d]
  return tf.tidy(() => {
    const products = tf.sum(tf.mul(split(query), split(keys)), -1); // [B, T, H]
    const scores = tf.mul(tf.transpose(products, [0, 2, 1]), Math.sqrt(heads / D)); // [B, H, T]
    const weights = tf.softmax(tf.add(scores, tf.reshape(bias, [-1, 1, T])));
    const shares = tf.expandDims(tf.transpose(weights, [0, 2, 1]), -1); // [B, T, H, 1]
    return tf.reshape(tf.sum(tf.mul(shares, split(values)), 1), [B, D]);
  });
}
