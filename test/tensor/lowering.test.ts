import assert from "node:assert/strict";

import { compile, ready, type Tensor, tf } from "../../lib/tensor";

/** One unit in the last place of single precision, relative. */
const lastPlace = 2 ** -23;

describe("what is recorded for XLA in another form", () => {
  let tensorsBefore = 0;
  before(async () => {
    await ready();
    tensorsBefore = tf.memory().numTensors;
  });

  const cases: [string, (x: Tensor) => Tensor, number][] = [
    ["a square root", (x) => tf.sqrt(x), 0],
    ["an inverse square root", (x) => tf.rsqrt(x), 2 * lastPlace],
  ];
  for (const [name, operation, tolerance] of cases) {
    it(`${name} is the eager one, from the smallest to the largest numbers`, () => {
      const values = [1.2e-38, 1e-30, 1e-8, 0.25, 2, 3, 1e8, 3e38, 0, -1, NaN, Infinity];
      const x = tf.tensor1d([...values, ...values.map((value) => value * 0.7)]);
      const step = compile(operation);
      const [eager, compiled] = [operation(x), step(x)];
      const [expected, got] = [eager.dataSync(), compiled.dataSync()];
      expected.forEach((value, i) => {
        const near = Math.abs(got[i] - value) <= tolerance * value;
        assert.ok(Object.is(got[i], value) || near, `${got[i]} for ${value}`);
      });
      [x, step, eager, compiled].forEach((thing) => thing.dispose());
    });
  }

  after(() => assert.equal(tf.memory().numTensors, tensorsBefore, "tensors leaked"));
});
