import assert from "node:assert/strict";
import { collect } from "../../lib/algorithms/collect";
import { CategoricalPolicy } from "../../lib/algorithms/policy";
import {
  discountedReturns,
  episodeAdvantages,
  estimateAdvantages,
  explainedVariance,
  generalizedAdvantages,
  normalizeAdvantages,
  type Path,
} from "../../lib/algorithms/returns";
import { ShapeError } from "../../lib/core/checks";
import { Rng } from "../../lib/core/rng";
import { mean, standardDeviation } from "../../lib/core/statistics";
import { CartPole } from "../../lib/environments/cartPole";
import { playEpisode } from "../../lib/environments/environment";
import { VectorEnvironment } from "../../lib/environments/vectorEnvironment";
import { Mlp } from "../../lib/models/mlp";
import { distance } from "./finiteDifferences";

/** Two programs that add in a different order. */
const rounding = 1e-12;

/** A random path of 30 steps with both kinds of end. */
function randomPath(seed: string): Path & { values: number[]; nextValues: number[] } {
  const rng = new Rng(seed);
  const list = (draw: () => number) => Array.from({ length: 30 }, draw);
  const values = list(() => rng.normal());
  const terminated = list(() => (rng.bernoulli(0.1) ? 1 : 0));
  const truncated = terminated.map((over) => (over === 0 && rng.bernoulli(0.1) ? 1 : 0));
  const nextValues = values.map((_, t) =>
    terminated[t] || truncated[t] || t === 29 ? rng.normal() : values[t + 1],
  );
  return { rewards: list(() => rng.normal()), values, nextValues, terminated, truncated };
}

/** Σ_k (γλ)^k δ_{t+k} by its definition, up to the end of the episode or of the path. */
function bySum(path: Path, gamma: number, lambda: number): number[] {
  return Array.from(path.rewards, (_, start) => {
    let total = 0;
    for (let t = start; t < path.rewards.length; t++) {
      const next = path.terminated[t] ? 0 : path.nextValues[t];
      const delta = path.rewards[t] + gamma * next - path.values[t];
      total += (gamma * lambda) ** (t - start) * delta;
      if (path.terminated[t] || path.truncated[t]) break;
    }
    return total;
  });
}

describe("discountedReturns", () => {
  it("is 1 + ½·(2 + ½·4) = 3, 4, 4 for rewards 1, 2, 4 at γ = ½", () => {
    assert.deepEqual([...discountedReturns([1, 2, 4], 0.5)], [3, 4, 4]);
  });

  it("adds the value of the state where time ran out: 4 + ½·8 = 8, 2 + 4 = 6, 1 + 3 = 4", () => {
    assert.deepEqual([...discountedReturns([1, 2, 4], 0.5, 8)], [4, 6, 8]);
  });

  it("is the reward to come at γ = 1 and the reward alone at γ = 0", () => {
    assert.deepEqual([...discountedReturns([1, 2, 4], 1)], [7, 6, 4]);
    assert.deepEqual([...discountedReturns([1, 2, 4], 0, 100)], [1, 2, 4]);
  });

  it("refuses a discount above 1", () => {
    assert.throws(() => discountedReturns([1], 1.01), /gamma must be in \[0, 1\]/);
  });
});

