import assert from "node:assert/strict";

import { Rng } from "../../lib/core/rng";
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

    it("a body that assigns a variable", () => {
      const spoil = ({ x }: NamedTensors) => {
        weight.assign(tf.mul(weight, 2));
        return { x };
      };
      const kept = weight.dataSync();
      assert.throws(() => attempt(spoil), CompileError);
      assert.deepEqual(weight.dataSync(), kept);
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
