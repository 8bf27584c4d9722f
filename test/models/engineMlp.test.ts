import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Rng } from "../../lib/core/rng";
import { NonFiniteError } from "../../lib/core/nonFiniteError";
import { EngineMlp } from "../../lib/models/engineMlp";
import { Mlp } from "../../lib/models/mlp";
import type { MlpOptions, Network } from "../../lib/models/network";
import { loadNetwork, saveNetwork } from "../../lib/models/networkCheckpoint";
import { encodeSafetensors } from "../../lib/models/safetensors";
import { ready, tf } from "../../lib/tensor";

/** The same arithmetic in single and in double precision. */
const singlePrecision = 1e-5;

const rng = new Rng("engine mlp");
const inputs = Float64Array.from({ length: 6 * 3 }, () => rng.normal());
const targets = Float64Array.from({ length: 6 * 2 }, () => rng.normal());

/** One step on a squared error; the loss before it. */
function step(network: Network): number {
  const errors = network.forward(inputs).map((y, k) => y - targets[k]);
  network.update(errors.map((e) => (2 * e) / errors.length), 1e-2); // prettier-ignore
  return errors.reduce((sum, e) => sum + e * e, 0) / errors.length;
}

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    assert.ok(
      Math.abs(actual[i] - expected[i]) < singlePrecision,
      `[${i}]: ${actual[i]} for ${expected[i]}`,
    );
  }
}

describe("EngineMlp", () => {
  let tensorsBefore: number;
  let folder: string;
  before(async function () {
    await ready();
    if (tf.getBackend() === "webgpu") this.skip(); // it cannot read at once; the constructor says so
    folder = mkdtempSync(join(tmpdir(), "network-"));
    tensorsBefore = tf.memory().numTensors;
  });
  after(() => folder && rmSync(folder, { recursive: true }));

  const settings: MlpOptions[] = [
    { activation: "tanh" },
    { activation: "relu", maxNorm: 0.1, weightDecay: 0.1, betas: [0.8, 0.95], epsilon: 1e-5 },
  ];
  for (const options of settings) {
    it(`starts, answers, differentiates and trains as the Mlp by hand: ${JSON.stringify(options)}`, () => {
      const byHand = new Mlp([3, 8, 2], new Rng(4), options);
      const engine = new EngineMlp([3, 8, 2], new Rng(4), options);
      assert.equal(engine.parameterCount, byHand.parameterCount);
      assertClose(engine.getParameters(), byHand.getParameters());
      assertClose(engine.forward(inputs), byHand.forward(inputs));
      assertClose(engine.backward(targets), byHand.backward(targets));
      for (let t = 0; t < 5; t++) assertClose([step(engine)], [step(byHand)]);
      assertClose(engine.getParameters(), byHand.getParameters());
      engine.dispose();
    });
  }

  it("goes on bit for bit from a file, which an Mlp reads too", () => {
    const path = join(folder, "network.safetensors");
    const [unbroken, resumed] = [1, 2].map((seed) => new EngineMlp([3, 4, 2], new Rng(seed)));
    for (let t = 0; t < 3; t++) step(unbroken);
    saveNetwork(path, unbroken);
    loadNetwork(path, resumed);
    const byHand = new Mlp([3, 4, 2], new Rng(3));
    loadNetwork(path, byHand);
    for (let t = 0; t < 2; t++) {
      step(unbroken);
      step(resumed);
      step(byHand);
    }
    assert.deepEqual(resumed.getState(), unbroken.getState());
    assertClose(byHand.getParameters(), unbroken.getParameters());
    unbroken.dispose();
    resumed.dispose();
  });

  it("stops at a NaN gradient, says at which step, and keeps the last good weights", () => {
    const engine = new EngineMlp([3, 4, 2], new Rng(1));
    step(engine);
    const before = engine.getState();
    engine.forward(inputs);
    const bad = targets.map((x, k) => (k === 3 ? NaN : x));
    assert.throws(() => engine.update(bad, 1e-2), (error: Error) => {
      assert.ok(error instanceof NonFiniteError);
      assert.equal(error.step, 2);
      return true;
    }); // prettier-ignore
    assert.deepEqual(engine.getState(), before);
    engine.dispose();
  });

  it("refuses inputs, gradients, states and files that are not its own", () => {
    const engine = new EngineMlp([3, 4, 2], new Rng(1));
    const before = engine.getParameters();
    assert.throws(() => engine.forward([1, 2]), /multiple of 3 entries, got 2/);
    engine.forward(inputs);
    assert.throws(() => engine.backward([1]), /must have 12 entries, got 1/);
    const path = join(folder, "other.safetensors");
    saveNetwork(path, new Mlp([3, 5, 2], new Rng(1)));
    assert.throws(() => loadNetwork(path, engine), /sizes \[3, 5, 2\], this one has \[3, 4, 2\]/);
    writeFileSync(path, encodeSafetensors({ tensors: {}, metadata: { kind: "gpt2" } }));
    assert.throws(() => loadNetwork(path, engine), /its kind is gpt2/);
    for (const sizes of [{}, { sizes: "3,4,x", steps: "1" }, { sizes: "3,4,2", steps: "-" }]) {
      writeFileSync(path, encodeSafetensors({ tensors: {}, metadata: { kind: "mlp", ...sizes } }));
      const said = { name: "FileFormatError", message: /other.* has no sizes or steps.* Save it/ };
      assert.throws(() => loadNetwork(path, engine), said);
    }
    assert.deepEqual(engine.getParameters(), before);
    engine.dispose();
  });

  it("leaves no tensor behind", () => assert.equal(tf.memory().numTensors, tensorsBefore));
});