describe("generalizedAdvantages", () => {
  it("is the TD error when λ is 0", () => {
    const path = randomPath("td");
    const deltas = Array.from(path.rewards, (r, t) =>
      path.terminated[t] ? r - path.values[t] : r + 0.9 * path.nextValues[t] - path.values[t],
    );
    assert.ok(distance(generalizedAdvantages(path, 0.9, 0), deltas) < rounding);
  });

  it("is the bootstrapped return minus the value when λ is 1", () => {
    const { rewards, values } = randomPath("return");
    const none = new Uint8Array(30);
    const nextValues = [...values.slice(1), 7];
    const path = { rewards, values, nextValues, terminated: none, truncated: none };
    const returns = discountedReturns(rewards, 0.9, 7);
    const expected = returns.map((g, t) => g - values[t]);
    assert.ok(distance(generalizedAdvantages(path, 0.9, 1), expected) < rounding);
  });

  it("is the sum of its definition on paths with both kinds of end", () => {
    for (const seed of ["a", "b", "c"]) {
      const path = randomPath(seed);
      assert.ok(
        distance(generalizedAdvantages(path, 0.97, 0.8), bySum(path, 0.97, 0.8)) < rounding,
      );
    }
  });

  it("worked by hand: γ = λ = ½, V = 2, 4, rewards 1, 1", () => {
    const rewards = [1, 1];
    const shared = { rewards, values: [2, 4], nextValues: [4, 8] };
    const end = (terminated: number, truncated: number) =>
      generalizedAdvantages(
        { ...shared, terminated: [0, terminated], truncated: [0, truncated] },
        0.5,
        0.5,
      );
    // δ₀ = 1 + ½·4 − 2 = 1. Terminated: δ₁ = 1 − 4 = −3, Â₀ = 1 + ¼·(−3) = ¼
    assert.deepEqual([...end(1, 0)], [0.25, -3]);
    // truncated: δ₁ = 1 + ½·8 − 4 = 1, Â₀ = 1 + ¼ = 1.25
    assert.deepEqual([...end(0, 1)], [1.25, 1]);
  });

  it("lets nothing of the next episode leak into this one", () => {
    const path = randomPath("leak");
    const cut = {
      ...path,
      terminated: path.values.map((_, t) => (t === 14 ? 1 : 0)),
      truncated: new Uint8Array(30),
    };
    const changed = { ...cut, rewards: Array.from(cut.rewards, (r, t) => (t > 14 ? r + 100 : r)) };
    const [before, after] = [cut, changed].map((p) => generalizedAdvantages(p, 0.9, 0.9));
    assert.deepEqual(after.slice(0, 15), before.slice(0, 15));
    assert.notDeepEqual(after.slice(15), before.slice(15));
  });

  it("refuses lists of different lengths, naming them", () => {
    const path = { ...randomPath("short"), values: [1] };
    assert.throws(() => generalizedAdvantages(path, 0.9, 0.9), ShapeError);
    assert.throws(() => generalizedAdvantages(path, 0.9, 0.9), /rewards has 30, values has 1/);
  });
});

describe("one state, reward 1, a clock that stops after T steps", () => {
  /** The fixed point of TD(0) with the clock taken for an end, 1/(1 − γ(1 − 1/T)), or not. */
  function learned(T: number, kind: "terminated" | "truncated"): number {
    let V = 0;
    for (let sweep = 0; sweep < 3000; sweep++) {
      const flags = Uint8Array.from({ length: T }, (_, t) => (t === T - 1 ? 1 : 0));
      const none = new Uint8Array(T);
      const same = new Float64Array(T).fill(V);
      const path = {
        rewards: new Float64Array(T).fill(1),
        values: same,
        nextValues: same,
        terminated: none,
        truncated: none,
      };
      V += 0.5 * mean(generalizedAdvantages({ ...path, [kind]: flags }, 0.99, 0));
    }
    return V;
  }

  it("is worth 1/(1 − γ) = 100 however short the clock, if the end is a truncation", () => {
    for (const T of [50, 200]) assert.ok(Math.abs(learned(T, "truncated") - 100) < 1e-3);
  });

  it("seems worth 33.6, 66.9 or 83.5 if it is taken for a termination", () => {
    const taken = [50, 200, 500].map((T) => learned(T, "terminated"));
    assert.ok(distance(taken, [33.557, 66.89, 83.47]) < 0.01, taken.join());
  });
});

