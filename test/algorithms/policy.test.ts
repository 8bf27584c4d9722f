import assert from "node:assert/strict";
import { GaussianPolicy } from "../../lib/algorithms/gaussianPolicy";
import { CategoricalPolicy, type Policy } from "../../lib/algorithms/policy";
import { ShapeError } from "../../lib/core/checks";
import { Rng } from "../../lib/core/rng";
import { mean, standardDeviation, sum } from "../../lib/core/statistics";
import { Mlp } from "../../lib/models/mlp";
import { distance, finiteDifferenceTolerance, policyDifferences } from "./finiteDifferences";

const normals = (rng: Rng, n: number): Float64Array =>
  Float64Array.from({ length: n }, () => rng.normal());

function categorical(seed = "policy"): CategoricalPolicy {
  return new CategoricalPolicy(new Mlp([2, 4, 3], new Rng(seed)));
}

function gaussian(seed = "policy"): GaussianPolicy {
  return new GaussianPolicy(new Mlp([2, 4, 1], new Rng(seed)), { logStandardDeviation: -0.4 });
}

/** Largest error of `backward` for a loss Σ w_b·log π(a_b|s_b) + c·Σ H_b. */
function gradientError(policy: Policy, actions: number[]): number {
  const rng = new Rng("gradient");
  const observations = normals(rng, 2 * actions.length);
  const weights = normals(rng, actions.length);
  const loss = (): number => {
    const { logp, entropy } = policy.evaluate(observations, actions);
    return sum(logp.map((l, b) => weights[b] * l)) + 0.7 * sum(entropy);
  };
  loss();
  return distance(policy.backward(weights, 0.7), policyDifferences(policy, loss));
}

describe("CategoricalPolicy", () => {
  const observations = [0.3, -1, 2, 0.5];

  it("gives probabilities that sum to 1 and the entropy of exactly these", () => {
    const policy = categorical();
    const p = policy.logProbabilities(observations).map(Math.exp);
    const { logp, entropy } = policy.evaluate(observations, [2, 0]);
    for (const b of [0, 1]) {
      const row = p.subarray(3 * b, 3 * b + 3);
      assert.ok(Math.abs(sum(row) - 1) < 1e-14);
      assert.ok(Math.abs(entropy[b] + sum(row.map((q) => q * Math.log(q)))) < 1e-14);
    }
    assert.ok(distance(logp.map(Math.exp), [p[2], p[3]]) < 1e-14);
  });

  it("has log-probabilities of 0, ln 2 and 2·ln 2 below their softmax: by hand", () => {
    const network = new Mlp([1, 3], new Rng(1));
    network.setParameters([0, 0, 0, 0, Math.LN2, 2 * Math.LN2]); // W = 0, b = logits
    // e^b = 1, 2, 4, which sum to 7
    const p = new CategoricalPolicy(network).logProbabilities([5]).map(Math.exp);
    assert.ok(distance(p, [1 / 7, 2 / 7, 4 / 7]) < 1e-15);
  });

  it("has the gradient of its log-probabilities and its entropy", () => {
    assert.ok(gradientError(categorical(), [0, 2, 1, 1, 0]) < finiteDifferenceTolerance);
  });

  it("draws actions as often as it says, and says how likely the drawn one was", () => {
    const policy = categorical();
    const many = Float64Array.from({ length: 40_000 }, (_, i) => observations[i % 2]);
    const { actions, logp } = policy.act(many, new Rng("draws"));
    const p = policy.logProbabilities(observations.slice(0, 2)).map(Math.exp);
    p.forEach((q, a) => {
      const share = actions.filter((x) => x === a).length / actions.length;
      assert.ok(Math.abs(share - q) < 5 * Math.sqrt((q * (1 - q)) / actions.length));
    });
    assert.ok(
      distance(
        logp.map(Math.exp),
        actions.map((a) => p[a]),
      ) < 1e-14,
    );
  });

  it("takes its most likely action in `mode`", () => {
    const policy = categorical();
    const p = policy.logProbabilities([2, 0.5]);
    assert.equal(policy.mode([2, 0.5]), p.indexOf(Math.max(...p)));
  });

  it("takes the same step for the same batch, downhill", () => {
    const step = (): [number, number, Float64Array] => {
      const policy = categorical();
      const before = policy.evaluate(observations, [2, 0]).logp;
      policy.update([-1, -1], 0, 0.01); // loss −Σ log π
      return [sum(before), sum(policy.evaluate(observations, [2, 0]).logp), policy.getParameters()];
    };
    const [before, after, parameters] = step();
    assert.ok(after > before);
    assert.deepEqual(step()[2], parameters);
  });

  it("refuses actions that there are not, and lists of other lengths", () => {
    const policy = categorical();
    assert.throws(
      () => policy.evaluate(observations, [0, 3]),
      /actions\[1\] must be an integer in \[0, 2\]/,
    );
    assert.throws(() => policy.evaluate(observations, [0]), ShapeError);
    policy.evaluate(observations, [0, 1]);
    assert.throws(() => policy.backward([1]), ShapeError);
  });
});

describe("GaussianPolicy", () => {
  const observations = [0.3, -1, 2, 0.5];

  it("has the density of a normal distribution: by hand", () => {
    const network = new Mlp([1, 1], new Rng(1));
    network.setParameters([2, 1]); // mean 2s + 1
    const policy = new GaussianPolicy(network, { logStandardDeviation: Math.log(0.5) });
    const { logp, entropy } = policy.evaluate([1], [4]);
    // z = (4 − 3)/0.5 = 2: log π = −2 − ln 0.5 − ½ ln 2π
    assert.ok(Math.abs(logp[0] - (-2 + Math.LN2 - 0.5 * Math.log(2 * Math.PI))) < 1e-14);
    // H = ½ ln(2πe·σ²)
    assert.ok(Math.abs(entropy[0] - 0.5 * Math.log(2 * Math.PI * Math.E * 0.25)) < 1e-14);
    assert.equal(policy.mode([1]), 3);
  });

  it("has the gradient of its log-density and its entropy, log σ last", () => {
    const policy = gaussian();
    assert.equal(policy.parameterCount, policy.network.parameterCount + 1);
    assert.ok(gradientError(policy, [0.1, -2, 0.6, 1, 0.2]) < finiteDifferenceTolerance);
  });

  it("draws with its mean and standard deviation, and says their density", () => {
    const policy = gaussian();
    const many = Float64Array.from({ length: 40_000 }, (_, i) => observations[i % 2]);
    const { actions, logp } = policy.act(many, new Rng("draws"));
    const sd = Math.exp(-0.4);
    const center = policy.mode([0.3, -1]);
    assert.ok(Math.abs(mean(actions) - center) < (5 * sd) / Math.sqrt(actions.length));
    assert.ok(Math.abs(standardDeviation(actions) / sd - 1) < 5 / Math.sqrt(2 * actions.length));
    assert.ok(distance(logp, policy.evaluate(many, actions).logp) < 1e-12);
  });

  it("keeps its parameters through get and set", () => {
    const [one, other] = [gaussian("one"), gaussian("other")];
    other.setParameters(one.getParameters());
    assert.deepEqual(other.getParameters(), one.getParameters());
    assert.equal(other.mode([1, 2]), one.mode([1, 2]));
    assert.throws(() => other.setParameters([1]), ShapeError);
  });

  it("refuses a network with two outputs", () => {
    assert.throws(() => new GaussianPolicy(new Mlp([2, 2], new Rng(1))), /one output/);
  });
});
