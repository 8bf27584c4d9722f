import { tf, type Tensor } from "../tensorflow";

/**
 * An operation whose gradient is written by hand, because TensorFlow.js has none, a broken one, or
 * one that takes many more operations.
 *
 * @param inputs   what the operation is differentiated by
 * @param forward  the value, and what `backward` needs of it
 * @param backward from ∂L/∂value to ∂L/∂input, one for each input
 */
export function withGradient(
  inputs: Tensor[],
  forward: () => { value: Tensor; saved: Tensor[] },
  backward: (gradient: Tensor, saved: Tensor[]) => Tensor[],
): Tensor {
  const operation = tf.customGrad((...given) => {
    const save = given[given.length - 1] as (tensors: Tensor[]) => void;
    const { value, saved } = forward();
    save(saved);
    return { value, gradFunc: backward };
  });
  return operation(...inputs);
}

/** The tensor as a matrix: all dimensions but the last in one; a scalar is 1 × 1. */
export function asMatrix(x: Tensor): Tensor {
  return x.rank === 2 ? x : tf.reshape(x, [-1, x.shape[x.rank - 1] ?? 1]);
}

/**
 * The sum of the squares of all entries, a scalar; caller disposes. By a product with ones, which XLA
 * computes for many entries at a time: in a plain sum it adds one after the other, at five times the cost.
 */
export function sumOfSquares(x: Tensor): Tensor {
  return tf.tidy(() => {
    const squares = tf.square(asMatrix(x));
    return tf.sum(tf.matMul(squares, tf.ones([squares.shape[1] ?? 0, 1])));
  });
}
