import { checkInteger, checkPositive } from "../core/checks";
import type { Rng } from "../core/rng";

/**
 * A random matrix with orthonormal rows or columns (whichever are fewer), times a gain: neither
 * the activations nor the gradients grow or shrink on their way through it.
 *
 * Saxe, McClelland & Ganguli 2014, arXiv:1312.6120; by modified Gram–Schmidt on normal draws.
 *
 * @returns [rows, columns] row by row
 */
export function orthogonal(rows: number, columns: number, gain: number, rng: Rng): Float64Array {
  checkInteger("orthogonal: rows", rows, 1);
  checkInteger("orthogonal: columns", columns, 1);
  checkPositive("orthogonal: gain", gain);
  const length = Math.max(rows, columns);
  const vectors: Float64Array[] = [];
  while (vectors.length < Math.min(rows, columns)) {
    const vector = Float64Array.from({ length }, () => rng.normal());
    for (const earlier of vectors) {
      const overlap = dot(vector, earlier);
      for (let i = 0; i < length; i++) vector[i] -= overlap * earlier[i];
    }
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((x) => x / norm));
  }
  const at = (r: number, c: number): number => (rows <= columns ? vectors[r][c] : vectors[c][r]);
  return Float64Array.from(
    { length: rows * columns },
    (_, k) => gain * at(Math.floor(k / columns), k % columns),
  );
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
