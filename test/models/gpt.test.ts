import assert from "node:assert/strict";
import { join } from "node:path";
import { Rng } from "../../lib/core/rng";
import { type Gpt, gpt, type GptConfig, gptShapes } from "../../lib/models/gpt";
import {
  languageModelLoss,
  sumOverResponse,
  tokenLogProbabilities,
} from "../../lib/models/logProbabilities";
import { readSafetensors } from "../../lib/models/safetensors";
import { ScalarHead } from "../../lib/models/scalarHead";
import { adamW, compile, ready, tf, type Tensor } from "../../lib/tensor";
import { readOracle } from "./oracles/read";

/** Logits of order 10 in single precision, against Hugging Face's in double. */
const logitTolerance = 1e-4;
const gradientTolerance = 1e-5;

interface Oracle {
  config: GptConfig;
  parameters: number;
  tokens: number[][];
  logits: number[];
  loss: number;
  mask: number[][];
  positions: number[][];
  paddedLogits: number[];
}

const oracle = readOracle("gpt2.json") as Oracle;
const file = (name: string) => readSafetensors(join(__dirname, "oracles", name)).tensors;

function oracleModel(): Gpt {
  const model = gpt(oracle.config, new Rng(1));
  const weights = file("gpt2.safetensors");
  tf.tidy(() => {
    for (const [name, variable] of Object.entries(model.parameters)) {
      variable.assign(tf.tensor(weights[`transformer.${name}`].data, variable.shape));
    }
  });
  return model;
}

async function assertClose(
  actual: Tensor,
  expected: ArrayLike<number>,
  tolerance: number,
): Promise<void> {
  const values = await actual.data();
  assert.equal(values.length, expected.length);
  values.forEach((x, i) =>
    assert.ok(Math.abs(x - expected[i]) < tolerance, `[${i}]: ${x} for ${expected[i]}`),
  );
  actual.dispose();
}

