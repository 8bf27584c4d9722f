import assert from "node:assert/strict";
import fc from "fast-check";
import { k1, k2, k3 } from "../../lib/algorithms/klEstimators";
import { Rng } from "../../lib/core/rng";
import { mean, standardDeviation, sum } from "../../lib/core/statistics";

/** Mean and standard deviation of an estimator for N(0, 1) against N(μ, 1), in units of the KL. */
function measured(estimate: (l: number) => number, mu: number, samples = 200_000) {
  const rng = new Rng(`kl ${mu}`);
  // log q − log p = −½(x − μ)² + ½x² = μx − ½μ²
  const values = Float64Array.from({ length: samples }, () =>
    estimate(mu * rng.normal() - mu ** 2 / 2),
  );
  const kl = mu ** 2 / 2;
  return { bias: mean(values) / kl - 1, sd: standardDeviation(values) / kl };
}

/** Two distributions over 4 outcomes. */
const [p, q] = [
  [0.1, 0.2, 0.3, 0.4],
  [0.3, 0.25, 0.25, 0.2],
];
const kl = sum(p.map((x, i) => x * Math.log(x / q[i])));
const expectation = (estimate: (l: number) => number): number =>
  sum(p.map((x, i) => x * estimate(Math.log(q[i] / x))));

describe("the KL estimators k1, k2, k3", () => {
  it("k1 and k3 are right on average, by enumeration", () => {
    assert.ok(Math.abs(expectation(k1) - kl) < 1e-15);
    assert.ok(Math.abs(expectation(k3) - kl) < 1e-15);
  });

  it("k2 is not, and its expectation is ½ E (log p/q)²", () => {
    const half = sum(p.map((x, i) => (x * Math.log(x / q[i]) ** 2) / 2));
    assert.ok(Math.abs(expectation(k2) - half) < 1e-15);
    assert.ok(Math.abs(half / kl - 1) > 0.02);
  });

  it("k2 and k3 are never negative; all three are 0 where nothing differs", () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (l) => k2(l) >= 0 && k3(l) >= 0),
    );
    for (const k of [k1, k2, k3]) assert.ok(Math.abs(k(0)) === 0);
  });

  it("agree with k3 = ½ℓ² + ℓ³/6 for small ℓ, without cancellation", () => {
    const l = 1e-6;
    assert.ok(Math.abs(k3(l) / (l ** 2 / 2 + l ** 3 / 6) - 1) < 1e-9);
  });

  it("have the bias and spread of Schulman's note on N(0, 1) against N(0.1, 1)", () => {
    // his table: sd 20, 1.42, 1.42; the tolerances are five standard errors
    assert.ok(Math.abs(measured(k1, 0.1).sd - 20) < 0.2);
    assert.ok(Math.abs(measured(k2, 0.1).sd - 1.42) < 0.05);
    assert.ok(Math.abs(measured(k2, 0.1).bias - 0.0025) < 0.02);
    assert.ok(Math.abs(measured(k3, 0.1).sd - 1.42) < 0.05);
    assert.ok(Math.abs(measured(k3, 0.1).bias) < 0.02);
  });

  it("have them on N(0, 1) against N(1, 1) too: k2 is a quarter too large", () => {
    // his table: k1 sd 2; k2 bias .25, sd 1.73; k3 bias 0, sd 1.7
    assert.ok(Math.abs(measured(k1, 1).sd - 2) < 0.02);
    assert.ok(Math.abs(measured(k2, 1).bias - 0.25) < 0.03);
    assert.ok(Math.abs(measured(k3, 1).bias) < 0.03);
    assert.ok(Math.abs(measured(k3, 1).sd - 1.7) < 0.1);
  });
});
