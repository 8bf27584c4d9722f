import assert from "node:assert/strict";
import fc from "fast-check";
import { tanhInPlace } from "../../lib/models/tanh";

const tanh = (x: number): number => {
  const values = Float64Array.of(x);
  tanhInPlace(values);
  return values[0];
};

describe("tanhInPlace", () => {
  it("agrees with Math.tanh to 5e-15 everywhere, in relative terms to 3e-12 however small x is", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ min: -21, max: 21 }), (any, near) => {
        for (const x of [any, near, near / 1e3, near / 1e9]) {
          const error = Math.abs(tanh(x) - Math.tanh(x));
          assert.ok(
            error <= 5e-15 && error <= 3e-12 * Math.abs(Math.tanh(x)),
            `x = ${x}: ${error}`,
          );
        }
      }),
    );
  });

  it("has no seam where the table ends, nor halfway between its points", () => {
    for (const at of [-20, 20, 1 / 512, 3 / 512, 5 - 1 / 512]) {
      for (const x of [at, at * (1 - 1e-15), at * (1 + 1e-15)]) {
        assert.ok(Math.abs(tanh(x) - Math.tanh(x)) < 5e-15, `x = ${x}`);
      }
    }
  });

  it("is 0 at 0, ±1 at ±∞, and NaN at NaN", () => {
    assert.deepEqual([0, Infinity, -Infinity, NaN].map(tanh), [0, 1, -1, NaN]);
  });
});
