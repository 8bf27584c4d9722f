import assert from "node:assert/strict";
import {
  fitLinearReward,
  fitReplyReward,
  pairAccuracy,
} from "../../lib/algorithms/rewardModel/linearReward";
import {
  networkRewardSteps,
  trainNetworkReward,
} from "../../lib/algorithms/rewardModel/networkReward";
import { Rng } from "../../lib/core/rng";
import { logSigmoid } from "../../lib/core/statistics";
import { drawReplyPairs } from "../../lib/environments/replyComparisons";
import {
  bagOfCounts,
  countsAndFirstWord,
  featureTables,
  oneHotReply,
  trueFeatures,
} from "../../lib/environments/replyFeatures";
import {
  demonstratorLogProbabilities,
  goldReward,
  goldTable,
  orders,
  replyCount,
  replyOf,
  replyWords,
} from "../../lib/environments/replyLanguage";
import { ready, tf } from "../../lib/tensor";

const reference = orders.map(demonstratorLogProbabilities);
const gold = orders.map(goldTable);
const fresh = drawReplyPairs(reference, gold, 20000, new Rng("held out"));
const say = (text: string): number[] =>
  text.split(" ").map((word) => replyWords.indexOf(word as never));

describe("features of replies", () => {
  const order = { first: 3, second: 4 };
  it("of one reply are counted by hand", () => {
    const reply = say("hello tea tea please milk");
    assert.deepEqual(bagOfCounts.of(order, reply), [1, 1, 0, 2, 1, 0, 0]);
    assert.deepEqual(countsAndFirstWord.of(order, reply), [1, 0, 1, 0, 2, 1, 0, 0]);
    assert.deepEqual(trueFeatures.of(order, reply), [1, 0, 1, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    assert.equal(oneHotReply.of(order, reply).filter(Boolean).length, 7);
  });

  it("stand in the tables reply by reply, and are worked out once", () => {
    const tables = featureTables(bagOfCounts);
    const row = (y: number): number[] => Array.from(tables[2].slice(7 * y, 7 * y + 7));
    for (const y of [0, 77, replyCount - 1])
      assert.deepEqual(row(y), bagOfCounts.of(orders[2], replyOf(y)));
    assert.equal(featureTables(bagOfCounts), tables);
  });

  it("the true ones make the gold reward with the weights of its table", () => {
    const weights = [1, -1, 1, -1, 0.5, 1, 1.5, 0, -2, -4, 0.5, -0.5, -1];
    const rng = new Rng("features");
    for (let i = 0; i < 300; i++) {
      const [one, reply] = [orders[rng.integer(6)], replyOf(rng.integer(replyCount))];
      const reward = trueFeatures.of(one, reply).reduce((sum, x, f) => sum + weights[f] * x, 0);
      assert.equal(reward, goldReward(one, reply));
    }
  });
});

describe("fitLinearReward", () => {
  it("of one feature is worked out by hand: 3 wins, 1 loss, σ(w) = ¾", () => {
    const [weight] = fitLinearReward([1, 1, 1, -1], 1, { ridge: 0 });
    assert.ok(Math.abs(weight - Math.log(3)) < 1e-9, `${weight}`);
  });

  it("ends where the likelihood's slope is 0, by finite differences", () => {
    const rng = new Rng("slope");
    const differences = Float64Array.from({ length: 60 }, () => rng.normal());
    const weights = fitLinearReward(differences, 3, { ridge: 0.5 });
    const value = (w: Float64Array): number => {
      let total = -0.25 * w.reduce((sum, x) => sum + x * x, 0);
      for (let at = 0; at < 60; at += 3)
        total += logSigmoid(w[0] * differences[at] + w[1] * differences[at + 1] + w[2] * differences[at + 2]); // prettier-ignore
      return total;
    };
    for (let f = 0; f < 3; f++) {
      const nudged = (by: number): number => value(weights.map((w, g) => (g === f ? w + by : w)));
      assert.ok(Math.abs((nudged(1e-5) - nudged(-1e-5)) / 2e-5) < 1e-6);
    }
  });

  it("says so when a weight is not determined", () => {
    assert.throws(() => fitLinearReward([1, 0, 1, 0, -1, 0], 2, { ridge: 0 }), /Give a ridge/);
    assert.throws(() => fitLinearReward([1, 2, 3], 2), /M·2 entries, got 3/);
  });
});

describe("reward models of replies", () => {
  it("true features reach .78 with 400 labels, a bag of counts stays in [.65, .68] with 1,000", () => {
    const pairs = drawReplyPairs(reference, gold, 1000, new Rng(5));
    const all = pairAccuracy(fitReplyReward(trueFeatures, pairs.slice(0, 400)).tables, fresh);
    assert.ok(all >= 0.78, `${all}`);
    const counts = pairAccuracy(fitReplyReward(bagOfCounts, pairs).tables, fresh);
    assert.ok(counts >= 0.65 && counts <= 0.68, `${counts}`);
  });

  it("with counts and the first word the favourite reply is a polite flood", () => {
    const pairs = drawReplyPairs(reference, gold, 1000, new Rng(6));
    const [table] = fitReplyReward(countsAndFirstWord, pairs).tables;
    const favourite = replyOf(table.indexOf(Math.max(...table)));
    const polite = favourite.filter((word) => word === 1 || word === 2).length;
    assert.deepEqual([favourite[0], polite], [0, 4]);
  });

  it("a network learns more from 3,000 labels than counts can say, and is the same for the same seed", async () => {
    await ready();
    const tensorsBefore = tf.memory().numTensors;
    const pairs = drawReplyPairs(reference, gold, 3000, new Rng(7));
    const tables = await trainNetworkReward(pairs, new Rng("network"));
    assert.ok(pairAccuracy(tables, fresh) > 0.7, `${pairAccuracy(tables, fresh)}`);
    const again = await trainNetworkReward(pairs, new Rng("network"), { steps: 3 });
    const once = await trainNetworkReward(pairs, new Rng("network"), { steps: 3 });
    assert.deepEqual(again, once);
    assert.equal(tf.memory().numTensors, tensorsBefore);
  });

  it("takes six passes, between 60 and 1,000 steps", () =>
    assert.deepEqual([100, 3000, 30000].map(networkRewardSteps), [60, 141, 1000]));
});
