import { choleskyInPlace, choleskyInverse } from "../core/linearAlgebra";

/*
 * Only differences of strengths have a meaning: no likelihood feels a common shift, so no
 * information matrix is regular. The gauge chosen everywhere is that the strengths add to 0.
 * Matrices are [d, d] with the m strengths first and d − m further parameters after them.
 */

/** x with the mean of its first m entries taken away from them. */
export function centered(x: Float64Array, m: number): Float64Array {
  let total = 0;
  for (let i = 0; i < m; i++) total += x[i];
  return x.map((value, i) => (i < m ? value - total / m : value));
}

/**
 * The Cholesky factor of an information matrix to which a penalty on a common shift is added,
 * g·11ᵀ on the strengths. Where the gradient has no such shift, neither has the solution.
 *
 * @param information [d, d] destroyed
 * @throws RangeError when the data leave something else undetermined
 */
export function gaugedFactor(information: Float64Array, d: number, m: number): Float64Array {
  let trace = 0;
  for (let i = 0; i < m; i++) trace += information[i * d + i];
  const gauge = trace / m ** 2;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) information[i * d + j] += gauge;
  }
  if (choleskyInPlace(information, d)) return information;
  throw new RangeError(
    "The information matrix is singular: these data do not determine every parameter. " +
      "Use a prior: { priorPrecision: 0.01 }.",
  );
}

/**
 * The covariance of estimates whose strengths are held at mean 0: the inverse information with
 * the common shift projected out.
 *
 * @param information [d, d] destroyed
 */
export function centeredInverse(information: Float64Array, d: number, m: number): Float64Array {
  const inverse = choleskyInverse(gaugedFactor(information, d, m), d);
  centerBothWays(inverse, d, m);
  return inverse;
}

/** P·C·P in place, where P takes the mean of the first m parameters away. */
function centerBothWays(matrix: Float64Array, d: number, m: number): void {
  const remove = (start: number, stride: number) => {
    let total = 0;
    for (let i = 0; i < m; i++) total += matrix[start + i * stride];
    for (let i = 0; i < m; i++) matrix[start + i * stride] -= total / m;
  };
  for (let row = 0; row < d; row++) remove(row * d, 1);
  for (let column = 0; column < d; column++) remove(column, d);
}
