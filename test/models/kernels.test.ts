import assert from "node:assert/strict";
import fc from "fast-check";
import { Rng } from "../../lib/core/rng";
import { PlainKernels, SimdKernels } from "../../lib/models/kernels";
import { transpose, Workspace, type Matrix } from "../../lib/models/workspace";

const [simd, plain] = [new SimdKernels(), new PlainKernels()].map(
  (kernels) => new Workspace(kernels),
);
/** Sums of up to 13 products of numbers of size 1, in another order. */
const rounding = 1e-14;

function matrix(work: Workspace, rows: number, columns: number, seed: string): Matrix {
  const rng = new Rng(seed);
  const made = work.matrix(rows, columns);
  work.write(
    made,
    Float64Array.from({ length: rows * columns }, () => rng.normal()),
  );
  return made;
}

/** What the two workspaces compute from the same numbers, and the largest difference. */
function distance(compute: (work: Workspace) => Matrix): number {
  const [one, other] = [simd, plain].map((work) => {
    work.clear();
    const result = compute(work);
    return work.read(result, new Float64Array(result.rows * result.columns));
  });
  return one.reduce((worst, x, i) => Math.max(worst, Math.abs(x - other[i])), 0);
}

const size = fc.integer({ min: 1, max: 13 });

describe("the kernels in WebAssembly", () => {
  it("multiply as the plain loops do, at every size, transposed or not", () => {
    fc.assert(
      fc.property(size, size, size, (m, k, n) => {
        const product = distance((work) => {
          const out = matrix(work, m, n, "out");
          work.multiplyAdd(matrix(work, m, k, "a"), matrix(work, k, n, "b"), out);
          return out;
        });
        const transposed = distance((work) => {
          const out = matrix(work, m, n, "out");
          work.multiplyAdd(transpose(matrix(work, k, m, "a")), matrix(work, k, n, "b"), out);
          return out;
        });
        assert.ok(product < rounding && transposed < rounding, `${product}, ${transposed}`);
      }),
    );
  });

  it("apply tanh, ReLU and their slopes as the plain loops do", () => {
    for (const activation of ["tanh", "relu"] as const) {
      const error = distance((work) => {
        const [delta, h] = ["delta", "h"].map((seed) => matrix(work, 7, 5, seed));
        work.activate(h, activation);
        work.timesSlope(delta, h, activation);
        return delta;
      });
      assert.ok(error < rounding, `${activation}: ${error}`);
    }
  });

  it("have tanh exact to 5e-16, and to 3e-12 of itself however small x is", () => {
    const tanh = (x: number): number => {
      simd.clear();
      const one = simd.matrix(1, 1);
      simd.write(one, [x]);
      simd.activate(one, "tanh");
      return simd.read(one, new Float64Array(1))[0];
    };
    const check = (x: number): void => {
      const error = Math.abs(tanh(x) - Math.tanh(x));
      assert.ok(error <= 5e-16 && error <= 3e-12 * Math.abs(Math.tanh(x)), `x = ${x}: ${error}`);
    };
    for (const x of [0, -0, 20, -20, 19.99999999, 20.00000001, 1 / 128, 3 / 128]) check(x);
    const [any, near] = [fc.double({ noNaN: true }), fc.double({ min: -21, max: 21, noNaN: true })];
    fc.assert(fc.property(any, near, (x, y) => [x, y, y / 1e3, y / 1e9].forEach(check)));
    assert.deepEqual([Infinity, -Infinity, NaN].map(tanh), [1, -1, NaN]);
  });
});

describe("Workspace", () => {
  it("multiplies by hand: (1 2; 3 4)·(5; 6) added to (100; 200)", () => {
    for (const work of [simd, plain]) {
      work.clear();
      const [a, b, out] = [work.matrix(2, 2), work.matrix(2, 1), work.matrix(2, 1)];
      work.write(a, [1, 2, 3, 4]);
      work.write(b, [5, 6]);
      work.write(out, [100, 200]);
      work.multiplyAdd(a, b, out); // 5 + 12 and 15 + 24
      assert.deepEqual([...work.read(out, new Float64Array(2))], [117, 239]);
    }
  });

  it("reads what was written, transposed when asked, and repeats a row", () => {
    simd.clear();
    const made = simd.matrix(3, 2);
    simd.write(transpose(made), [1, 2, 3, 4, 5, 6]);
    assert.deepEqual([...simd.read(made, new Float64Array(6))], [1, 4, 2, 5, 3, 6]);
    simd.repeat(made, Float64Array.of(7, 8));
    assert.deepEqual([...simd.read(made, new Float64Array(6))], [7, 8, 7, 8, 7, 8]);
  });

  it("keeps what it holds when it grows over a page", () => {
    for (const work of [new Workspace(new SimdKernels()), new Workspace(new PlainKernels())]) {
      const small = matrix(work, 3, 3, "small");
      const before = work.read(small, new Float64Array(9));
      const ones = work.ones(200);
      const large = work.matrix(200, 100);
      work.multiplyAdd(ones, large, work.matrix(1, 100));
      assert.deepEqual(work.read(small, new Float64Array(9)), before);
    }
  });

  it("says what to do when a batch is too large for it, and stays as it was", () => {
    const work = new Workspace(new SimdKernels());
    const small = matrix(work, 2, 2, "small");
    const before = work.read(small, new Float64Array(4));
    assert.throws(() => work.matrix(1e9, 4), /at most 536870912 numbers .* fewer rows at a time/);
    assert.deepEqual(work.read(small, new Float64Array(4)), before);
    assert.ok(work.matrix(1, 1).at < 10_000);
  });

  it("starts from zeros after it was cleared", () => {
    simd.clear();
    matrix(simd, 9, 9, "before");
    simd.clear();
    assert.ok(simd.read(simd.matrix(9, 9), new Float64Array(81)).every((x) => x === 0));
  });
});
