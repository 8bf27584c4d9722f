import assert from "node:assert/strict";
import { Rng } from "../../lib/core/rng";
import { compile, ready, resizeAxis, tf, type Tensor, updateSlice } from "../../lib/tensor";
import * as ops from "../../lib/tensor/ops";

/**
 * Central differences in single precision: with step 1e-2 on losses of order 1, rounding leaves
 * about 1e-5 and the third derivative 1e-4.
 */
const finiteDifferenceTolerance = 2e-3;
/** Two ways to the same number in single precision. */
const singlePrecision = 1e-5;

const rng = new Rng("ops");
const normal = (shape: number[]): Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
    shape,
  );

/** Largest error of the gradient of Σ c∘f(x) against central differences, over every entry of every input. */
async function gradientError(
  f: (...inputs: Tensor[]) => Tensor,
  shapes: number[][],
): Promise<number> {
  const inputs = shapes.map(normal);
  const probe = tf.tidy(() => f(...inputs));
  const weights = normal(probe.shape);
  const loss = (...xs: Tensor[]): Tensor => tf.sum(tf.mul(f(...xs), weights));
  const gradients = tf.grads(loss)(inputs);
  let worst = 0;
  for (const [k, input] of inputs.entries()) {
    const [values, exact] = await Promise.all([input.data(), gradients[k].data()]);
    for (let i = 0; i < values.length; i++) {
      const at = async (h: number): Promise<number> => {
        const moved = tf.tensor(
          values.map((x, j) => (j === i ? x + h : x)),
          input.shape,
        );
        const value = tf.tidy(() => loss(...inputs.map((x, j) => (j === k ? moved : x))));
        const [number] = await value.data();
        tf.dispose([moved, value]);
        return number;
      };
      worst = Math.max(worst, Math.abs(((await at(1e-2)) - (await at(-1e-2))) / 2e-2 - exact[i]));
    }
  }
  tf.dispose([...inputs, ...gradients, probe, weights]);
  return worst;
}

async function assertClose(actual: Tensor, expected: Tensor): Promise<void> {
  assert.deepEqual(actual.shape, expected.shape);
  const [a, b] = await Promise.all([actual.data(), expected.data()]);
  a.forEach((x, i) => assert.ok(Math.abs(x - b[i]) < singlePrecision, `${x} for ${b[i]} at ${i}`));
  tf.dispose([actual, expected]);
}

