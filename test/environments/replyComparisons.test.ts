import assert from "node:assert/strict";
import { Rng } from "../../lib/core/rng";
import { sigmoid } from "../../lib/core/statistics";
import { drawReplyPairs, type ReplyPair } from "../../lib/environments/replyComparisons";
import {
  demonstratorLogProbabilities,
  goldTable,
  orders,
} from "../../lib/environments/replyLanguage";
import {
  shortDemonstratorLogProbabilities,
  shortGoldTables,
  shortReplyLengths,
} from "../../lib/environments/shortReplies";

const logp = orders.map(demonstratorLogProbabilities);
const gold = orders.map(goldTable);

/** Share of 20,000 pairs in which the better reply was preferred, and what the formula says it should be. */
function rightShares(options: { temperature?: number; flips?: number }): [number, number] {
  const { temperature = 1, flips = 0 } = options;
  const pairs = drawReplyPairs(logp, gold, 20000, new Rng("pairs"), options);
  let [right, expected] = [0, 0];
  for (const { order, chosen, rejected } of pairs) {
    assert.notEqual(chosen, rejected);
    const size = Math.abs(gold[order][chosen] - gold[order][rejected]);
    expected += flips + (1 - 2 * flips) * sigmoid(size / temperature);
    right += gold[order][chosen] > gold[order][rejected] ? 1 : size === 0 ? 0.5 : 0;
  }
  return [right / pairs.length, expected / pairs.length];
}

describe("drawReplyPairs", () => {
  for (const options of [{}, { temperature: 0.25 }, { flips: 0.3 }]) {
    it(`prefers as ε + (1−2ε)·σ(Δr/τ) with ${JSON.stringify(options)}`, () => {
      const [right, expected] = rightShares(options);
      assert.ok(Math.abs(right - expected) < 0.014, `${right} for ${expected}`); // 4 standard errors
    });
  }

  it("has the ceiling E σ(|Δr|) = .802 for pairs of the demonstrator's", () =>
    assert.ok(Math.abs(rightShares({})[1] - 0.802) < 0.01));

  it("prefers by σ(Δr + λΔlength) when λ·length is part of the reward: counted over one kind of pair", () => {
    // two replies only: "um" (−1, one word) against nothing (0); λ = 1.5
    const lengths = shortReplyLengths();
    const half = Math.log(0.5);
    const two = lengths.map((_, y) => (y === 0 || y === 8 ? half : -Infinity));
    const felt = shortGoldTables()[0].map((reward, y) => reward + 1.5 * lengths[y]);
    const pairs = drawReplyPairs([two], [felt], 4000, new Rng(3));
    const um = pairs.filter(({ chosen }) => chosen === 8).length / 4000;
    assert.ok(Math.abs(um - sigmoid(-1 + 1.5)) < 0.032, `${um}`); // 4 standard errors
  });

  it("draws the same pairs for the same seed, and others for another", () => {
    const draw = (seed: number): ReplyPair[] => drawReplyPairs(logp, gold, 5, new Rng(seed));
    assert.deepEqual(draw(1), draw(1));
    assert.notDeepEqual(draw(1), draw(2));
  });

  it("refuses tables that do not belong together, and annotators without measure", () => {
    const rng = new Rng(1);
    const short = orders.map(shortDemonstratorLogProbabilities);
    assert.throws(() => drawReplyPairs(logp, gold.slice(1), 5, rng), /logp has 6, rewards has 5/);
    assert.throws(() => drawReplyPairs(short, gold, 5, rng), /order 0.*logp has 37449/);
    assert.throws(() => drawReplyPairs([], [], 5, rng), /logp needs at least 1 entry/);
    assert.throws(() => drawReplyPairs(logp, gold, 5, rng, { temperature: 0 }), /temperature/);
    assert.throws(() => drawReplyPairs(logp, gold, 5, rng, { flips: 0.6 }), /flips/);
  });
});
