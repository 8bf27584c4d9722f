import assert from "node:assert/strict";
import { Rng } from "../../lib/core/rng";
import {
  adaGrad,
  adam,
  adamW,
  clipByGlobalNorm,
  compile,
  cosineSchedule,
  linearSchedule,
  MovingAverage,
  type Optimizer,
  type Parameters,
  ready,
  rmsProp,
  sgd,
  tf,
  type Tensor,
} from "../../lib/tensor";
import { readOracle } from "../models/oracles/read";

/** PyTorch's numbers are in double precision, ours in single: relative to the size of a weight. */
const singlePrecision = 2e-6;

interface Oracle {
  shapes: number[][];
  start: number[][];
  gradients: number[][][];
  runs: Record<string, number[][][]>;
  clipped: { bound: number; norm: number; gradients: number[][] }[];
  ema: { decay: number; weights: number[]; averages: number[] };
}

const oracle = readOracle("optimizers.json") as Oracle;

const constructors: Record<string, [(p: Parameters) => Optimizer, number]> = {
  sgd: [(p) => sgd(p), 0.01],
  sgdDecay: [(p) => sgd(p, { weightDecay: 0.1 }), 0.01],
  momentum: [(p) => sgd(p, { momentum: 0.9 }), 0.01],
  nesterov: [(p) => sgd(p, { momentum: 0.9, nesterov: true }), 0.01],
  adam: [(p) => adam(p, { epsilon: 1e-3 }), 0.01],
  adamBetas: [(p) => adam(p, { betas: [0.5, 0.95] }), 0.01],
  adamW: [(p) => adamW(p, { weightDecay: 0.1 }), 0.01],
  rmsProp: [(p) => rmsProp(p, { decay: 0.9, epsilon: 1e-3 }), 0.01],
  rmsPropMomentum: [(p) => rmsProp(p, { momentum: 0.5, centred: true }), 0.01],
  adaGrad: [(p) => adaGrad(p, { initialSum: 0.1 }), 0.1],
};

const startParameters = (): Parameters => ({
  matrix: tf.variable(tf.tensor(oracle.start[0], oracle.shapes[0])),
  vector: tf.variable(tf.tensor(oracle.start[1], oracle.shapes[1])),
});

const gradientsAt = (step: number): Tensor[] =>
  oracle.gradients[step].map((values, i) => tf.tensor(values, oracle.shapes[i]));

function assertClose(actual: ArrayLike<number>, expected: number[], where = ""): void {
  expected.forEach((x, i) => {
    const error = Math.abs(actual[i] - x) / Math.max(1, Math.abs(x));
    assert.ok(error < singlePrecision, `${where}[${i}]: ${actual[i]} for ${x}`);
  });
}

/** Twelve steps, in a compiled step or eagerly, compared with PyTorch's after each. */
async function follow(name: string, compiled: boolean): Promise<void> {
  const [make, learningRate] = constructors[name];
  const parameters = tf.tidy(startParameters);
  const optimizer = make(parameters);
  const { matrix, vector } = parameters;
  const eager = (g: Tensor, h: Tensor, rate: Tensor): void =>
    optimizer.step({ [matrix.name]: g, [vector.name]: h }, rate);
  const step = compiled ? compile(eager) : eager;
  for (let t = 0; t < oracle.gradients.length; t++) {
    const inputs = [...gradientsAt(t), tf.scalar(learningRate)] as [Tensor, Tensor, Tensor];
    step(...inputs);
    tf.dispose(inputs);
    assertClose(await matrix.data(), oracle.runs[name][t][0], `${name}, step ${t + 1}, matrix`);
    assertClose(await vector.data(), oracle.runs[name][t][1], `${name}, step ${t + 1}, vector`);
  }
  if (compiled) (step as ReturnType<typeof compile>).dispose();
  optimizer.dispose();
  tf.dispose([matrix, vector]);
}

