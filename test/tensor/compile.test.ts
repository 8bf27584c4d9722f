import assert from "node:assert/strict";

import { Rng } from "../../lib/core/rng";
import {
  adamW,
  type CompiledStep,
  CompileError,
  compile,
  NonFiniteError,
  ready,
  sgd,
  type Tensor,
  tf,
  type TensorTree,
  type Variable,
} from "../../lib/tensor";
import { smallGpt, tokensOf } from "./smallGpt";

/** Twenty steps of AdamW amplify the rounding of a different order of sums to this much. */
const afterTwentySteps = 7e-5;

const read = (tensor: Tensor): number => {
  const [value] = tensor.dataSync();
  tensor.dispose();
  return value;
};

const vector = (...values: number[]) => tf.tensor1d(values);
const variable = (...values: number[]): Variable => tf.tidy(() => tf.variable(vector(...values)));

describe("compile", function () {
  this.timeout(60_000);
  let before = 0;
  before_(() => (before = tf.memory().numTensors));
  after(() => assert.equal(tf.memory().numTensors, before, "tensors leaked"));

  for (const xla of [true, false]) {
    it(`equals the eager step over 20 steps of a GPT, ${xla ? "with" : "without"} XLA`, () => {
      const [tokens, targets] = [tokensOf("tokens"), tokensOf("targets")];
      const eager = smallGpt(1);
      const compiled = smallGpt(1);
      const step = compile(compiled.step, { xla });
      for (let i = 0; i < 20; i++) {
        const rate = 1e-2 / (1 + i); // changes in every call, so a rate baked in would be seen
        const expected = read(tf.tidy(() => eager.step(tokens, targets, tf.scalar(rate))));
        assert.ok(Math.abs(read(step(tokens, targets, rate)) - expected) < afterTwentySteps);
      }
      for (const [name, weights] of Object.entries(eager.model.parameters)) {
        // A key's bias shifts all scores of a row alike and softmax takes it out: its gradient is
        // rounding, which Adam divides by itself.
        if (name.endsWith("c_attn.bias")) continue;
        const other = compiled.model.parameters[name];
        const gap = read(tf.tidy(() => tf.max(tf.abs(tf.sub(weights, other)))));
        assert.ok(gap < 1e-3, `${name} differs by ${gap}`);
      }
      assert.equal(step.traces, 1);
      [eager, compiled, step, tokens, targets].forEach((thing) => thing.dispose());
    });
  }

  it("records again for other shapes and dtypes, and only then", () => {
    let recorded = 0;
    const double = compile((x: Tensor) => {
      recorded += 1;
      return x.mul(tf.scalar(2, x.dtype));
    });
    const inputs = [vector(1, 2), vector(3, 4), vector(1), tf.tensor1d([1, 2], "int32")];
    const results = inputs.map((x) => double(x));
    assert.deepEqual(
      results.map((x) => [...x.dataSync()]),
      [[2, 4], [6, 8], [2], [2, 4]],
    );
    assert.equal(recorded, 3);
    assert.equal(double.traces, 3);
    tf.dispose([...inputs, ...results]);
    double.dispose();
  });

  it("reads and writes variables where they are", () => {
    const weight = variable(1, 2);
    const addOne = compile((x: Tensor) => {
      weight.assign(weight.add(x));
      return weight.sum();
    });
    assert.equal(read(addOne(1)), 5);
    tf.tidy(() => weight.assign(vector(10, 20))); // changed from outside between two calls
    const kept = weight.clone();
    assert.equal(read(addOne(1)), 32);
    assert.deepEqual([...kept.dataSync()], [10, 20], "a clone keeps the value it was made of");
    assert.deepEqual([...weight.dataSync()], [11, 21]);
    tf.dispose([weight, kept]);
    addOne.dispose();
  });

  it("takes an optimizer that makes its slots inside the step", () => {
    const targets = vector(3, -1);
    const fit = (run: (step: () => Tensor) => () => Tensor) => {
      const weight = variable(0, 0);
      const optimizer = tf.train.adam(0.1);
      const step = run(() => {
        const { value, grads } = tf.variableGrads(
          () => tf.sum(tf.squaredDifference(weight, targets)),
          [weight],
        );
        optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
        return value;
      });
      const losses = Array.from({ length: 10 }, () => read(step()));
      optimizer.dispose();
      weight.dispose();
      return losses;
    };
    tf.keep(targets);
    const eager = fit((step) => () => tf.tidy(step));
    let compiled: CompiledStep<[], Tensor> | undefined;
    const graph = fit((step) => (compiled = compile(step)));
    eager.forEach((loss, i) => assert.ok(Math.abs(loss - graph[i]) < 1e-5, `step ${i}`));
    assert.ok(graph[9] < graph[0]);
    compiled?.dispose();
    targets.dispose();
  });

  it("gives back what the step returns, whatever its form", () => {
    const parts = compile((x: Tensor) => ({ twice: x.mul(2), list: [x, tf.scalar(7)] }));
    const x = vector(1, 2);
    const { twice, list } = parts(x);
    assert.deepEqual([...twice.dataSync()], [2, 4]);
    assert.deepEqual([...list[0].dataSync()], [1, 2]);
    assert.equal(list[1].dataSync()[0], 7);
    tf.dispose([x, twice, list]);
    parts.dispose();
  });

  describe("refuses, with what to do instead,", () => {
    const rng = new Rng(3);
    const stranger = () => vector(1, 2);
    const cases: [string, RegExp, (x: Tensor) => TensorTree][] = [
      ["a number read back", /return the tensor/, (x) => x.mul(x.sum().dataSync()[0])],
      ["a branch on a value", /tf\.where/, (x) => (x.sum().arraySync() ? x : x.neg())],
      // eslint-disable-next-line no-restricted-properties -- the draw is what is refused
      ["a random draw", /pass it as an argument/, (x) => x.add(tf.randomNormal([2]))],
      // eslint-disable-next-line no-restricted-properties -- the draw is what is refused
      ["a seeded random draw", /argument/, (x) => x.add(tf.randomUniform([2], 0, 1, "float32", 5))],
      ["dropout", /mask outside/, (x) => tf.dropout(x, 0.5)],
      ["a draw of Rng", /Rng\.normal/, (x) => x.mul(rng.normal())],
      ["a tensor from outside", /Pass it as an argument/, (x) => x.add(outside[0])],
      ["a tensor it keeps", /Return what is needed/, (x) => x.mul(outside.push(tf.keep(x.add(1))))],
      ["a shape that depends on data", /mask of fixed shape/, (x) => tf.unique(x.flatten()).values],
      ["a step within a step", /inside another/, (x) => inner(x)],
      ["a learning rate that would stay", /an argument/, (x) => descend(x, 1)],
    ];
    const descend = (x: Tensor, learningRate: number) => {
      const weight = outside[1] as Variable;
      return sgd({ weight }).minimize(() => weight.mul(x).sum(), learningRate);
    };
    const inner = compile((x: Tensor) => x.add(1));
    const outside: Tensor[] = [];
    before_(() => outside.push(stranger(), variable(1, 2)));
    after(() => tf.dispose(outside));
    for (const [what, cure, step] of cases) {
      it(what, () => {
        const x = vector(1, 2);
        const compiled = compile(step);
        assert.throws(
          () => compiled(x),
          (error) => error instanceof CompileError && cure.test(error.message),
        );
        assert.equal(compiled.traces, 0);
        x.dispose();
      });
    }

    it("an async step", () => {
      const x = vector(1);
      const step = compile(((y: Tensor) => Promise.resolve(y)) as unknown as (y: Tensor) => Tensor);
      assert.throws(() => step(x), /must not be async/);
      x.dispose();
    });

    it("arguments that are no tensors, and indices out of range", () => {
      const table = tf.keep(vector(1, 2, 3));
      const pick = compile((at: Tensor) => tf.gather(table, at));
      assert.throws(
        () => pick("a" as unknown as Tensor),
        /argument 0 .* must be a tensor or a number/,
      );
      const [inside, beyond] = [tf.tensor1d([2], "int32"), tf.tensor1d([0, 3], "int32")];
      assert.equal(read(pick(inside)), 3);
      assert.throws(() => pick(beyond), /entry 1 is 3/);
      tf.dispose([table, inside, beyond]);
      pick.dispose();
    });
  });

  it("with a guard keeps the last good weights and says which step went wrong", () => {
    const weight = variable(4, 9);
    const step = compile(
      (x: Tensor) => {
        weight.assign(tf.sqrt(tf.mul(weight, x)));
        return x;
      },
      { guard: true },
    );
    step(1).dispose();
    assert.deepEqual([...weight.dataSync()], [2, 3]);
    const three = vector(1, 2, 3);
    assert.throws(() => step(three), /shape/i); // refused before it ran: it counts as no step
    three.dispose();
    assert.throws(
      () => step(-1), // the loss is finite, the weights are not
      (error) => error instanceof NonFiniteError && error.step === 2,
    );
    assert.deepEqual([...weight.dataSync()], [2, 3]);
    step(1).dispose();
    weight.dispose();
    step.dispose();
  });

  it("runs 1,000 steps without growing by a tensor", () => {
    const weight = variable(1, 2, 3);
    const optimizer = adamW({ weight });
    const step = compile((x: Tensor, rate: Tensor) =>
      optimizer.minimize(() => tf.sum(tf.square(tf.mul(weight, x))), rate),
    );
    const x = vector(3, 2, 1);
    step(x, 1e-3).dispose();
    const { numTensors, numBytes, numDataBuffers } = tf.memory();
    for (let i = 0; i < 1000; i++) step(x, 1e-3).dispose();
    const later = tf.memory();
    assert.deepEqual(
      [later.numTensors, later.numBytes, later.numDataBuffers],
      [numTensors, numBytes, numDataBuffers],
    );
    [x, weight, optimizer, step].forEach((thing) => thing.dispose());
  });
});

/** mocha's `before`, whose name the memory check needs for itself. */
function before_(run: () => void): void {
  before(async () => {
    await ready();
    run();
  });
}
