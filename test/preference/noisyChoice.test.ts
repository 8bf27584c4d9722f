import assert from "node:assert/strict";

import { Rng } from "../../lib/core/rng";
import { sigmoid } from "../../lib/core/statistics";
import {
  choiceProbabilities,
  gumbelChoice,
  normalChoice,
  valueOfQuery,
} from "../../lib/preference/noisyChoice";
import { farthest } from "./cases";

const utilities = [1, 0.5, 0, -0.5, -1.5];

/** Counts of n choices among the first K options. */
function tally(
  choose: typeof gumbelChoice,
  options: readonly number[],
  n: number,
  rng: Rng,
): Float64Array {
  const counts = new Float64Array(options.length);
  for (let k = 0; k < n; k++) counts[choose(options, rng)]++;
  return counts;
}

describe("choiceProbabilities", () => {
  it("is σ of the difference for two options", () => {
    const p = choiceProbabilities([0.3, -0.4], 2);
    assert.ok(farthest(p, [sigmoid(1.4), sigmoid(-1.4)]) < 1e-15);
  });
  it("chooses blindly at β = 0 and the best at large β", () => {
    assert.deepEqual([...choiceProbabilities([1, 2], 0)], [0.5, 0.5]);
    assert.ok(choiceProbabilities([1, 2], 100)[1] > 1 - 1e-15);
    assert.throws(() => choiceProbabilities([1, 2], -1), /rationality/);
  });
});

describe("gumbelChoice, normalChoice", () => {
  it("Gumbel noise gives the softmax: χ²(4) below 23.5 on 100,000 choices", () => {
    const counts = tally(gumbelChoice, utilities, 100_000, new Rng("Gumbel"));
    const expected = choiceProbabilities(utilities).map((p) => p * 100_000);
    const statistic = counts.reduce((sum, n, k) => sum + (n - expected[k]) ** 2 / expected[k], 0);
    assert.ok(statistic < 23.5, `${statistic}`); // p = 1e-4
  });
  it("a further option leaves the odds of two alone under Gumbel noise, and shifts them under normal", () => {
    const logOdds = (counts: Float64Array) => Math.log(counts[0] / counts[1]);
    const shift = (choose: typeof gumbelChoice) => {
      const rng = new Rng("IIA");
      const three = tally(choose, [1, -0.5, 1], 200_000, rng); // the third is as good as the first
      return logOdds(three) - logOdds(tally(choose, [1, -0.5], 200_000, rng));
    };
    assert.ok(Math.abs(shift(gumbelChoice)) < 0.05); // 4 se
    assert.ok(shift(normalChoice) > 0.05); // about 0.2
  });
});

describe("valueOfQuery", () => {
  it("by hand: u is (1, 0) or (0, 1) at even odds, and a perfect answer is worth ½", () => {
    // now ½ whichever is taken; after the answer 1
    const value = valueOfQuery(
      [
        [1, 0],
        [0, 1],
      ],
      0,
      1,
      1000,
    );
    assert.ok(Math.abs(value - 0.5) < 1e-12);
  });
  it("enumerated for a noisy answer: σ(1)·½·2 − ½", () => {
    const value = valueOfQuery(
      [
        [1, 0],
        [0, 1],
      ],
      0,
      1,
      1,
    );
    assert.ok(Math.abs(value - (sigmoid(1) - 0.5)) < 1e-12);
  });
  it("is 0 when the answer changes nothing, and never below", () => {
    assert.equal(
      valueOfQuery(
        [
          [1, 0],
          [1, 0],
        ],
        0,
        1,
      ),
      0,
    );
    const rng = new Rng("queries");
    const samples = Array.from({ length: 50 }, () => [rng.normal(), rng.normal(), rng.normal()]);
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [0, 2],
    ])
      assert.ok(valueOfQuery(samples, a, b) >= 0);
    assert.throws(() => valueOfQuery(samples, 0, 3), /b must be in \[0, 2\], got 3/);
  });
});
