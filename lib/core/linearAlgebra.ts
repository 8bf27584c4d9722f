import { checkLength } from "./checks";

/**
 * Cholesky factor L of a symmetric positive definite matrix, A = L·Lᵀ, written over its lower
 * triangle. Matrices are flat, row by row: A_ij is a[i·n + j].
 *
 * @param a [n, n] destroyed
 * @returns whether A is positive definite (to working precision); if not, `a` is of no use
 */
export function choleskyInPlace(a: Float64Array, n: number): boolean {
  checkLength("choleskyInPlace: a", a, n * n);
  for (let i = 0; i < n; i++) {
    const rowI = i * n;
    for (let j = 0; j <= i; j++) {
      const rowJ = j * n;
      const entry = a[rowI + j] - dot(a, rowI, rowJ, j);
      if (j < i) a[rowI + j] = entry / a[rowJ + j];
      else if (entry > 1e-13 * a[rowI + i]) a[rowI + i] = Math.sqrt(entry);
      else return false;
    }
  }
  return true;
}

/** Σ_k a[x + k]·a[y + k], in four strands so that the processor need not wait for each sum. */
function dot(a: Float64Array, x: number, y: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s0 += a[x + k] * a[y + k];
    s1 += a[x + k + 1] * a[y + k + 1];
    s2 += a[x + k + 2] * a[y + k + 2];
    s3 += a[x + k + 3] * a[y + k + 3];
  }
  for (; k < length; k++) s0 += a[x + k] * a[y + k];
  return s0 + s1 + s2 + s3;
}

/**
 * Solves A·x = b with the factor of `choleskyInPlace`.
 *
 * @param factor [n, n]
 * @param b      [n]
 * @returns      [n] x
 */
export function choleskySolve(factor: Float64Array, b: ArrayLike<number>): Float64Array {
  const n = b.length;
  checkLength("choleskySolve: factor", factor, n * n);
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    let rest = x[i];
    for (let k = 0, at = i * n; k < i; k++, at++) rest -= factor[at] * x[k];
    x[i] = rest / factor[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    const value = (x[i] /= factor[i * n + i]);
    for (let k = 0, at = i * n; k < i; k++, at++) x[k] -= factor[at] * value;
  }
  return x;
}

/**
 * A⁻¹ from the factor of `choleskyInPlace`: (L⁻¹)ᵀ·L⁻¹.
 *
 * @param factor [n, n]
 * @returns      [n, n]
 */
export function choleskyInverse(factor: Float64Array, n: number): Float64Array {
  checkLength("choleskyInverse: factor", factor, n * n);
  const columns = invertLower(factor, n);
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = dot(columns, i * n + i, j * n + i, n - i);
      inverse[i * n + j] = value;
      inverse[j * n + i] = value;
    }
  }
  return inverse;
}

/** The columns of L⁻¹, each stored as a row: out[j·n + i] = (L⁻¹)_ij, zero for i < j. */
function invertLower(factor: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const column = j * n;
    out[column + j] = 1 / factor[j * n + j];
    for (let i = j + 1; i < n; i++) {
      let rest = 0;
      for (let k = j, at = i * n; k < i; k++) rest -= factor[at + k] * out[column + k];
      out[column + i] = rest / factor[i * n + i];
    }
  }
  return out;
}

/**
 * Solves A·x = b for a symmetric positive definite A that is only known by its product with a
 * vector: conjugate gradients (Hestenes & Stiefel 1952), preconditioned by the diagonal of A.
 *
 * @param multiply  writes A·x into its second argument
 * @param b         [n]
 * @param diagonal  [n] of A, each entry above 0
 * @param tolerance stop when the residual has fallen to this share of b, 1e-10 when left out
 * @returns         [n] x
 */
export function conjugateGradient(
  multiply: (x: Float64Array, into: Float64Array) => void,
  b: Float64Array,
  diagonal: Float64Array,
  { tolerance = 1e-10, maxIterations = 1000 }: CgOptions = {},
): Float64Array {
  const n = b.length;
  const x = new Float64Array(n);
  const residual = Float64Array.from(b);
  const scaled = residual.map((r, i) => r / diagonal[i]);
  const direction = Float64Array.from(scaled);
  const product = new Float64Array(n);
  let energy = innerProduct(residual, scaled);
  const enough = energy * tolerance * tolerance;
  for (let iteration = 0; iteration < maxIterations && energy > enough; iteration++) {
    multiply(direction, product);
    const step = energy / innerProduct(direction, product);
    for (let i = 0; i < n; i++) {
      x[i] += step * direction[i];
      residual[i] -= step * product[i];
      scaled[i] = residual[i] / diagonal[i];
    }
    const next = innerProduct(residual, scaled);
    for (let i = 0; i < n; i++) direction[i] = scaled[i] + (next / energy) * direction[i];
    energy = next;
  }
  return x;
}

/** When `conjugateGradient` stops. */
export interface CgOptions {
  tolerance?: number;
  maxIterations?: number;
}

/** Σ x_i·y_i. */
export function innerProduct(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i] * y[i];
  return total;
}
