import assert from "node:assert/strict";
import { ShapeError } from "../../lib/core/checks";
import { NonFiniteError } from "../../lib/core/nonFiniteError";
import { Rng } from "../../lib/core/rng";
import { Mlp } from "../../lib/models/mlp";
import { readOracle } from "./oracles/read";

/** Central differences with step 1e-5 in double precision: their own error is about 3e-10. */
const finiteDifferenceTolerance = 1e-9;
/** Two double-precision programs that add in a different order. */
const rounding = 1e-12;

const normals = (rng: Rng, n: number): Float64Array =>
  Float64Array.from({ length: n }, () => rng.normal());

function largestGradientError(activation: "tanh" | "relu", sizes: number[], batch: number): number {
  const rng = new Rng(`gradient check ${activation}`);
  const mlp = new Mlp(sizes, rng, { activation });
  mlp.setParameters(normals(rng, mlp.parameterCount).map((x) => x / 2)); // biases too
  const inputs = normals(rng, batch * sizes[0]);
  const weights = normals(rng, batch * sizes[sizes.length - 1]);
  const loss = (): number => mlp.forward(inputs).reduce((sum, y, k) => sum + weights[k] * y, 0);
  loss();
  const gradient = mlp.backward(weights);
  const at = mlp.getParameters();
  let worst = 0;
  for (let i = 0; i < at.length; i++) {
    const shifted = (h: number): number => {
      mlp.setParameters(at.map((x, k) => (k === i ? x + h : x)));
      return loss();
    };
    worst = Math.max(worst, Math.abs((shifted(1e-5) - shifted(-1e-5)) / 2e-5 - gradient[i]));
  }
  return worst;
}

describe("Mlp", () => {
  it("gives the hand-worked outputs of a 2-2-1 net", () => {
    const mlp = new Mlp([2, 2, 1], new Rng(1), { activation: "relu" });
    // W1 = [[1, -1], [2, 1]], b1 = [0.5, 0], W2 = [[3], [-2]], b2 = [1]
    mlp.setParameters([1, -1, 2, 1, 0.5, 0, 3, -2, 1]);
    // x = (1, 1): h = ReLU(1+2+.5, -1+1) = (3.5, 0), y = 10.5 + 1; x = (-1, 2): h = (3.5, 3), y = 5.5
    assert.deepEqual([...mlp.forward([1, 1, -1, 2])], [11.5, 5.5]);
  });

  for (const activation of ["tanh", "relu"] as const) {
    it(`has the gradient of central differences with ${activation}, at sizes that fill no block`, () => {
      assert.ok(largestGradientError(activation, [3, 7, 5, 3], 6) < finiteDifferenceTolerance);
      assert.ok(largestGradientError(activation, [4, 8, 2], 8) < finiteDifferenceTolerance);
    });
  }

  it("starts with orthogonal weights of gain √2, and the output layer's own gain", () => {
    const mlp = new Mlp([4, 16, 2], new Rng(3), { outputGain: 0.01 });
    const p = mlp.getParameters();
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        const overlap = Array.from({ length: 16 }, (_, k) => p[i * 16 + k] * p[j * 16 + k]);
        assert.ok(Math.abs(overlap.reduce((a, b) => a + b) - (i === j ? 2 : 0)) < rounding);
      }
    }
    const last = p.slice(4 * 16 + 16, 4 * 16 + 16 + 32);
    assert.ok(Math.abs(last.reduce((a, b) => a + b * b, 0) - 2 * 0.01 ** 2) < rounding);
  });

  it("trains as PyTorch does: losses and parameters after ten Adam steps with clipping", () => {
    const oracle = readOracle("mlp.json") as {
      sizes: number[];
      inputs: number[];
      targets: number[];
      start: number[];
      losses: number[];
      end: number[];
    };
    const mlp = new Mlp(oracle.sizes, new Rng(1), {
      maxNorm: 0.5,
      epsilon: 1e-5,
      weightDecay: 0.01,
    });
    mlp.setParameters(oracle.start);
    for (const expected of oracle.losses) {
      const outputs = mlp.forward(oracle.inputs);
      const errors = outputs.map((y, k) => y - oracle.targets[k]);
      const loss = errors.reduce((sum, e) => sum + e * e, 0) / errors.length;
      assert.ok(Math.abs(loss - expected) < rounding, `loss ${loss}, PyTorch's ${expected}`);
      mlp.update(errors.map((e) => (2 * e) / errors.length), 3e-3); // prettier-ignore
    }
    mlp.getParameters().forEach((p, i) => assert.ok(Math.abs(p - oracle.end[i]) < 1e-10));
  });

  it("repeats itself from the same seed and differs from another", () => {
    const start = (seed: number): Float64Array => new Mlp([4, 8, 2], new Rng(seed)).getParameters();
    assert.deepEqual(start(5), start(5));
    assert.notDeepEqual(start(5), start(6));
  });

  it("goes on bit for bit from a saved state", () => {
    const rng = new Rng(9);
    const [inputs, gradient] = [normals(rng, 12), normals(rng, 6)];
    const step = (mlp: Mlp): void => {
      mlp.forward(inputs);
      mlp.update(gradient, 1e-2);
    };
    const unbroken = new Mlp([4, 5, 2], new Rng(1));
    step(unbroken);
    const resumed = new Mlp([4, 5, 2], new Rng(2));
    resumed.setState(unbroken.getState());
    for (const mlp of [unbroken, resumed]) for (let i = 0; i < 3; i++) step(mlp);
    assert.deepEqual(resumed.getParameters(), unbroken.getParameters());
  });

  it("refuses the state of a network of other sizes and keeps its own", () => {
    const mlp = new Mlp([4, 5, 2], new Rng(1));
    const before = mlp.getParameters();
    const other = new Mlp([4, 6, 2], new Rng(1)).getState();
    assert.throws(() => mlp.setState(other), /sizes \[4, 6, 2\], this one has \[4, 5, 2\]/);
    const spoiled = mlp.getState();
    spoiled.secondMoment[3] = NaN;
    assert.throws(() => mlp.setState(spoiled), /secondMoment\[3\]/);
    assert.deepEqual(mlp.getParameters(), before);
  });

  it("stops at a NaN gradient, says at which step, and keeps the last good weights", () => {
    const mlp = new Mlp([2, 3, 1], new Rng(1));
    mlp.forward([1, 2]);
    mlp.update([1], 1e-2);
    const before = mlp.getState();
    mlp.forward([1, 2]);
    assert.throws(() => mlp.update([NaN], 1e-2), (error: Error) => {
      assert.ok(error instanceof NonFiniteError);
      assert.match(error.message, /^Step 2 /);
      return true;
    }); // prettier-ignore
    assert.deepEqual(mlp.getState(), before);
  });

  it("names the shapes it wanted when the inputs or gradients have others", () => {
    const mlp = new Mlp([4, 3, 2], new Rng(1));
    assert.throws(() => mlp.forward([1, 2, 3]), ShapeError);
    assert.throws(() => mlp.forward([]), /multiple of 4/);
    mlp.forward([1, 2, 3, 4]);
    assert.throws(() => mlp.backward([1, 2, 3]), /must have 2 entries, got 3/);
    assert.throws(() => new Mlp([4], new Rng(1)), ShapeError);
  });
});