describe("estimateAdvantages", () => {
  const rng = new Rng("batch");
  const critic = new Mlp([4, 5, 1], rng.split("critic"));
  const policy = new CategoricalPolicy(new Mlp([4, 5, 2], rng.split("actor")));
  const worlds = new VectorEnvironment(
    () => new CartPole({ maxSteps: 16 }),
    3,
    rng.split("worlds"),
  );
  const batch = collect(worlds, policy, 40, rng);
  const { advantages, returns, values } = estimateAdvantages(batch, critic, {
    gamma: 0.9,
    lambda: 0.7,
  });

  it("works world by world with V of the state that each step reached", () => {
    assert.ok(batch.truncated.includes(1) && batch.terminated.includes(1), "both ends are met");
    const nextValues = critic.forward(batch.nextObservations);
    for (const n of [0, 1, 2]) {
      const own = <T extends Float64Array | Uint8Array>(xs: T) => xs.subarray(40 * n, 40 * n + 40);
      const path = {
        rewards: own(batch.rewards),
        values: own(critic.forward(batch.observations)),
        nextValues: own(nextValues),
        terminated: own(batch.terminated),
        truncated: own(batch.truncated),
      };
      assert.ok(distance(own(advantages), bySum(path, 0.9, 0.7)) < rounding);
    }
  });

  it("gives the critic Â + V to learn", () => {
    assert.ok(
      distance(
        returns,
        advantages.map((a, i) => a + values[i]),
      ) === 0,
    );
  });

  it("follows another reward when one is put in the place of the environment's", () => {
    const other = { ...batch, rewards: batch.rewards.map((r) => -r) };
    assert.notDeepEqual(
      estimateAdvantages(other, critic).advantages,
      estimateAdvantages(batch, critic).advantages,
    );
  });
});

describe("episodeAdvantages", () => {
  it("is the return minus the value at λ = 1, and bootstraps at a truncation only", () => {
    const critic = new Mlp([4, 5, 1], new Rng("critic"));
    const rng = new Rng("episode");
    for (const maxSteps of [10, 500]) {
      const episode = playEpisode(new CartPole({ maxSteps }), () => rng.integer(2), rng);
      assert.equal(episode.truncated, maxSteps === 10);
      const values = critic.forward(episode.observations.flat());
      const bootstrap = episode.truncated ? values[values.length - 1] : 0;
      const expected = discountedReturns(episode.rewards, 0.9, bootstrap).map(
        (g, t) => g - values[t],
      );
      assert.ok(
        distance(episodeAdvantages(episode, critic, { gamma: 0.9, lambda: 1 }), expected) <
          rounding,
      );
    }
  });
});

describe("explainedVariance", () => {
  it("is 1 for a perfect critic, 0 for a constant, negative for a wrong one", () => {
    assert.equal(explainedVariance([1, 2, 4], [1, 2, 4]), 1);
    assert.ok(Math.abs(explainedVariance([7, 7, 7], [1, 2, 4])) < rounding);
    assert.ok(explainedVariance([4, 2, 1], [1, 2, 4]) < 0);
  });

  it("is 0 and not NaN where there is nothing to explain", () => {
    assert.equal(explainedVariance([1, 2], [3, 3]), 0);
  });

  it("worked by hand: values 0, 2 for returns 0, 4: 1 − 1/4 = ¾", () => {
    assert.equal(explainedVariance([0, 2], [0, 4]), 0.75);
  });
});

describe("normalizeAdvantages", () => {
  it("gives mean 0 and standard deviation 1", () => {
    const normal = normalizeAdvantages([3, 5, 10, -2]);
    assert.ok(Math.abs(mean(normal)) < 1e-15);
    assert.ok(Math.abs(standardDeviation(normal) - 1) < 1e-8);
  });

  it("gives 0, and no NaN, when there is nothing to tell apart", () => {
    assert.deepEqual([...normalizeAdvantages([4, 4])], [0, 0]);
    assert.deepEqual([...normalizeAdvantages([4])], [0]);
  });
});
