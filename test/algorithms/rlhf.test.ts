import assert from "node:assert/strict";
import { ExactReplies, expectedReward, goldTables, meanKl, replyReference } from "../../lib/algorithms/replyPolicy"; // prettier-ignore
import { Rlhf, type RlhfOptions } from "../../lib/algorithms/rlhf";
import { type Samples, tokenAdvantages, tokenRewards } from "../../lib/algorithms/tokenAdvantages";
import { tokenPolicyLoss } from "../../lib/algorithms/tokenLosses";
import { Rng } from "../../lib/core/rng";
import { tiltedPolicy } from "../../lib/environments/exactPolicy";
import { goldReward, orders } from "../../lib/environments/replyLanguage";
import { copyOf, copyWeights } from "../../lib/models/copyWeights";
import { type Gpt, gpt } from "../../lib/models/gpt";
import { languageModelLoss, tokenLogProbabilities } from "../../lib/models/logProbabilities";
import { ready, type Scalar, type Tensor, tf } from "../../lib/tensor";

const single = 1e-5; // single precision through a network, by two paths

let tensorsAtFirst: number;
before(async () => {
  await ready();
  tensorsAtFirst = tf.memory().numTensors;
});
after(() => assert.equal(tf.memory().numTensors, tensorsAtFirst, "tensors are disposed of"));

const read = (make: () => Tensor): number[] => tf.tidy(() => Array.from(make().dataSync()));

describe("copyWeights", () => {
  it("makes a model that says the same, and shares nothing", () => {
    const model = gpt({ vocabulary: 5, context: 4, layers: 1, heads: 1, width: 4 }, new Rng(1));
    const copy = copyOf(model);
    const tokens = tf.tensor2d([[1, 2, 3, 4]], undefined, "int32");
    const before = read(() => model.logits(tokens));
    assert.deepEqual(
      read(() => copy.logits(tokens)),
      before,
    );
    tf.tidy(() => copy.parameters["wte.weight"].assign(tf.zeros([5, 4])));
    assert.deepEqual(
      read(() => model.logits(tokens)),
      before,
    );
    const other = gpt({ vocabulary: 5, context: 4, layers: 1, heads: 1, width: 8 }, new Rng(1));
    assert.throws(() => copyWeights(model, other), /cannot take the weights/);
    [model, copy, other].forEach((one) => one.dispose());
    tokens.dispose();
  });
});

describe("rewards, advantages and loss together", () => {
  it("have the gradient of E[r] − β·KL(π‖π_ref), enumerated over all replies", () => {
    const config = { vocabulary: 3, context: 3, layers: 1, heads: 1, width: 4 };
    const [policy, reference] = [gpt(config, new Rng("π")), gpt(config, new Rng("π_ref"))];
    const replies = Array.from({ length: 9 }, (_, y) => [1, Math.floor(y / 3), y % 3]);
    const scores = replies.map((_, y) => Math.sin(3 * y));
    const beta = 0.7;
    const tokens = tf.tensor2d(replies, undefined, "int32");
    const logpOf = (model: Gpt): Tensor => tokenLogProbabilities(model, tokens); // [9, 2]
    const variables = Object.values(policy.parameters);

    const objective = (): Scalar => {
      const logp = tf.sum(logpOf(policy), 1);
      const ratio = tf.sub(logp, tf.sum(logpOf(reference), 1));
      const worth = tf.sub(tf.tensor1d(scores), tf.mul(beta, ratio));
      return tf.neg(tf.sum(tf.mul(tf.exp(logp), worth))).asScalar();
    };
    const [logp, logpReference] = [policy, reference].map((m) => Float64Array.from(read(() => logpOf(m)))); // prettier-ignore
    const samples: Samples = {
      tokens: replies,
      steps: 2,
      mask: new Float64Array(18).fill(1),
      logp,
      logpReference,
      values: new Float64Array(18),
    };
    const rewards = tokenRewards(samples, scores, beta);
    const { advantages } = tokenAdvantages(samples, rewards, { lambda: 1 });
    // the loss is a mean over 18 tokens of equal weight; each reply is to weigh π(y)
    const weighed = advantages.map((a, i) => {
      const y = i - (i % 2);
      return 18 * Math.exp(logp[y] + logp[y + 1]) * a;
    });
    const matrix = (values: Float64Array): Tensor => tf.tensor2d(Float32Array.from(values), [9, 2]);
    const surrogate = (): Scalar =>
      tokenPolicyLoss(logpOf(policy), matrix(logp), matrix(weighed), tf.ones([9, 2]), 0.2).asScalar(); // prettier-ignore

    const gradients = [objective, surrogate].map((loss) =>
      tf.tidy(() => {
        const { grads } = tf.variableGrads(loss, variables);
        return variables.flatMap(({ name }) => Array.from(grads[name].dataSync()));
      }),
    );
    assert.ok(Math.max(...gradients[0].map(Math.abs)) > 0.05, "there is something to compare");
    gradients[0].forEach((g, i) => assert.ok(Math.abs(g - gradients[1][i]) < single, `${i}`));
    [policy, reference].forEach((model) => model.dispose());
    tokens.dispose();
  });
});

