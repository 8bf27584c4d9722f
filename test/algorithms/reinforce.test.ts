import assert from "node:assert/strict";
import { actorCritic, evaluatePolicy } from "../../lib/algorithms/actorCritic";
import { CategoricalPolicy } from "../../lib/algorithms/policy";
import { episodeGradient, gradientVariance, reinforceUpdate } from "../../lib/algorithms/reinforce";
import { discountedReturns } from "../../lib/algorithms/returns";
import { ShapeError } from "../../lib/core/checks";
import { Rng } from "../../lib/core/rng";
import { mean } from "../../lib/core/statistics";
import { CartPole } from "../../lib/environments/cartPole";
import { playEpisode } from "../../lib/environments/environment";
import { Mlp } from "../../lib/models/mlp";
import { distance, finiteDifferenceTolerance, policyDifferences } from "./finiteDifferences";

/** A world of three steps with two actions each; the state is which ones were taken. */
const paths = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [n & 1, (n >> 1) & 1, (n >> 2) & 1]);
const observe = (taken: number[]) => [taken[0] ?? 0.5, taken[1] ?? 0.5];
const episodes = paths.map((actions) => ({
  actions,
  observations: [0, 1, 2, 3].map((t) => observe(actions.slice(0, t))),
  rewards: [actions[0], 2 * actions[1] * actions[0], 1 - actions[2]],
}));
const policy = new CategoricalPolicy(new Mlp([2, 3, 2], new Rng("paths")));
const probability = (episode: (typeof episodes)[number]): number =>
  Math.exp(
    policy
      .evaluate(episode.observations.slice(0, 3).flat(), episode.actions)
      .logp.reduce((a, b) => a + b, 0),
  );
const objective = (): number =>
  episodes.reduce((J, e) => J + probability(e) * e.rewards.reduce((a, b) => a + b, 0), 0);

/** E over all eight paths of the gradient that a path votes for. */
function expectedGradient(
  weights: (episode: (typeof episodes)[number]) => ArrayLike<number>,
): Float64Array {
  const total = new Float64Array(policy.parameterCount);
  for (const episode of episodes) {
    const p = probability(episode);
    episodeGradient(policy, episode, weights(episode)).forEach((g, i) => (total[i] += p * g));
  }
  return total;
}

describe("episodeGradient", () => {
  const exact = policyDifferences(policy, objective);
  const constant = (value: number) => [value, value, value];

  it("is ∇J on average over all paths, with the return of the whole path", () => {
    const g = expectedGradient(({ rewards }) => constant(rewards.reduce((a, b) => a + b, 0)));
    assert.ok(distance(g, exact) < finiteDifferenceTolerance);
  });

  it("is ∇J with the reward to come, and with a baseline of the state taken off", () => {
    const toGo = expectedGradient(({ rewards }) => discountedReturns(rewards, 1));
    const less = expectedGradient(({ rewards, observations }) =>
      discountedReturns(rewards, 1).map((g, t) => g - 3 * observations[t][0] - 1),
    );
    assert.ok(distance(toGo, exact) < finiteDifferenceTolerance);
    assert.ok(distance(less, exact) < finiteDifferenceTolerance);
  });

  it("is not ∇J when the baseline looks at the action: it must not", () => {
    const peeking = expectedGradient(({ rewards, actions }) =>
      discountedReturns(rewards, 1).map((g, t) => g - actions[t]),
    );
    assert.ok(distance(peeking, exact) > 0.05);
  });

  it("refuses weights for other steps than there are", () => {
    assert.throws(() => episodeGradient(policy, episodes[0], [1, 2]), ShapeError);
  });
});

describe("reinforceUpdate", () => {
  it("climbs: the expected return of the eight paths rises", () => {
    const before = objective();
    const at = policy.getParameters();
    reinforceUpdate(
      policy,
      episodes,
      episodes.map(({ rewards }) => discountedReturns(rewards, 1)),
      1e-3,
    );
    assert.ok(objective() > before);
    policy.setParameters(at);
  });

  it("learns to balance CartPole for a while", function () {
    this.timeout(30_000);
    const rng = new Rng("reinforce");
    const world = new CartPole();
    const { policy: learner } = actorCritic(world, rng, { maxNorm: Infinity });
    const before = mean(evaluatePolicy(learner, world, 50, rng));
    for (let update = 0; update < 40; update++) {
      const played = [1, 2, 3, 4, 5].map(() =>
        playEpisode(world, (o) => learner.act(o, rng).actions[0], rng),
      );
      const toGo = played.map(({ rewards }) => discountedReturns(rewards, 0.99));
      const baseline = mean(toGo.flatMap((g) => [...g]));
      reinforceUpdate(
        learner,
        played,
        toGo.map((g) => g.map((x) => x - baseline)),
        1e-2,
      );
    }
    const after = mean(evaluatePolicy(learner, world, 50, rng));
    assert.ok(before < 40 && after > 100, `${before} → ${after}`);
  });
});

describe("gradientVariance", () => {
  it("worked by hand: (0, 0) and (2, 4) have variances 2 and 8", () => {
    assert.equal(gradientVariance([Float64Array.of(0, 0), Float64Array.of(2, 4)]), 10);
  });
});