describe("Optimizer", () => {
  let tensorsBefore: number;
  before(async () => {
    await ready();
    tensorsBefore = tf.memory().numTensors;
  });

  for (const name of Object.keys(constructors)) {
    it(`${name} takes PyTorch's steps`, () => follow(name, false));
  }

  for (const name of ["nesterov", "adamW", "rmsPropMomentum"]) {
    it(`${name} takes the same steps inside compile, where nothing of a step may be baked in`, () =>
      follow(name, true));
  }

  it("minimises a loss: least squares reaches its solution", async () => {
    const weight = tf.tidy(() => tf.variable(tf.zeros([2, 1])));
    const [x, y] = [tf.tensor2d([[1, 0], [0, 1], [1, 1]]), tf.tensor2d([[2], [-1], [1]])]; // prettier-ignore
    const optimizer = adam({ weight });
    for (let t = 0; t < 300; t++) {
      optimizer.minimize(() => tf.mean(tf.square(tf.sub(tf.matMul(x, weight), y))), 0.05).dispose();
    }
    const [a, b] = await weight.data();
    assert.ok(Math.abs(a - 2) < 1e-3 && Math.abs(b + 1) < 1e-3, `${a}, ${b}`);
    optimizer.dispose();
    tf.dispose([weight, x, y]);
  });

  it("goes on from a saved state bit for bit, and refuses another optimiser's", async () => {
    const [a, b] = [tf.tidy(startParameters), tf.tidy(startParameters)];
    const [unbroken, resumed, other] = [adamW(a), adamW(b), sgd(a, { momentum: 0.9 })];
    const step = (optimizer: Optimizer, p: Parameters, t: number): void =>
      tf.tidy(() => {
        const [g, h] = gradientsAt(t);
        optimizer.step({ [p.matrix.name]: g, [p.vector.name]: h }, 0.01);
      });
    step(unbroken, a, 0);
    tf.tidy(() => {
      b.matrix.assign(a.matrix.clone());
      b.vector.assign(a.vector.clone());
    });
    resumed.setState(await unbroken.getState());
    for (const t of [1, 2]) {
      step(unbroken, a, t);
      step(resumed, b, t);
    }
    assert.deepEqual(await b.matrix.data(), await a.matrix.data());
    const before = await resumed.getState();
    assert.throws(
      () => resumed.setState({}),
      /"correction1", "correction2", "firstMoment\/matrix" and 3 more are missing/,
    );
    const foreign = await other.getState();
    assert.throws(
      () => resumed.setState(foreign),
      /"velocity\/matrix", "velocity\/vector" belong to no variable here/,
    );
    const reshaped = {
      ...before,
      "firstMoment/vector": { shape: [2], data: Float32Array.of(1, 2) },
    };
    assert.throws(
      () => resumed.setState(reshaped),
      /"firstMoment\/vector" is saved with shape \[2\], here it has \[4\]/,
    );
    assert.deepEqual(await resumed.getState(), before);
    for (const optimizer of [unbroken, resumed, other]) optimizer.dispose();
    tf.dispose([a, b]);
  });

  it("leaves a parameter without a gradient as it is", async () => {
    const parameters = tf.tidy(startParameters);
    const optimizer = adamW(parameters);
    tf.tidy(() => optimizer.step({ [parameters.matrix.name]: gradientsAt(0)[0] }, 0.1));
    assert.deepEqual([...(await parameters.vector.data())], oracle.start[1].map(Math.fround));
    optimizer.dispose();
    tf.dispose(parameters);
  });

  it("refuses rates and settings that make no sense", () => {
    const parameters = tf.tidy(startParameters);
    assert.throws(() => sgd(parameters, { momentum: 1 }), /momentum must be in/);
    assert.throws(() => sgd(parameters, { nesterov: true }), /Set momentum/);
    assert.throws(
      () => adamW(parameters, { epsilon: 0 }),
      /epsilon must be a finite number above 0/,
    );
    const optimizer = sgd(parameters);
    assert.throws(
      () => optimizer.step({}, NaN),
      /learningRate must be a finite number of at least 0/,
    );
    assert.throws(() => sgd({}), /no parameters/);
    tf.dispose(parameters);
  });

  it("clips by PyTorch's global norm", async () => {
    for (const { bound, norm, gradients } of oracle.clipped) {
      const [matrix, vector] = gradientsAt(0);
      const clipped = clipByGlobalNorm({ matrix, vector }, bound);
      assertClose(await clipped.norm.data(), [norm]);
      assertClose(await clipped.gradients.matrix.data(), gradients[0]);
      assertClose(await clipped.gradients.vector.data(), gradients[1]);
      tf.dispose([matrix, vector, clipped.norm, clipped.gradients]);
    }
  });

  it("takes the norm of many gradients together, more than WebGPU binds to one kernel", async () => {
    const gradients = Object.fromEntries(
      Array.from({ length: 25 }, (_, i) => [`g${i}`, tf.scalar(2)]),
    );
    const clipped = clipByGlobalNorm(gradients, 1); // √(25·4) = 10
    assertClose(await clipped.norm.data(), [10]);
    assertClose(await clipped.gradients.g24.data(), [0.2]);
    tf.dispose([gradients, clipped.norm, clipped.gradients]);
  });

  it("averages as PyTorch's exponential moving average", async () => {
    const { decay, weights, averages } = oracle.ema;
    const weight = tf.tidy(() => tf.variable(tf.scalar(weights[0])));
    const average = new MovingAverage({ weight }, decay);
    for (const [t, w] of weights.entries()) {
      tf.tidy(() => weight.assign(tf.scalar(w)));
      if (t > 0) average.update();
      assertClose(await average.averages.weight.data(), [averages[t]]);
    }
    average.copyTo({ weight });
    average.update(); // must not change the copy
    assertClose(await weight.data(), [averages[averages.length - 1]]);
    average.dispose();
    weight.dispose();
  });

  it("leaves no tensor behind", () => assert.equal(tf.memory().numTensors, tensorsBefore));
});