describe("Rlhf", () => {
  let reference: Gpt;
  let policy: Gpt;
  let run: Rlhf;
  before(() => {
    reference = replyReference();
    policy = copyOf(reference);
    run = make();
  });
  beforeEach(() => run.restart());
  after(() => [reference, policy, run].forEach((one) => one.dispose()));

  const prompts = Array.from({ length: 96 }, (_, i) => [orders[i % 6].first, orders[i % 6].second]);
  const gold = ([first, second, ...reply]: number[]): number =>
    goldReward({ first, second }, reply);
  const make = (options: Partial<RlhfOptions> = {}): Rlhf =>
    new Rlhf(policy, reference, new Rng("critic"), { length: 7, ...options });
  const iterate = (run: Rlhf, rng: Rng, beta: number): Samples => {
    const samples = run.sample(prompts, rng);
    const rewards = tokenRewards(samples, samples.tokens.map(gold), beta);
    run.update(samples, tokenAdvantages(samples, rewards), 2e-3, rng);
    return samples;
  };

  it("samples with the log-probabilities of policy and reference, and a critic that says 0", () => {
    const { tokens, steps, mask, logp, logpReference, values } = run.sample(prompts, new Rng(1));
    assert.deepEqual(
      tokens.map((row) => row.slice(0, 2)),
      prompts,
    );
    assert.equal(steps, 6);
    assert.deepEqual([...mask.subarray(0, 6)], [0, 1, 1, 1, 1, 1]);
    const expected = read(() =>
      tokenLogProbabilities(reference, tf.tensor2d(tokens, undefined, "int32")),
    );
    expected.forEach((l, i) => {
      assert.ok(Math.abs(logpReference[i] - l) < single);
      assert.ok(mask[i] === 0 || Math.abs(logp[i] - l) < single, `${i}: ${logp[i]} and ${l}`);
    });
    assert.ok(values.every((v) => v === 0));
  });

  it("counts a reply up to and with its stop token", () => {
    const stopping = make({ stop: 6 }); // "!" ends a reply
    const { tokens, mask } = stopping.sample(prompts, new Rng(2));
    tokens.forEach((row, b) => {
      const end = row.indexOf(6, 2);
      const length = end === -1 ? 5 : end - 1;
      const counted = mask.subarray(6 * b, 6 * b + 6).reduce((sum, m) => sum + m, 0);
      assert.equal(counted, length, row.join());
    });
    stopping.dispose();
  });

  it("goes to the exact optimum, repeats itself with the same seed, and starts over", () => {
    const exact = new ExactReplies(policy);
    const start = exact.logProbabilities();
    const optimum = start.map((logp, x) => tiltedPolicy(logp, goldTables()[x], 1));
    const ends = [3, 3, 4].map((seed) => {
      run.restart();
      const rng = new Rng(seed);
      for (let iteration = 0; iteration < 12; iteration++) iterate(run, rng, 1);
      return exact.logProbabilities();
    });
    run.restart();
    assert.deepEqual(exact.logProbabilities(), start);
    assert.deepEqual(ends[0], ends[1]);
    assert.notDeepEqual(ends[0], ends[2]);
    const [far, near] = [start, ends[0]].map((logp) => meanKl(logp, optimum));
    assert.ok(near < 0.6 * far, `from ${far} to ${near} nats before π*`); // .45 ± .05 of it over 8 seeds
    assert.ok(expectedReward(ends[0], goldTables()) > expectedReward(start, goldTables()) + 0.8);
    exact.dispose();
  });

  it("reports a divergence of 0 before the first update", () => {
    const samples = run.sample(prompts, new Rng(5));
    const rewards = tokenRewards(samples, samples.tokens.map(gold), 1);
    const log = run.update(samples, tokenAdvantages(samples, rewards), 0, new Rng(6));
    assert.ok(Math.abs(log.kl) < single, `${log.kl}`);
    assert.ok(Math.abs(log.approxKl) < single && log.clipFraction === 0);
    assert.ok(Math.abs(log.policyLoss) < single, "advantages have mean 0 and all ratios are 1");
    const returns = tokenAdvantages(samples, rewards).returns.filter((_, i) => samples.mask[i]);
    const half = returns.reduce((sum, r) => sum + (r * r) / 2, 0) / returns.length;
    assert.ok(Math.abs(log.valueLoss - half) < 1e-4 * half, "the critic says 0");
  });

  it("mixes pretraining in: the text stays likely", () => {
    const text = [0, 3, 4, 1, 2, 2, 2];
    const draw = (): Tensor => tf.tensor2d([text], undefined, "int32");
    const losses = [0, 5].map((weight) => {
      run.restart();
      const samples = run.sample(prompts, new Rng(7));
      const rewards = tokenRewards(samples, samples.tokens.map(gold), 0.5);
      const mix = weight > 0 ? { draw, weight } : undefined;
      run.update(samples, tokenAdvantages(samples, rewards), 2e-3, new Rng(8), mix);
      return read(() => languageModelLoss(policy, draw()))[0];
    });
    assert.ok(losses[1] < losses[0] - 0.05, losses.join());
  });

  it("stops at a step that is no longer finite, and keeps the weights before it", () => {
    run.restart();
    const samples = run.sample(prompts, new Rng(10));
    const rewards = tokenRewards(samples, samples.tokens.map(gold), 0.5);
    const advantages = tokenAdvantages(samples, rewards);
    assert.throws(() => run.update(samples, advantages, 1e39, new Rng(11)), /weights are kept/);
    assert.deepEqual(run.sample(prompts, new Rng(10)), samples);
  });

  it("refuses a batch that cannot be cut into equal parts, and settings without a meaning", () => {
    const odd = { ...run.sample(prompts, new Rng(9)) };
    odd.tokens = odd.tokens.slice(1); // 95
    for (const key of ["mask", "logp", "logpReference", "values"] as const)
      odd[key] = odd[key].subarray(6);
    const advantages = tokenAdvantages(odd, odd.values);
    assert.throws(() => run.update(odd, advantages, 1e-3, new Rng(1)), /95 samples cannot be cut/);
    assert.throws(() => run.update(odd, advantages, -1, new Rng(1)), /learningRate/);
    assert.throws(() => make({ clip: 0 }), /clip/);
    assert.throws(() => make({ epochs: 0 }), /epochs/);
    assert.throws(() => make({ length: 8 }), /Rollout: length/);
  });
});
