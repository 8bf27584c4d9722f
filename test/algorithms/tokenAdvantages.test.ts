import assert from "node:assert/strict";
import fc from "fast-check";
import { adaptBeta } from "../../lib/algorithms/klControl";
import {
  divergenceByPlace,
  logRatios,
  type Samples,
  tokenAdvantages,
  tokenRewards,
  whiten,
} from "../../lib/algorithms/tokenAdvantages";

const exact = 1e-12; // sums of a handful of doubles

/** Two sequences of a prompt of one token: a reply of three tokens, and one of two and padding. */
const samples = (): Samples => ({
  tokens: [
    [9, 1, 2, 3],
    [9, 4, 5, 0],
  ],
  steps: 3,
  mask: Float64Array.of(1, 1, 1, 1, 1, 0),
  logp: Float64Array.of(-1, -2, -3, -0.5, -1.5, -77),
  logpReference: Float64Array.of(-1.5, -2, -2, -1, -1, 55),
  values: Float64Array.of(1, 2, 3, 0.5, 1, 99),
});

const assertClose = (actual: ArrayLike<number>, expected: number[]): void => {
  assert.equal(actual.length, expected.length);
  expected.forEach((e, i) => assert.ok(Math.abs(actual[i] - e) < exact, `${i}: ${actual[i]}, not ${e}`)); // prettier-ignore
};

describe("tokenRewards", () => {
  it("charges β for each token's log-ratio and pays the score at the last one", () => {
    // log-ratios .5, 0, −1 and .5, −.5; β = 2
    assertClose(tokenRewards(samples(), [10, 20], 2), [-1, 0, 2 + 10, -1, 1 + 20, 0]);
  });

  it("sums to the score less β times the reply's log-ratio", () => {
    const rewards = tokenRewards(samples(), [10, 20], 0.3);
    const ratios = logRatios(samples());
    assertClose(ratios, [-0.5, 0]);
    const sums = [0, 1].map((b) => rewards.subarray(3 * b, 3 * b + 3).reduce((a, r) => a + r));
    assertClose(sums, [10 - 0.3 * ratios[0], 20 - 0.3 * ratios[1]]);
  });

  it("is the score alone when β is 0", () => {
    assertClose(tokenRewards(samples(), [10, 20], 0), [0, 0, 10, 0, 20, 0]);
  });

  it("refuses scores that are missing or no numbers", () => {
    assert.throws(() => tokenRewards(samples(), [1], 1), /scores/);
    assert.throws(() => tokenRewards(samples(), [1, NaN], 1), /scores/);
    assert.throws(() => tokenRewards(samples(), [1, 1], NaN), /beta/);
  });

  it("refuses a mask with a hole or without a reply", () => {
    const hole = { ...samples(), mask: Float64Array.of(1, 0, 1, 1, 1, 0) };
    assert.throws(() => tokenRewards(hole, [1, 1], 1), /one stretch of 1, got 101/);
    const none = { ...samples(), mask: Float64Array.of(1, 1, 1, 0, 0, 0) };
    assert.throws(() => tokenRewards(none, [1, 1], 1), /sequence 1/);
  });
});

describe("tokenAdvantages", () => {
  it("equals the generalised advantages worked out by hand", () => {
    const rewards = Float64Array.of(0, 0, 4, 0, 2, 0);
    // sequence 0: δ₂ = 4 − 3 = 1, δ₁ = 3 − 2 = 1, δ₀ = 2 − 1 = 1; Â₂ = 1, Â₁ = 1.5, Â₀ = 1.75
    // sequence 1: δ₁ = 2 − 1 = 1, δ₀ = 1 − .5 = .5; Â₁ = 1, Â₀ = 1
    const { advantages, returns } = tokenAdvantages(samples(), rewards, { lambda: 0.5 });
    assertClose(advantages, [1.75, 1.5, 1, 1, 1, 0]);
    assertClose(returns, [2.75, 3.5, 4, 1.5, 2, 0]);
  });

  it("equals the reward to go less the value when λ = γ = 1", () => {
    const { advantages, returns } = tokenAdvantages(samples(), Float64Array.of(1, 2, 3, 4, 5, 0), { lambda: 1 }); // prettier-ignore
    assertClose(returns, [6, 5, 3, 9, 5, 0]);
    assertClose(advantages, [5, 3, 0, 8.5, 4, 0]);
  });

  it("does not see what stands in prompt and padding", () => {
    const numbers = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 6, maxLength: 6 }); // prettier-ignore
    fc.assert(
      fc.property(numbers, fc.double({ min: -9, max: 9, noNaN: true }), (values, garbage) => {
        const rewards = Float64Array.of(1, -1, 2, 3, -2, 0);
        const one = { ...samples(), values: Float64Array.from(values) };
        const other = { ...one, values: one.values.map((v, i) => (i === 5 ? garbage : v)) };
        assert.deepEqual(tokenAdvantages(other, rewards), tokenAdvantages(one, rewards));
      }),
    );
  });
});

describe("divergenceByPlace", () => {
  it("averages the log-ratios of the replies that have a token there", () => {
    // .5 and .5; 0 and −.5; −1 alone
    assertClose(divergenceByPlace(samples()), [0.5, -0.25, -1]);
  });
});

describe("whiten", () => {
  it("gives the entries that count mean 0 and deviation 1, and leaves the rest at 0", () => {
    // 1, 2, 3: mean 2, sample deviation 1
    const white = whiten(Float64Array.of(1, 50, 2, 3), [1, 0, 1, 1]);
    [-1, 0, 0, 1].forEach((w, i) => assert.ok(Math.abs(white[i] - w) < 1e-7)); // 1e-8 in the divisor
  });
});

describe("adaptBeta", () => {
  it("moves β by the relative error times the gain, as in Ziegler et al.", () => {
    // KL 11 of 10: error .1, gain .1 → 1 %
    assert.ok(Math.abs(adaptBeta(2, 11, 10) - 2.02) < exact);
    assert.ok(Math.abs(adaptBeta(2, 9, 10) - 1.98) < exact);
  });

  it("moves by no more than gain times bound", () => {
    assert.ok(Math.abs(adaptBeta(1, 1000, 1) - 1.02) < exact);
    assert.ok(Math.abs(adaptBeta(1, -3, 1, { gain: 0.2 }) - 0.96) < exact);
  });

  it("stays where it is at the target", () => {
    assert.equal(adaptBeta(0.37, 4, 4), 0.37);
  });

  it("refuses what has no meaning", () => {
    assert.throws(() => adaptBeta(0, 1, 1), /beta/);
    assert.throws(() => adaptBeta(1, NaN, 1), /kl/);
    assert.throws(() => adaptBeta(1, 1, 0), /target/);
  });
});
