import assert from "node:assert/strict";
import {
  banditGradient,
  banditGradientVariance,
  banditReturn,
  bestBanditBaseline,
  sampledBanditGradient,
} from "../../lib/algorithms/banditGradient";
import { Rng } from "../../lib/core/rng";
import { softmax, sum } from "../../lib/core/statistics";
import { differences, distance, finiteDifferenceTolerance } from "./finiteDifferences";

const z = [0.2, -0.5, 1, 0, 0.3];
const rewards = [1, 0, 0.5, 2, 0.8];

describe("banditGradient", () => {
  it("is ∂J/∂z, by finite differences", () => {
    const numeric = differences((x) => banditReturn(x, rewards), z);
    assert.ok(distance(banditGradient(z, rewards), numeric) < finiteDifferenceTolerance);
  });

  it("worked by hand: two equal arms that pay 1 and 0 give ±½·½", () => {
    assert.ok(distance(banditGradient([3, 3], [1, 0]), [0.25, -0.25]) < 1e-15);
  });
});

describe("sampledBanditGradient", () => {
  it("is the gradient on average over the arms, whatever the baseline", () => {
    for (const baseline of [0, 0.8, -40]) {
      const expected = new Float64Array(5);
      softmax(z).forEach((p, a) => {
        sampledBanditGradient(z, a, rewards[a], baseline).forEach((g, j) => (expected[j] += p * g));
      });
      assert.ok(distance(expected, banditGradient(z, rewards)) < 1e-13);
    }
  });

  it("scatters as enumeration says", () => {
    const rng = new Rng("pulls");
    const [p, exact] = [softmax(z), banditGradient(z, rewards)];
    const logp = p.map(Math.log);
    let total = 0;
    for (let i = 0; i < 100_000; i++) {
      const arm = rng.categorical(logp);
      const g = sampledBanditGradient(z, arm, rewards[arm], 0.5);
      total += sum(g.map((x, j) => (x - exact[j]) ** 2));
    }
    const ratio = total / 100_000 / banditGradientVariance(z, rewards, 0.5);
    assert.ok(Math.abs(ratio - 1) < 0.05, String(ratio)); // measured sd .006
  });

  it("refuses an arm that there is not", () => {
    assert.throws(() => sampledBanditGradient(z, 5, 1), /arm must be an integer in \[0, 4\]/);
  });
});

describe("bestBanditBaseline", () => {
  it("has the least variance of all baselines: the parabola's bottom", () => {
    const slope = differences(
      ([b]) => banditGradientVariance(z, rewards, b),
      [bestBanditBaseline(z, rewards)],
    );
    assert.ok(Math.abs(slope[0]) < finiteDifferenceTolerance);
    assert.ok(
      banditGradientVariance(z, rewards, bestBanditBaseline(z, rewards)) <
        banditGradientVariance(z, rewards),
    );
  });

  it("moves with the rewards, so that ten points more for all change nothing", () => {
    const more = rewards.map((r) => r + 10);
    const at = (r: number[]) => banditGradientVariance(z, r, bestBanditBaseline(z, r));
    assert.ok(Math.abs(at(more) - at(rewards)) < 1e-12);
    assert.ok(banditGradientVariance(z, more) > 30 * banditGradientVariance(z, rewards));
  });
});