describe("ops with gradients by hand", () => {
  let tensorsBefore: number;
  before(async () => {
    await ready();
    tensorsBefore = tf.memory().numTensors;
  });

  const ids = (): Tensor => tf.tensor2d([[1, 0, 3], [1, 1, 2]], [2, 3], "int32"); // prettier-ignore
  const causal = (T: number): Tensor =>
    tf.tensor(
      Array.from({ length: T * T }, (_, i) => (i % T > Math.floor(i / T) ? -1e9 : 0)),
      [1, 1, T, T],
    );

  const cases: [string, (...xs: Tensor[]) => Tensor, number[][]][] = [
    ["linear with bias", (x, w, b) => ops.linear(x, w, b), [[2, 3, 4], [4, 5], [5]]],
    ["linear without bias", (x, w) => ops.linear(x, w), [[3, 4], [4, 2]]],
    ["linearTransposed", (x, e) => ops.linearTransposed(x, e), [[2, 3, 4], [5, 4]]],
    ["embedding", (e) => tf.tidy(() => ops.embedding(e, ids())), [[4, 3]]],
    ["layerNorm", (x, g, b) => ops.layerNorm(x, g, b), [[2, 3, 8], [8], [8]]],
    ["geluTanh", (x) => ops.geluTanh(x), [[3, 5]]],
    ["logSigmoid of a computed tensor", (x) => ops.logSigmoid(tf.mul(x, 2)), [[7]]],
    ["selfAttention", (x) => tf.tidy(() => ops.selfAttention(x, 2, causal(3))), [[2, 3, 12]]],
    ["attentionOfOne", (q, k, v) => tf.tidy(() => ops.attentionOfOne(q, k, v, 2, tf.tensor2d([[0, 0, -1e9]]))), [[2, 4], [2, 3, 4], [2, 3, 4]]],
    ["sparseSoftmaxCrossEntropy", (x) => tf.tidy(() => ops.sparseSoftmaxCrossEntropy(x, ids())), [[2, 3, 4]]],
  ]; // prettier-ignore
  for (const [name, f, shapes] of cases) {
    it(`${name}: the gradient is that of central differences`, async () => {
      const error = await gradientError((...xs) => tf.tidy(() => f(...xs)), shapes);
      assert.ok(error < finiteDifferenceTolerance, `error ${error}`);
    });
  }

  it("layerNorm gives mean 0 and variance 1, then gain and bias", async () => {
    const x = tf.tensor2d([[1, 2, 3, 6]]); // mean 3, variance (4+1+0+9)/4 = 3.5
    const [gain, bias] = [tf.tensor1d([1, 1, 1, 2]), tf.tensor1d([0, 0, 5, 0])];
    const s = Math.sqrt(3.5 + 1e-5);
    await assertClose(ops.layerNorm(x, gain, bias), tf.tensor2d([[-2 / s, -1 / s, 5, 6 / s]]));
    tf.dispose([x, gain, bias]);
  });

  it("geluTanh has PyTorch's values", async () => {
    // torch.nn.functional.gelu(torch.tensor([-3., -1, 0, .5, 2]), approximate="tanh")
    const expected = [-0.00363752, -0.15880796, 0, 0.345714, 1.95459771];
    const x = tf.tensor1d([-3, -1, 0, 0.5, 2]);
    await assertClose(ops.geluTanh(x), tf.tensor1d(expected));
    x.dispose();
  });

  it("logSigmoid neither overflows nor rounds to 0", async () => {
    const x = tf.tensor1d([-100, -1, 0, 10]);
    const expected = [-100, -Math.log1p(Math.E), -Math.LN2, -Math.log1p(Math.exp(-10))];
    await assertClose(ops.logSigmoid(x), tf.tensor1d(expected));
    x.dispose();
  });

  it("sparseSoftmaxCrossEntropy is exact where the probability itself would be 0", async () => {
    const logits = tf.tensor2d([[0, 200], [0, 0]]); // prettier-ignore
    const targets = tf.tensor1d([0, 1], "int32");
    await assertClose(ops.sparseSoftmaxCrossEntropy(logits, targets), tf.tensor1d([200, Math.LN2]));
    tf.dispose([logits, targets]);
  });

  it("attentionOfOne is a row of selfAttention", async () => {
    const [one, row] = tf.tidy(() => {
      const qkv = tf.sin(tf.reshape(tf.range(0, 72), [2, 3, 12]));
      const [q, k, v] = tf.split(qkv, 3, -1);
      const middle = (x: Tensor): Tensor => tf.reshape(tf.slice(x, [0, 1, 0], [2, 1, 4]), [2, 4]);
      const bias = tf.tensor2d([[0, 0, -1e9]]);
      return [
        ops.attentionOfOne(middle(q), k, v, 2, bias),
        middle(ops.selfAttention(qkv, 2, causal(3))),
      ];
    });
    await assertClose(one, row);
  });

  it("says which shapes it wanted", () => {
    tf.tidy(() => {
      const x = tf.zeros([2, 3]);
      assert.throws(
        () => ops.linear(x, tf.zeros([4, 2])),
        /x \[2, 3\] does not fit weight \[4, 2\]/,
      );
      assert.throws(
        () => ops.linear(x, tf.zeros([3, 2]), tf.zeros([3])),
        /bias must be \[2\], got \[3\]/,
      );
      assert.throws(() => ops.selfAttention(tf.zeros([1, 2, 9]), 2, x), /multiple of the 2 heads/);
      const rows = tf.zeros([2, 5, 3]);
      assert.throws(
        () => ops.attentionOfOne(x, rows, rows, 2, x),
        /2 heads, got \[2, 3\], \[2, 5, 3\]/,
      );
      assert.throws(
        () => ops.sparseSoftmaxCrossEntropy(x, tf.zeros([3], "int32")),
        /want targets \[2\]/,
      );
      assert.throws(
        () => ops.layerNorm(x, tf.zeros([3]), tf.zeros([2])),
        /bias must be \[3\], got \[2\]/,
      );
      assert.throws(
        () => updateSlice(x, tf.zeros([2, 1]), 3, 1),
        /index must be .* in \[0, 2\], got 3/,
      );
      assert.throws(() => resizeAxis(x, 2, 5), /axis must be .* in \[0, 1\], got 2/);
    });
  });

  it("refuses a target that is no entry of the logits, eagerly and compiled", () => {
    const [logits, targets] = [tf.zeros([2, 3]), tf.tensor1d([0, 3], "int32")];
    const loss = compile((x: Tensor, y: Tensor) => ops.sparseSoftmaxCrossEntropy(x, y));
    assert.throws(
      () => ops.sparseSoftmaxCrossEntropy(logits, targets),
      /in \[0, 2\], entry 1 is 3/,
    );
    assert.throws(() => loss(logits, targets), /argument 1 .* \[0, 2\]; entry 1 is 3/);
    tf.dispose([logits, targets]);
    loss.dispose();
  });

  it("leaves no tensor behind", () => assert.equal(tf.memory().numTensors, tensorsBefore));
});
