import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { compile, ready, type Tensor, tf } from "../../lib/tensor";

/** Megabytes by which the allocator's own housekeeping moves; one lost [4, 12, 17] a step is 3.3. */
const housekeeping = 2;

describe("memory", () => {
  let tensorsBefore = 0;
  before(async () => {
    await ready();
    tensorsBefore = tf.memory().numTensors;
  });

  it("does not grow in 1,000 compiled steps: no tensor, and no memory of the process", () => {
    const args = ["--expose-gc", "--import", "tsx", join(__dirname, "child.ts"), "memory"];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.equal(stderr, "");
    const { before, after } = JSON.parse(stdout) as Record<string, Record<string, number>>;
    assert.equal(after.tensors, before.tensors);
    const grown = after.megabytes - before.megabytes;
    assert.ok(grown < housekeeping, `grew by ${grown} MB`);
  }).timeout(120_000);

  it("says so when a step wants more than there is, keeps its weights and goes on", () => {
    const weight = tf.tidy(() => tf.variable(tf.ones([1 << 16, 1])));
    const step = compile((row: Tensor) => {
      const product = tf.mul(weight, row);
      weight.assign(tf.mul(weight, 2));
      return product;
    });
    const [tooLong, short] = [tf.ones([1, 1 << 24]), tf.ones([1, 2])]; // 4 TiB, 512 KiB
    assert.throws(
      () => step(tooLong), // TensorFlow waits ten seconds for memory to come free
      /out of memory in a compiled step\. Use a smaller batch, .* smaller model/,
    );
    assert.equal(weight.dataSync()[0], 1);
    const product = step(short);
    assert.equal(product.dataSync()[0], 1);
    assert.equal(weight.dataSync()[0], 2);
    [weight, step, tooLong, short, product].forEach((thing) => thing.dispose());
  }).timeout(120_000);

  after(() => assert.equal(tf.memory().numTensors, tensorsBefore, "tensors leaked"));
});