describe("learning-rate schedules", () => {
  const { peak, warmUp, steps, linear, cosine } = readOracle("schedules.json") as {
    peak: number;
    warmUp: number;
    steps: number;
    linear: number[];
    cosine: number[];
  };

  it("are those of transformers, beyond the end too", () => {
    for (let t = 0; t < linear.length; t++) {
      assert.ok(Math.abs(linearSchedule(t, peak, steps, { warmUp }) - linear[t]) < 1e-12);
      if (t > steps) continue; // transformers lets the cosine rise again after its end
      assert.ok(
        Math.abs(cosineSchedule(t, peak, steps, { warmUp, final: peak / 10 }) - cosine[t]) < 1e-12,
      );
    }
    assert.equal(cosineSchedule(steps + 20, peak, steps, { final: 0.1 }), 0.1);
  });

  it("start at the peak without warm-up and end at the final rate", () => {
    assert.equal(linearSchedule(0, 3, 10), 3);
    assert.equal(linearSchedule(10, 3, 10, { final: 1 }), 1);
    assert.equal(cosineSchedule(5, 3, 10, { final: 1 }), 2);
  });

  it("refuse a warm-up longer than the run", () => {
    assert.throws(
      () => cosineSchedule(0, 1, 10, { warmUp: 11 }),
      /warmUp must be an integer in \[0, 10\], got 11/,
    );
    assert.throws(() => linearSchedule(-1, 1, 10), /step/);
    assert.throws(() => linearSchedule(0, 1, 10, { final: 2 }), /final/);
  });

  it("never go above the peak", () => {
    const rng = new Rng(1);
    for (let i = 0; i < 200; i++) {
      const [length, start] = [1 + rng.integer(50), rng.integer(60)];
      const rate = cosineSchedule(start, 1, length, { warmUp: rng.integer(length + 1) });
      assert.ok(rate >= 0 && rate <= 1);
    }
  });
});
