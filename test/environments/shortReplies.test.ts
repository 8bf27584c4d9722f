import assert from "node:assert/strict";
import {
  fitShortReplyReward,
  shortRewardTable,
  withLength,
} from "../../lib/algorithms/rewardModel/shortReward";
import { Rng } from "../../lib/core/rng";
import { mean } from "../../lib/core/statistics";
import { expectation } from "../../lib/environments/exactPolicy";
import { drawReplyPairs } from "../../lib/environments/replyComparisons";
import { bagOfCounts, rubric, trueFeatures } from "../../lib/environments/replyFeatures";
import {
  goldReward,
  goldRewardOfWords,
  orders,
  replyOf,
  replyWords,
} from "../../lib/environments/replyLanguage";
import {
  shortDemonstratorLogProbabilities,
  shortGoldTables,
  shortReplyCount,
  shortReplyLengths,
  shortReplyOf,
} from "../../lib/environments/shortReplies";

const say = (text: string): number[] =>
  text.split(" ").filter(Boolean).map((word) => replyWords.indexOf(word as never)); // prettier-ignore
const close = (actual: number, expected: number, tolerance: number, what = ""): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what} ${actual} for ${expected}`);

const logp = orders.map(shortDemonstratorLogProbabilities);
const gold = shortGoldTables();
const lengths = shortReplyLengths();

describe("short replies", () => {
  it("are 1 + 8 + 64 + … + 32768 = 37449, numbered from the empty one, each once", () => {
    assert.equal(shortReplyCount, 37449);
    assert.deepEqual(shortReplyOf(0), []);
    assert.deepEqual(shortReplyOf(8), [7]);
    assert.deepEqual(shortReplyOf(9), [0, 0]);
    assert.deepEqual(shortReplyOf(4681 + 1234), replyOf(1234));
    const all = new Set(Array.from(lengths, (_, y) => shortReplyOf(y).join()));
    assert.equal(all.size, 37449);
    assert.throws(() => shortReplyOf(37449), /index/);
  });

  const cases: [string, number, string][] = [
    ["", 0, "nothing said"],
    ["hello", 1, "a greeting"],
    ["tea cake", 2.5, "two items, in order"],
    ["please thanks", 2, "two polite words and the close"],
    ["um", -1, "um"],
    ["hello tea cake please", 4.5, "1 + 2 + .5 + 1"],
  ];
  for (const [text, value, why] of cases) {
    it(`"${text}" is worth ${value}: ${why}`, () =>
      assert.equal(goldRewardOfWords({ first: 3, second: 4 }, say(text)), value));
  }

  it("of five words are worth what they were, and the best is still the one of 5.5", () => {
    for (const y of [0, 77, 32767])
      assert.equal(gold[2][4681 + y], goldReward(orders[2], replyOf(y)));
    for (const table of gold) {
      const best = Math.max(...table);
      assert.equal(best, 5.5);
      assert.equal(table.filter((r) => r === best).length, 1);
    }
  });

  it("of the demonstrator sum to 1, with 3.596 words and a gold reward of .642 on average", () => {
    for (const [x, table] of logp.entries()) {
      close(table.reduce((sum, l) => sum + Math.exp(l), 0), 1, 1e-10); // prettier-ignore
      close(expectation(table, lengths), 3.596, 5e-4, "words");
      close(expectation(table, gold[x]), 0.642, 5e-4, "gold");
    }
  });
});

describe("rewards of short replies", () => {
  it("a length term finds the bias, which the counts cannot tell from the words", () => {
    const found = Array.from({ length: 5 }, (_, seed) => {
      const longer = gold.map((table) => table.map((reward, y) => reward + lengths[y])); // λ = 1
      const pairs = drawReplyPairs(logp, longer, 2000, new Rng(`bias ${seed}`));
      const weights = fitShortReplyReward(withLength(rubric), pairs);
      const counted = fitShortReplyReward(bagOfCounts, pairs);
      return { lambda: weights[weights.length - 1], um: counted[6] };
    });
    // um has −.76 without bias; standard error of λ̂ about .04 a seed
    const excess = mean(found.map(({ lambda }) => lambda)) - 1;
    assert.ok(excess > -0.05 && excess < 0.25, `λ̂ − λ = ${excess}`);
    close(mean(found.map(({ um }) => um)), 0, 0.15, "um");
  });

  it("a length term beside features that count every word is decided by the ridge alone", () => {
    // length = Σ of all words' features, so a nat a word can move from one to the other at no cost in likelihood
    const pairs = drawReplyPairs(logp, gold, 2000, new Rng("not identified"));
    const weights = fitShortReplyReward(withLength(trueFeatures), pairs);
    assert.ok(weights[13] < -0.3, `λ̂ = ${weights[13]} where λ = 0`);
    assert.throws(
      () => fitShortReplyReward(withLength(trueFeatures), pairs, { ridge: 0 }),
      /Give a ridge above 0/,
    );
  });

  it("of the rubric are the gold reward with weights of one, faults −1", () => {
    const table = shortRewardTable(rubric, [1, 1, 0.5, 1, 0.5, -1], 3);
    assert.deepEqual(table, gold[3]);
  });

  it("tables hold w·φ of every reply", () => {
    const features = withLength(bagOfCounts);
    const weights = [1, 2, 3, 4, 5, 6, 7, 0.5];
    const table = shortRewardTable(features, weights, 0);
    assert.equal(table.length, shortReplyCount);
    assert.equal(table[0], 0);
    assert.equal(table[8], 7.5); // "um": 7, and one word
    const again = shortRewardTable(features, [...weights.slice(0, 7), 0], 0);
    assert.equal(again[8], 7);
    assert.throws(() => shortRewardTable(features, [1], 0), /weights must have 8 entries/);
  });
});