describe("Gpt", () => {
  let tensorsBefore: number;
  let model: Gpt;
  let tokens: Tensor;
  before(async () => {
    await ready();
    tensorsBefore = tf.memory().numTensors;
    model = oracleModel();
    tokens = tf.tensor2d(oracle.tokens, undefined, "int32");
  });

  it("has as many weights as Hugging Face's, with GPT-2 small at 124,439,808", () => {
    assert.equal(model.parameterCount, oracle.parameters);
    const small = { vocabulary: 50257, context: 1024, layers: 12, heads: 12, width: 768 };
    const sizes = Object.values(gptShapes(small)).map((shape) => shape.reduce((a, b) => a * b));
    assert.equal(sizes.reduce((a, b) => a + b), 124439808); // prettier-ignore
  });

  it("gives Hugging Face's logits", () =>
    assertClose(model.logits(tokens), oracle.logits, logitTolerance));

  it("gives Hugging Face's logits where padding stands on the left", async () => {
    const mask = tf.tensor2d(oracle.mask);
    const positions = tf.tensor2d(oracle.positions, undefined, "int32");
    const logits = model.logits(tokens, { mask, positions });
    const real = tf.tidy(() => tf.mul(logits, tf.expandDims(mask, -1))); // what padding says is no matter
    const expected = oracle.paddedLogits.map((x, i) => x * oracle.mask.flat()[Math.floor(i / 19)]);
    await assertClose(real, expected, logitTolerance);
    tf.dispose([mask, positions, logits]);
  });

  it("has PyTorch's loss and gradients", async () => {
    const variables = Object.values(model.parameters);
    const { value, grads } = tf.variableGrads(
      () => languageModelLoss(model, tokens).asScalar(),
      variables,
    );
    await assertClose(value, [oracle.loss], gradientTolerance);
    const expected = file("gpt2-gradients.safetensors");
    for (const [name, variable] of Object.entries(model.parameters)) {
      await assertClose(grads[variable.name], expected[name].data, gradientTolerance);
    }
  });

  it("gives the hidden state and the gradients of one token of each sequence", async () => {
    const inputs = {
      mask: tf.tensor2d(oracle.mask),
      positions: tf.tensor2d(oracle.positions, undefined, "int32"),
      segments: tf.tensor2d([[0, 0, 0, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2, 2]], [2, 7], "int32"), // prettier-ignore
    };
    const at = tf.tensor1d([4, 6], "int32");
    const picked = (all: Tensor): Tensor => tf.stack([tf.gather(all, 0).gather(4), tf.gather(all, 1).gather(6)]); // prettier-ignore
    for (const given of [{}, inputs]) {
      const whole = (): Tensor => picked(model.hidden(tokens, given));
      const one = (): Tensor => model.hiddenAt(tokens, at, given);
      const [expected, actual] = [whole, one].map((f) =>
        tf.variableGrads(() => tf.tidy(() => tf.mean(tf.square(tf.sub(f(), 0.5))).asScalar())),
      );
      const wanted = tf.tidy(whole);
      await assertClose(one(), await wanted.data(), logitTolerance);
      for (const { name } of Object.values(model.parameters))
        await assertClose(actual.grads[name], await expected.grads[name].data(), gradientTolerance);
      tf.dispose([wanted, expected.grads, expected.value, actual.value]);
    }
    assert.throws(() => model.hiddenAt(tokens, tokens), /want one position of each sequence/);
    tf.dispose([inputs, at]);
  });

  it("looks at nothing that comes later", async () => {
    const changed = tf.tensor2d(
      oracle.tokens.map((row) => [...row.slice(0, 5), 0, 0]),
      undefined,
      "int32",
    );
    const [a, b] = [model.logits(tokens), model.logits(changed)];
    const [early, late] = tf.tidy(() => tf.split(tf.abs(tf.sub(a, b)), [5, 2], 1));
    assert.ok([...(await early.data())].every((x) => x === 0));
    assert.ok([...(await late.data())].some((x) => x > 0.1));
    tf.dispose([changed, a, b, early, late]);
  });

  it("says the same token by token with a cache", async () => {
    let cache = model.emptyCache(2, 7);
    for (let t = 0; t < 7; t++) {
      const [token, position] = [
        tf.tensor1d(
          oracle.tokens.map((row) => row[t]),
          "int32",
        ),
        tf.scalar(t, "int32"),
      ];
      const next = model.next(token, position, cache);
      const logits = model.unembed(next.hidden); // [2, 19]
      const expected = [0, 1].flatMap((b) =>
        oracle.logits.slice((b * 7 + t) * 19, (b * 7 + t + 1) * 19),
      );
      await assertClose(logits, expected, logitTolerance);
      tf.dispose([cache, token, position, next.hidden]);
      cache = next.cache;
    }
    tf.dispose(cache);
  });

  it("starts near the uniform distribution with small weights: loss log V", async () => {
    const fresh = gpt({ ...oracle.config, vocabulary: 64 }, new Rng(7), { scale: 0.02 });
    const loss = languageModelLoss(fresh, tokens);
    const [value] = await loss.data();
    assert.ok(Math.abs(value - Math.log(64)) < 0.1, `${value} for ${Math.log(64)}`);
    loss.dispose();
    fresh.dispose();
  });

  it("learns the same in a compiled step as without", async () => {
    const train = async (compiled: boolean): Promise<number[]> => {
      const learner = gpt({ ...oracle.config, layers: 1 }, new Rng(2));
      const optimizer = adamW(learner.parameters);
      const eager = (batch: Tensor, rate: Tensor): Tensor =>
        optimizer.minimize(() => languageModelLoss(learner, batch), rate, { maxNorm: 1 });
      const compiledStep = compile(eager);
      const step = compiled ? compiledStep : eager;
      const losses: number[] = [];
      for (let i = 0; i < 8; i++) {
        const rate = tf.scalar(1e-2);
        const loss = step(tokens, rate);
        losses.push((await loss.data())[0]);
        tf.dispose([loss, rate]);
      }
      compiledStep.dispose();
      optimizer.dispose();
      learner.dispose();
      return losses;
    };
    const [eager, compiled] = [await train(false), await train(true)];
    eager.forEach((loss, i) =>
      assert.ok(Math.abs(loss - compiled[i]) < 1e-4, `${loss}, ${compiled[i]}`),
    );
    assert.ok(eager[7] < eager[0] - 0.5);
  }).timeout(120000);

  it("sums log-probabilities over the response, not over the prompt", async () => {
    const mask = tf.tensor2d([[0, 0, 0, 1, 1, 0, 0], [0, 1, 0, 0, 0, 0, 1]]); // prettier-ignore
    const logp = tokenLogProbabilities(model, tokens);
    const values = await logp.data(); // [2, 6]
    // tokens 3 and 4 of the first row are predicted at 2 and 3; tokens 1 and 6 of the second at 0 and 5
    const expected = [values[2] + values[3], values[6] + values[11]];
    await assertClose(sumOverResponse(logp, mask), expected, logitTolerance);
    await assertClose(
      languageModelLoss(model, tokens, mask),
      [-(expected[0] + expected[1]) / 4],
      logitTolerance,
    );
    assert.throws(() => sumOverResponse(logp, logp), /the mask must be \[B, T\] = \[2, 7\]/);
    tf.dispose([mask, logp]);
  });

  it("is refused wrong sizes and tokens of another shape", () => {
    assert.throws(
      () => gpt({ ...oracle.config, heads: 3 }, new Rng(1)),
      /multiple of the 3 heads, got 16/,
    );
    assert.throws(() => gpt({ ...oracle.config, layers: 0 }, new Rng(1)), /layers/);
    tf.tidy(() => {
      assert.throws(
        () => model.logits(tf.zeros([1, 13], "int32")),
        /at most the context of 12, got \[1, 13\]/,
      );
      assert.throws(() => model.logits(tf.zeros([1, 3])), /int32/);
    });
  });

  it("repeats its weights from the same seed", async () => {
    const start = async (seed: number): Promise<Float32Array> => {
      const made = gpt(oracle.config, new Rng(seed));
      const data = await made.parameters["wte.weight"].data<"float32">();
      made.dispose();
      return data.slice();
    };
    assert.deepEqual(await start(3), await start(3));
    assert.notDeepEqual(await start(3), await start(4));
  });

  it("leaves no tensor behind", () => {
    model.dispose();
    tokens.dispose();
    assert.equal(tf.memory().numTensors, tensorsBefore);
  });
});

describe("ScalarHead", () => {
  it("is a weighted sum of the hidden state and a constant", async () => {
    await ready();
    const before = tf.memory().numTensors;
    const head = new ScalarHead(2, new Rng(1));
    tf.tidy(() => {
      head.parameters["head.weight"].assign(tf.tensor2d([[2], [-1]]));
      head.parameters["head.bias"].assign(tf.tensor1d([0.5]));
    });
    const hidden = tf.tensor3d([[[1, 1], [3, 0]], [[0, 4], [9, 9]]]); // prettier-ignore
    await assertClose(head.scores(hidden), [1.5, 6.5, -3.5, 9.5], 1e-6);
    head.dispose();
    hidden.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it("says 0 to everything when its scale is 0, as a value head starts", async () => {
    const head = new ScalarHead(4, new Rng(1), 0);
    const hidden = tf.ones([3, 4]);
    await assertClose(head.scores(hidden), [0, 0, 0], 1e-9);
    hidden.dispose();
    head.dispose();
  });
});
