import assert from "node:assert/strict";
import { join } from "node:path";
import { Rng } from "../../lib/core/rng";
import { loadCheckpoint } from "../../lib/models/checkpoint";
import { type Gpt, gpt, type GptConfig } from "../../lib/models/gpt";
import { tokenLogProbabilities } from "../../lib/models/logProbabilities";
import { responseMask, Rollout } from "../../lib/models/rollout";
import {
  filterLogits,
  sampleTokens,
  samplingNoise,
  type SamplingOptions,
} from "../../lib/models/sampling";
import { ready, tf } from "../../lib/tensor";
import { readOracle } from "./oracles/read";

const oracle = readOracle("gpt2.json") as { config: GptConfig; greedy: number[][] };

describe("filterLogits", () => {
  const { logits, cases } = readOracle("sampling.json") as {
    logits: number[][];
    cases: { options: SamplingOptions; probabilities: number[] }[];
  };

  for (const { options, probabilities } of cases) {
    it(`leaves what transformers leaves with ${JSON.stringify(options)}`, async () => {
      await ready();
      const kept = tf.tidy(() => tf.softmax(filterLogits(tf.tensor2d(logits), options)));
      (await kept.data()).forEach((p, i) => assert.ok(Math.abs(p - probabilities[i]) < 1e-6));
      kept.dispose();
    });
  }

  it("refuses settings without a meaning", () => {
    tf.tidy(() => {
      const scores = tf.zeros([1, 4]);
      assert.throws(
        () => filterLogits(scores, { topK: 5 }),
        /topK must be an integer in \[1, 4\], got 5/,
      );
      assert.throws(() => filterLogits(scores, { topP: 0 }), /topP/);
      assert.throws(() => filterLogits(scores, { temperature: -1 }), /temperature/);
      assert.throws(() => sampleTokens(scores), /Make it by samplingNoise/);
    });
  });
});

describe("sampleTokens", () => {
  it("draws tokens as often as their softmax says (χ² below its 1 − 1e-4 quantile)", async () => {
    await ready();
    const scores = [1, 0.5, 0, -0.5, -1.5];
    const n = 20000;
    const drawn = tf.tidy(() => {
      const noise = samplingNoise([n, 5], new Rng("chi square"));
      return sampleTokens(tf.tile(tf.tensor2d([scores]), [n, 1]), noise);
    });
    const counts = [0, 0, 0, 0, 0];
    for (const token of await drawn.data()) counts[token] += 1;
    const weights = scores.map(Math.exp);
    const total = weights.reduce((a, b) => a + b);
    const chi2 = counts.reduce((sum, c, i) => {
      const expected = (n * weights[i]) / total;
      return sum + (c - expected) ** 2 / expected;
    }, 0);
    assert.ok(chi2 < 23.5, `χ²(4) = ${chi2}`);
    drawn.dispose();
  });

  it("has noise whose two logarithms are finite at both ends", async () => {
    const ends = tf.tensor1d([0.5 / 8388608, 8388607.5 / 8388608]);
    const gumbel = tf.tidy(() => tf.neg(tf.log(tf.neg(tf.log(ends)))));
    assert.ok((await gumbel.data()).every(Number.isFinite));
    tf.dispose([ends, gumbel]);
  });
});

