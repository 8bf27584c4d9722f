import assert from "node:assert/strict";

import {
  choleskyInPlace,
  choleskyInverse,
  choleskySolve,
  conjugateGradient,
  innerProduct,
} from "../../lib/core/linearAlgebra";
import { Rng } from "../../lib/core/rng";

/** A random symmetric positive definite matrix B·Bᵀ + 1. */
function randomPositive(n: number, rng: Rng): Float64Array {
  const b = Float64Array.from({ length: n * n }, () => rng.normal());
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) a[i * n + j] += b[i * n + k] * b[j * n + k];
      if (i === j) a[i * n + j] += 1;
    }
  }
  return a;
}

const multiply = (a: Float64Array, x: ArrayLike<number>) =>
  Float64Array.from(x, (_, i) => innerProduct(a.subarray(i * x.length, (i + 1) * x.length), x));

describe("choleskyInPlace", () => {
  it("factors [4 2; 2 5] into [2 0; 1 2]", () => {
    const a = Float64Array.from([4, 2, 2, 5]);
    assert.equal(choleskyInPlace(a, 2), true);
    assert.deepEqual([a[0], a[2], a[3]], [2, 1, 2]);
  });
  it("says when a matrix is not positive definite", () => {
    assert.equal(choleskyInPlace(Float64Array.from([1, 2, 2, 1]), 2), false);
    assert.equal(choleskyInPlace(Float64Array.from([1, 1, 1, 1]), 2), false);
  });
});

describe("choleskySolve, choleskyInverse, conjugateGradient", () => {
  for (const n of [1, 2, 7, 30]) {
    it(`solve A·x = b for ${n} unknowns`, () => {
      const rng = new Rng(n);
      const a = randomPositive(n, rng);
      const b = Float64Array.from({ length: n }, () => rng.normal());
      const factor = Float64Array.from(a);
      assert.ok(choleskyInPlace(factor, n));
      const x = choleskySolve(factor, b);
      const inverse = choleskyInverse(factor, n);
      const diagonal = b.map((_, i) => a[i * n + i]);
      const y = conjugateGradient((v, into) => into.set(multiply(a, v)), b, diagonal, {
        tolerance: 1e-12,
      });
      multiply(a, x).forEach((value, i) => assert.ok(Math.abs(value - b[i]) < 1e-10));
      multiply(inverse, b).forEach((value, i) => assert.ok(Math.abs(value - x[i]) < 1e-10));
      y.forEach((value, i) => assert.ok(Math.abs(value - x[i]) < 1e-8));
    });
  }
});
