import assert from "node:assert/strict";
import fc from "fast-check";
import {
  bestOfN,
  bestOfNEstimate,
  bestOfNKlBound,
  bestOfNWinRate,
  ExactBestOfN,
} from "../../lib/algorithms/bestOfN";
import { Rng } from "../../lib/core/rng";
import { mean } from "../../lib/core/statistics";
import {
  bestOfNPolicy,
  expectation,
  klDivergence,
  normalised,
} from "../../lib/environments/exactPolicy";
import {
  demonstratorLogProbabilities,
  goldTable,
  orders,
} from "../../lib/environments/replyLanguage";

/** Sums of a few thousand double-precision terms. */
const rounding = 1e-10;
const close = (actual: number, expected: number, tolerance = rounding): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} for ${expected}`);

describe("ExactBestOfN", () => {
  it("of two replies is worked out by hand: ¼ and ¾ from a half each, n = 2", () => {
    const exact = new ExactBestOfN([Math.log(0.5), Math.log(0.5)], [1, 2]);
    const [worse, better] = exact.policy(2).map(Math.exp);
    close(worse, 0.25); // both draws the worse one
    close(better, 0.75);
    close(exact.kl(2), 0.25 * Math.log(0.5) + 0.75 * Math.log(1.5));
    close(exact.expectation(2, [10, 20]), 17.5);
    close(exact.winRate(2), 0.625); // ¾·(½ + ½·½) + ¼·½·½
  });

  it("is the enumeration over all n-tuples, ties shared", () => {
    const rng = new Rng("tuples");
    const p = [0.1, 0.2, 0.3, 0.25, 0.15];
    const rewards = [1, 2, 2, 0, 1];
    const exact = new ExactBestOfN(p.map(Math.log), rewards).policy(3).map(Math.exp);
    const counted = new Float64Array(5);
    for (let t = 0; t < 125; t++) {
      const tuple = [t % 5, Math.floor(t / 5) % 5, Math.floor(t / 25)];
      const chance = tuple.reduce((product, y) => product * p[y], 1);
      const top = Math.max(...tuple.map((y) => rewards[y]));
      const best = tuple.filter((y) => rewards[y] === top);
      for (const y of best) counted[y] += chance / best.length;
    }
    // the first of equals, or a random one: both share in proportion to p
    counted.forEach((c, y) => close(exact[y], c));
    void rng;
  });

  it("has KL log n − (n−1)/n and win rate n/(n+1) without ties, and less with them", () => {
    const logp = demonstratorLogProbabilities(orders[0]);
    const gold = goldTable(orders[0]);
    const rng = new Rng("no ties");
    const free = new ExactBestOfN(logp, gold.map((r) => r + 1e-6 * rng.uniform())); // prettier-ignore
    const tied = new ExactBestOfN(logp, gold);
    // the published table of this world, from its demonstrator
    for (const n of [2, 4, 16, 64, 256]) {
      close(free.kl(n), bestOfNKlBound(n), 2e-3);
      close(free.winRate(n), bestOfNWinRate(n), 2e-4);
      assert.ok(tied.kl(n) < bestOfNKlBound(n) && tied.winRate(n) < bestOfNWinRate(n));
    }
  });

  it("agrees with the table of bestOfNPolicy, which sorts for each n", () => {
    const rng = new Rng("agree");
    const logp = normalised(Array.from({ length: 200 }, () => rng.normal()));
    const rewards = Array.from({ length: 200 }, () => rng.integer(12));
    const values = Array.from({ length: 200 }, () => rng.normal());
    const exact = new ExactBestOfN(logp, rewards);
    for (const n of [1, 1.5, 7, 300]) {
      const slow = bestOfNPolicy(logp, rewards, n);
      exact.policy(n).forEach((q, y) => close(Math.exp(q), Math.exp(slow[y]), 1e-9));
      close(exact.kl(n), klDivergence(slow, logp), 1e-9);
      close(exact.expectation(n, values), expectation(slow, values), 1e-9);
    }
  });

  it("never has more KL than the bound, whatever the rewards", () => {
    const world = fc.array(fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.integer({ min: 0, max: 4 })), { minLength: 2, maxLength: 30 }); // prettier-ignore
    fc.assert(
      fc.property(world, fc.integer({ min: 1, max: 1000 }), (replies, n) => {
        const exact = new ExactBestOfN(normalised(replies.map(([score]) => score)), replies.map(([, r]) => r)); // prettier-ignore
        assert.ok(exact.kl(n) <= bestOfNKlBound(n) + rounding);
        assert.ok(exact.winRate(n) <= bestOfNWinRate(n) + rounding);
        close(
          exact.policy(n).reduce((sum, q) => sum + Math.exp(q), 0),
          1,
          1e-9,
        );
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("refuses rewards that are no numbers, and n below 0", () => {
    assert.throws(() => new ExactBestOfN([0], [NaN]), /rewards\[0\] must be a finite number/);
    assert.throws(() => new ExactBestOfN([0, 0], [1]), /equally many/);
    assert.throws(() => new ExactBestOfN([0], [1]).kl(0), /n must be a finite number above 0/);
  });
});

describe("bestOfNEstimate", () => {
  it("is the mean over all subsets of n, enumerated, ties shared", () => {
    const [scores, values] = [[3, 1, 2, 2, 5, 2], [10, 20, 30, 40, 50, 60]]; // prettier-ignore
    for (const n of [1, 2, 3, 6]) {
      const found: number[] = [];
      for (let subset = 0; subset < 64; subset++) {
        const drawn = scores.map((_, i) => i).filter((i) => (subset >> i) & 1);
        if (drawn.length !== n) continue;
        const top = Math.max(...drawn.map((i) => scores[i]));
        found.push(mean(drawn.filter((i) => scores[i] === top).map((i) => values[i])));
      }
      close(bestOfNEstimate(scores, values, n), mean(found));
    }
  });

  it("is the mean for n = 1 and the best for n = N", () => {
    close(bestOfNEstimate([1, 2, 3], [7, 8, 12], 1), 9);
    close(bestOfNEstimate([1, 2, 3], [7, 8, 12], 3), 12);
    assert.throws(() => bestOfNEstimate([1, 2], [1, 2], 3), /n must be an integer in \[1, 2\]/);
  });
});

describe("bestOfN", () => {
  it("keeps the best of n draws: its samples have the exact policy's mean", () => {
    const p = [0.4, 0.3, 0.2, 0.1].map(Math.log);
    const rewards = [0, 1, 2, 3];
    const rng = new Rng("draws");
    const kept = Array.from({ length: 20000 }, () => bestOfN((r) => r.categorical(p), (y) => rewards[y], 4, rng)); // prettier-ignore
    const expected = new ExactBestOfN(p, rewards).expectation(4, rewards);
    close(mean(kept), expected, 0.025); // 4 standard errors
  });
});