describe("Rollout", () => {
  let tensorsBefore: number;
  let model: Gpt;
  before(async () => {
    await ready();
    tensorsBefore = tf.memory().numTensors;
    model = gpt(oracle.config, new Rng(1));
    loadCheckpoint(join(__dirname, "oracles/gpt2.safetensors"), model);
  });

  /** The completions as arrays. */
  async function run(
    rollout: Rollout,
    prompts: number[][],
    rng: Rng,
  ): Promise<{ tokens: number[][]; logp: number[][] }> {
    const completions = rollout.run(prompts, rng);
    const tokens = (await completions.tokens.array()) as number[][];
    const logp = (await completions.logp.array()) as number[][];
    tf.dispose([completions.tokens, completions.logp]);
    return { tokens, logp };
  }

  it("writes what Hugging Face's greedy generate writes", async () => {
    const rollout = new Rollout(model, { length: 12, temperature: 0 });
    const prompts = oracle.greedy.map((row) => row.slice(0, 3));
    assert.deepEqual((await run(rollout, prompts, new Rng(1))).tokens, oracle.greedy);
    rollout.dispose();
  }).timeout(120000);

  it("keeps prompts of different lengths and gives the log-probabilities of a plain pass", async () => {
    const rollout = new Rollout(model, { length: 9 });
    const prompts = [[3], [5, 6, 7, 8], [1, 2]];
    const { tokens, logp } = await run(rollout, prompts, new Rng("rollout"));
    prompts.forEach((prompt, b) => assert.deepEqual(tokens[b].slice(0, prompt.length), prompt));
    const again = tf.tidy(() =>
      tokenLogProbabilities(model, tf.tensor2d(tokens, undefined, "int32")),
    );
    const expected = (await again.array()) as number[][];
    logp.flat().forEach((x, i) => assert.ok(Math.abs(x - expected.flat()[i]) < 1e-4));
    again.dispose();
    rollout.dispose();
  }).timeout(120000);

  it("repeats itself from the same seed and differs from another", async () => {
    const rollout = new Rollout(model, { length: 12, temperature: 1.5 });
    const draw = async (seed: number) => (await run(rollout, [[1], [2]], new Rng(seed))).tokens;
    assert.deepEqual(await draw(5), await draw(5));
    assert.notDeepEqual(await draw(5), await draw(6));
    rollout.dispose();
  }).timeout(120000);

  it("writes the same in one stretch and in several, the last of them shorter", async () => {
    const prompts = [[3], [5, 6, 7, 8], [1, 2]];
    const [one, three] = [1, 3].map((segments) => new Rollout(model, { length: 12, segments }));
    const [whole, cut] = [
      await run(one, prompts, new Rng("stretches")),
      await run(three, prompts, new Rng("stretches")),
    ];
    assert.deepEqual(cut.tokens, whole.tokens);
    cut.logp.flat().forEach((x, i) => assert.ok(Math.abs(x - whole.logp.flat()[i]) < 1e-5));
    [one, three].forEach((rollout) => rollout.dispose());
  }).timeout(120000);

  it("repeats the stop token once it has come", async () => {
    const rollout = new Rollout(model, { length: 12, stop: 4, temperature: 3 });
    const { tokens } = await run(rollout, Array.from({ length: 40 }, () => [1]), new Rng(2)); // prettier-ignore
    const stopped = tokens.filter((row) => row.includes(4));
    assert.ok(stopped.length > 5);
    for (const row of stopped) assert.ok(row.slice(row.indexOf(4)).every((token) => token === 4));
    rollout.dispose();
  }).timeout(120000);

  it("names the prompt that it cannot take", () => {
    const rollout = new Rollout(model, { length: 5 });
    assert.throws(
      () => rollout.run([[1], []], new Rng(1)),
      /prompts\[1\] must have 1 to 5 tokens, got 0/,
    );
    assert.throws(() => rollout.run([[1, 2, 3, 4, 5, 6]], new Rng(1)), /got 6/);
    assert.throws(
      () => rollout.run([[19]], new Rng(1)),
      /prompts\[0\]\[0\] must be an integer in \[0, 18\], got 19/,
    );
    assert.throws(
      () => new Rollout(model, { length: 13 }),
      /length must be an integer in \[2, 12\], got 13/,
    );
    rollout.dispose();
  });

  it("leaves no tensor behind", () => {
    model.dispose();
    assert.equal(tf.memory().numTensors, tensorsBefore);
  });
});

describe("responseMask", () => {
  it("marks the reply up to and with the first stop token", () => {
    const tokens = [[1, 2, 9, 9, 9], [3, 4, 5, 6, 9], [7, 1, 1, 1, 1]]; // prettier-ignore
    const mask = responseMask(tokens, [[1], [3, 4], 2], 9);
    assert.deepEqual([...mask], [0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1]);
  });
});
