import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { ktoBatch, pairBatch, replyPairsFrom } from "../../lib/algorithms/replyPairs";
import {
  ExactReplies,
  expectedReward,
  goldTables,
  meanKl,
  replyLogp,
  replyReference,
  replyTokens,
} from "../../lib/algorithms/replyPolicy";
import { dataFolder } from "../../lib/core/dataTable";
import { Rng } from "../../lib/core/rng";
import { normalised, tableSampler } from "../../lib/environments/exactPolicy";
import {
  demonstratorLogProbabilities,
  orders,
  orderText,
  replyCount,
  replyOf,
  replyText,
} from "../../lib/environments/replyLanguage";
import type { Gpt } from "../../lib/models/gpt";
import { loadShippedGpt, modelCard } from "../../lib/models/shippedModel";
import { ready, tf } from "../../lib/tensor";

/** Single precision in the sum of five log-probabilities of up to 10 nats, on other processors too. */
const singlePrecision = 1e-4;

describe("π_ref of the reply language", () => {
  let tensorsBefore: number;
  let model: Gpt;
  let exact: ExactReplies;
  let logp: Float64Array[];
  before(async () => {
    await ready();
    tensorsBefore = tf.memory().numTensors;
    model = replyReference();
    exact = new ExactReplies(model);
    logp = exact.logProbabilities();
  });
  after(() => {
    exact.dispose();
    model.dispose();
    assert.equal(tf.memory().numTensors, tensorsBefore, "no tensor is left behind");
  });

  it("does what its card says: exact gold in 0.38–0.47, KL(demonstrator‖π_ref) ≤ 0.08", () => {
    const { measured } = modelCard("reply-reference");
    const gold = expectedReward(logp, goldTables());
    const kl = meanKl(orders.map(demonstratorLogProbabilities), logp);
    assert.ok(gold >= 0.38 && gold <= 0.47, `gold ${gold}`);
    assert.ok(kl <= 0.08, `KL ${kl}`);
    assert.ok(Math.abs(gold - measured.gold) < 1e-4, `card ${measured.gold}, here ${gold}`);
    assert.ok(Math.abs(kl - measured.klFromDemonstrator) < 1e-4);
    assert.equal(model.parameterCount, measured.weights);
    assert.ok(statSync(join(dataFolder(), "reply-reference.safetensors")).size < 1e6);
  });

  it("its exact table is what the model says of each reply, and sums to 1", () => {
    const rng = new Rng("some replies");
    for (const [order, table] of logp.entries()) {
      const total = table.reduce((sum, one) => sum + Math.exp(one), 0);
      assert.ok(Math.abs(total - 1) < 1e-9);
      const replies = Array.from({ length: 50 }, () => rng.integer(replyCount));
      const said = tf.tidy(() => {
        const tokens = replies.map((reply) => replyTokens(order, reply));
        return replyLogp(model, tf.tensor2d(tokens, undefined, "int32")).dataSync();
      });
      replies.forEach((reply, i) =>
        assert.ok(Math.abs(table[reply] - said[i]) < singlePrecision, replyText(replyOf(reply))),
      );
    }
  });

  it("is read anew when the weights have changed", () => {
    const places = model.parameters["wpe.weight"];
    const kept = tf.keep(tf.tidy(() => tf.mul(places, 1)));
    tf.tidy(() => places.assign(tf.mul(places, 0))); // which slot a word stands in is not known any more
    const [table] = exact.logProbabilities();
    places.assign(kept);
    kept.dispose();
    assert.ok(Math.abs(table[7] - logp[0][7]) > 0.1);
    assert.deepEqual(exact.logProbabilities(), logp);
  });

  it("refuses a model that is not there, and a sequence that is no reply", () => {
    assert.throws(() => loadShippedGpt("no-such-model"), /there is no model "no-such-model"/);
    const short = tf.zeros([2, 6], "int32");
    assert.throws(() => replyLogp(model, short), /must be \[B, 7\], got \[2, 6\]/);
    short.dispose();
  });

  it("people's labels become pairs; ties and “cannot tell” say nothing", () => {
    const [first, second] = [replyText(replyOf(100)), replyText(replyOf(200))];
    const labels = ([1, 0, "tie", "cannot tell", 0.5, 0.8] as const).map((preference) => ({
      prompt: orderText(orders[2]),
      first,
      second,
      preference,
      annotator: "Ada",
      time: "2026-01-01T00:00:00Z",
    }));
    assert.deepEqual(replyPairsFrom(labels), [
      { order: 2, chosen: 100, rejected: 200 },
      { order: 2, chosen: 200, rejected: 100 },
      { order: 2, chosen: 100, rejected: 200 },
    ]);
    assert.throws(() => replyPairsFrom([{ ...labels[0], prompt: "tea?" }]), /"tea\?" is no order/);
    assert.throws(() => replyPairsFrom([{ ...labels[0], first: "two sugars" }]), /"two" in/);
  });

  it("a batch holds all chosen, then all rejected replies, with their reference", () => {
    const pairs = [
      { order: 1, chosen: 5, rejected: 9 },
      { order: 3, chosen: 8, rejected: 2 },
    ];
    const { tokens, reference } = pairBatch(pairs, logp);
    assert.deepEqual(tokens.arraySync(), [
      replyTokens(1, 5),
      replyTokens(3, 8),
      replyTokens(1, 9),
      replyTokens(3, 2),
    ]);
    const wanted = [logp[1][5], logp[3][8], logp[1][9], logp[3][2]];
    Array.from(reference.dataSync()).forEach((x, i) => assert.ok(Math.abs(x - wanted[i]) < 1e-5));
    const kto = ktoBatch(pairs, logp);
    assert.deepEqual((kto.tokens.arraySync() as number[][]).slice(4), [
      replyTokens(1, 8),
      replyTokens(3, 5),
    ]);
    assert.ok(Math.abs(kto.reference.dataSync()[5] - logp[3][5]) < 1e-5);
    tf.dispose([tokens, reference, kto.tokens, kto.reference]);
  });
});

describe("tableSampler", () => {
  it("draws each entry as often as its probability says, and never what has none", () => {
    const logp = [Math.log(0.2), -Infinity, Math.log(0.5), Math.log(0.3), -Infinity];
    const draw = tableSampler(logp);
    const rng = new Rng("sampler");
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 20000; i++) counts[draw(rng)] += 1;
    [0.2, 0, 0.5, 0.3, 0].forEach((p, y) =>
      assert.ok(Math.abs(counts[y] / 20000 - p) <= 4 * Math.sqrt((p * (1 - p)) / 20000)),
    );
    assert.equal(normalised([0, 0])[0], Math.log(0.5));
  });
});
