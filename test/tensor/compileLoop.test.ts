import assert from "node:assert/strict";

import { Rng } from "../../lib/core/rng";
import { Pendulum } from "../../lib/environments/pendulum";
import {
  CompileError,
  compileLoop,
  type LoopBody,
  type NamedTensors,
  ready,
  resizeAxis,
  type Tensor,
  tf,
  updateSlice,
} from "../../lib/tensor";

/** The same sums in another order, over ten steps of tanh. */
const rounding = 1e-5;
const [steps, B, D] = [10, 3, 4];

const draw = (name: string, shape: number[]): Tensor => {
  const rng = new Rng(name);
  const values = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal());
  return tf.tensor(values, shape);
};

const gap = (a: Tensor, b: Tensor): number =>
  tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]);

/** A cache no longer than its segment. */
const fitted = ({ state, cache }: NamedTensors, limit: number): NamedTensors => ({
  state,
  cache: resizeAxis(cache, 1, limit),
});

type Carry = { state: Tensor; cache: Tensor };

describe("compileLoop", function () {
  this.timeout(60_000);
  let before = 0;
  let weight: ReturnType<typeof tf.variable>;

  before_(() => {
    before = tf.memory().numTensors;
    weight = tf.tidy(() => tf.variable(draw("weight", [D, D])));
  });
  after(() => {
    weight.dispose();
    assert.equal(tf.memory().numTensors, before, "tensors leaked");
  });

  /** A recurrent policy that looks back on all its states through a cache, as attention does. */
  const body: LoopBody<Carry, { noise: Tensor }, { action: Tensor; reward: Tensor }> = (
    { state, cache },
    { noise },
    { t, limit },
  ) => {
    const written = updateSlice(cache, tf.expandDims(state, 1), t, 1); // [B, steps, D]
    const seen = tf.slice(written, 0, [B, limit, D]);
    const next = tf.tanh(tf.add(tf.add(tf.matMul(state, weight), noise), tf.mean(seen, 1)));
    return {
      carry: { state: next, cache: written },
      outputs: { action: tf.argMax(next, -1), reward: tf.sum(next, -1) },
    };
  };

  /** The definition, step by step in JavaScript. */
  const byHand = (state: Tensor, noise: Tensor, ends: number[]) =>
    tf.tidy(() => {
      let carry: Carry = { state, cache: tf.zeros([B, steps, D]) };
      const rewards: Tensor[] = [];
      for (let t = 0; t < steps; t++) {
        const limit = ends.find((end) => end > t) as number;
        const here = tf.reshape(tf.slice(noise, [t, 0, 0], [1, B, D]), [B, D]);
        const next = body(carry, { noise: here }, { t: tf.scalar(t, "int32"), limit });
        carry = next.carry;
        rewards.push(next.outputs.reward);
      }
      return { state: carry.state, reward: tf.stack(rewards) };
    });

  for (const [what, options, ends] of [
    ["with XLA", { xla: true }, [10]],
    ["without XLA", { xla: false }, [10]],
    ["in three segments", { segments: 3 }, [4, 7, 10]],
    ["in segments that fit the cache", { segments: 3, fit: fitted }, [4, 7, 10]],
  ] as const) {
    it(`equals the loop by hand, ${what}`, () => {
      const loop = compileLoop(body, { steps, ...options });
      const [state, noise, cache] = [
        draw("state", [B, D]),
        draw("noise", [steps, B, D]),
        tf.zeros([B, steps, D]),
      ];
      const expected = byHand(state, noise, [...ends]);
      for (let call = 0; call < 2; call++) {
        const { carry, outputs } = loop({ state, cache }, { noise });
        assert.deepEqual(outputs.action.shape, [steps, B]);
        assert.equal(outputs.action.dtype, "int32");
        assert.ok(gap(outputs.reward, expected.reward) < rounding);
        assert.ok(gap(carry.state, expected.state) < rounding);
        tf.dispose([carry, outputs]);
      }
      tf.dispose([state, noise, cache, expected]);
      loop.dispose();
    });
  }

  it("rolls out a batch of pendulums under a policy, as the environment does", () => {
    const torques = draw("torques", [60, 5]);
    const swing: LoopBody<
      { angle: Tensor; speed: Tensor },
      { noise: Tensor },
      { reward: Tensor }
    > = ({ angle, speed }, { noise }) => {
      const torque = tf.clipByValue(tf.add(tf.sign(speed), noise), -2, 2);
      const upright = tf.atan2(tf.sin(angle), tf.cos(angle));
      const cost = tf.addN([tf.square(upright), tf.mul(0.1, tf.square(speed)), tf.mul(0.001, tf.square(torque))]); // prettier-ignore
      const pull = tf.add(tf.mul(15, tf.sin(angle)), tf.mul(3, torque));
      const next = tf.clipByValue(tf.add(speed, tf.mul(0.05, pull)), -8, 8);
      const carry = { angle: tf.add(angle, tf.mul(0.05, next)), speed: next };
      return { carry, outputs: { reward: tf.neg(cost) } };
    };
    const loop = compileLoop(swing, { steps: 60 });
    const [angle, speed] = [draw("angle", [5]), draw("speed", [5])];
    const { carry, outputs } = loop({ angle, speed }, { noise: torques });
    const noise = torques.arraySync() as number[][];
    const starts = tf.tidy(() => tf.stack([angle, speed], 1).arraySync()) as number[][];
    const rewards = outputs.reward.arraySync() as number[][]; // [60, 5]
    starts.forEach((start, i) => {
      const world = new Pendulum();
      world.resetTo(start);
      for (let t = 0; t < 60; t++) {
        const { reward } = world.step(Math.sign(world.state[1]) + noise[t][i]);
        assert.ok(Math.abs(reward - rewards[t][i]) < 1e-3, `pendulum ${i}, step ${t}`); // single precision
      }
    });
    tf.dispose([torques, angle, speed, carry, outputs]);
    loop.dispose();
  });

  it("uses the weights of the day, and differs with the noise", () => {
    const loop = compileLoop(body, { steps });
    const run = (name: string) =>
      tf.tidy(() => {
        const inputs = { noise: draw(name, [steps, B, D]) };
        const cache: Tensor = tf.zeros([B, steps, D]);
        const carry = { state: draw("state", [B, D]), cache };
        return [...loop(carry, inputs).outputs.reward.dataSync()];
      });
    const first = run("a");
    assert.deepEqual(run("a"), first);
    assert.notDeepEqual(run("b"), first);
    tf.tidy(() => weight.assign(tf.mul(weight, 0.5)));
    assert.notDeepEqual(run("a"), first);
    loop.dispose();
  });

  describe("with variables that the body assigns", () => {
    const start = [1, 2];
    let [position, unread]: ReturnType<typeof tf.variable>[] = [];
    before_(() => {
      [position, unread] = tf.tidy(() => [start, [0]].map((xs) => tf.variable(tf.tensor1d(xs))));
    });
    beforeEach(() => tf.tidy(() => void position.assign(tf.tensor1d(start))));
    after(() => [position, unread].forEach((variable) => variable.dispose()));

    /** Descends on |position|²/2, and notes the last rate. */
    const descent = (options: { segments?: number; guard?: boolean; xla?: boolean }) => {
      const loop = compileLoop<NamedTensors, NamedTensors, NamedTensors>(
        (_, { rate }) => {
          const before = tf.mul(position, 1);
          position.assign(tf.sub(position, tf.mul(rate, position)));
          unread.assign(tf.reshape(rate, [1]));
          return { carry: {}, outputs: { before } };
        },
        { steps: 3, ...options },
      );
      return (rates: number[]): number[][] =>
        tf.tidy(() => loop({}, { rate: tf.tensor1d(rates) }).outputs.before.arraySync()) as number[][]; // prettier-ignore
    };

    for (const options of [{}, { segments: 2 }, { xla: false }])
      it(`takes the steps one after the other, ${JSON.stringify(options)}`, () => {
        const run = descent(options);
        assert.deepEqual(run([0.5, 0, -1]), [[1, 2], [0.5, 1], [0.5, 1]]); // prettier-ignore
        assert.deepEqual([...position.dataSync(), ...unread.dataSync()], [1, 2, -1]);
        assert.deepEqual(run([2, 0, 0])[1], [-1, -2], "the next call goes on from there");
      });

    it("keeps them as before the loop when something is not finite, with guard", () => {
      const run = descent({ guard: true });
      run([0.5, 0, 0]);
      assert.throws(() => run([1, 1e30, Infinity]), /Step 2/);
      assert.deepEqual([...position.dataSync()], [0.5, 1]);
    });
  });

  describe("refuses", () => {
    const attempt = (change: (carry: NamedTensors) => NamedTensors, inputSteps = steps) =>
      tf.tidy(() => {
        const loop = compileLoop<NamedTensors, NamedTensors, NamedTensors>(
          (carry, { noise }) => ({ carry: change(carry), outputs: { noise } }),
          { steps },
        );
        return loop({ x: tf.ones([2]) }, { noise: tf.ones([inputSteps, 2]) });
      });

    it("a body that changes a shape, a dtype or a name", () => {
      assert.throws(
        () => attempt(({ x }) => ({ x: tf.concat([x, x]) })),
        /float32\[2\] .* float32\[4\]/,
      );
      assert.throws(() => attempt(({ x }) => ({ x: tf.cast(x, "int32") })), /int32/);
      assert.throws(() => attempt(({ x }) => ({ y: x })), /\(x\).*\(y\)/);
    });

    it("a body that makes a variable", () => {
      const made: Tensor[] = [];
      const spoil = ({ x }: NamedTensors) => {
        made.push(tf.variable(tf.ones([2])));
        return { x: tf.add(x, made[0]) };
      };
      assert.throws(() => attempt(spoil), CompileError);
      tf.dispose(made);
    });

    it("inputs of another length, and steps that are none", () => {
      assert.throws(() => attempt((carry) => carry, 7), /one entry for each of the 10 steps/);
      assert.throws(() => compileLoop(body, { steps: 0 }), /at least 1, got 0/);
      assert.throws(() => compileLoop(body, { steps, segments: 11 }), /from 1 to steps = 10/);
    });
  });
});

describe("updateSlice", () => {
  it("writes one block along an axis and leaves the target alone", () => {
    tf.tidy(() => {
      const target = tf.zeros([2, 3]);
      const written = updateSlice(target, tf.tensor2d([[5], [6]]), 1, 1);
      assert.deepEqual(written.arraySync(), [
        [0, 5, 0],
        [0, 6, 0],
      ]);
      assert.deepEqual([...target.dataSync()], [0, 0, 0, 0, 0, 0]);
      assert.throws(() => updateSlice(target, tf.ones([2, 2]), 1, 1), /\[2, 3\] along axis 1/);
    });
  });
});

/** mocha's `before`, whose name the memory check needs for itself. */
function before_(run: () => void): void {
  before(async () => {
    await ready();
    run();
  });
}
