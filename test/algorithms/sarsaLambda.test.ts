import assert from "node:assert/strict";
import { denseFeatures, type Features } from "../../lib/algorithms/linear";
import { SarsaLambda } from "../../lib/algorithms/sarsaLambda";
import { TileCoding } from "../../lib/algorithms/tileCoding";
import { Rng } from "../../lib/core/rng";
import { mean } from "../../lib/core/statistics";
import { MountainCar } from "../../lib/environments/mountainCar";

/** State i of n as a table: one feature each. */
const cell = (i: number, n = 3): Features =>
  denseFeatures(Array.from({ length: n }, (_, k) => (k === i ? 1 : 0)));

const near = (actual: Float64Array, expected: number[]) =>
  expected.forEach((w, i) =>
    assert.ok(Math.abs(actual[i] - w) < 1e-15, `${actual.join(", ")} for ${expected.join(", ")}`),
  );

describe("SarsaLambda", () => {
  it("by hand: the second surprise also moves the first step, by α·δ·γλ", () => {
    const learner = new SarsaLambda(3, 1, { stepSize: 0.5, lambda: 0.5, gamma: 0.8 });
    learner.begin();
    learner.learn(cell(0), 0, 1, cell(1), 0); // δ = 1: w_0 = .5; trace of 0 becomes .4
    near(learner.model.weights[0], [0.5, 0, 0]);
    learner.learn(cell(1), 0, 2, undefined, 0); // δ = 2: w_0 += .5·2·.4, w_1 += .5·2
    near(learner.model.weights[0], [0.9, 1, 0]);
    learner.begin();
    learner.learn(cell(2), 0, 0, cell(1), 0); // δ = .8·1; the traces of the last episode are gone
    near(learner.model.weights[0], [0.9, 1, 0.4]);
  });
  it("replaces a trace instead of adding to it when a state comes again", () => {
    const learner = new SarsaLambda(3, 1, { stepSize: 0.1, lambda: 1, gamma: 1 });
    learner.begin();
    learner.learn(cell(0), 0, 0, cell(0), 0);
    learner.learn(cell(0), 0, 0, cell(1), 0);
    learner.learn(cell(1), 0, 1, undefined, 0); // an accumulating trace would move w_0 by .2
    near(learner.model.weights[0], [0.1, 0.1, 0]);
  });
  it("is one-step Sarsa when λ = 0: only the step itself is moved", () => {
    const learner = new SarsaLambda(3, 2, { stepSize: 0.25, lambda: 0, gamma: 0.9 });
    const q = [
      [0.3, -0.2, 0.5],
      [0.1, 0.4, -1],
    ];
    learner.model.weights.forEach((row, a) => row.set(q[a]));
    learner.learn(cell(1), 0, 1, cell(2), 1);
    learner.learn(cell(2), 1, -1, cell(0), 0);
    const first = q[0][1] + 0.25 * (1 + 0.9 * q[1][2] - q[0][1]);
    const second = q[1][2] + 0.25 * (-1 + 0.9 * q[0][0] - q[1][2]);
    near(learner.model.weights[0], [q[0][0], first, q[0][2]]);
    near(learner.model.weights[1], [q[1][0], q[1][1], second]);
  });
  it("is Monte Carlo when λ = 1 and α is small: each state moves by α times its return", () => {
    const learner = new SarsaLambda(3, 1, { stepSize: 1e-7, lambda: 1, gamma: 0.9 });
    learner.begin();
    const rewards = [1, -2, 4];
    rewards.forEach((r, t) => learner.learn(cell(t), 0, r, t < 2 ? cell(t + 1) : undefined, 0));
    const returns = [1 + 0.9 * (-2 + 0.9 * 4), -2 + 0.9 * 4, 4];
    // the error is second order in α
    returns.forEach((g, t) => assert.ok(Math.abs(learner.model.weights[0][t] / 1e-7 - g) < 1e-5));
  });
  it("refuses what makes no sense", () => {
    assert.throws(() => new SarsaLambda(3, 1, { stepSize: 0 }), /stepSize/);
    assert.throws(() => new SarsaLambda(3, 1, { stepSize: 0.1, lambda: 1.1 }), /lambda/);
    assert.throws(
      () => new SarsaLambda(3, 1, undefined as never),
      /stepSize must .* got undefined/,
    );
    const learner = new SarsaLambda(3, 1, { stepSize: 0.1 });
    assert.throws(() => learner.learn(cell(0), 0, NaN, undefined, 0), /reward/);
  });
});

/** Lengths of episodes on the mountain car, with α = .5/8, λ = .9 and tiles of 8 × 8 in 8 grids. */
function lengths(seed: number, episodes: number): number[] {
  const rng = new Rng(seed);
  const car = new MountainCar({ maxSteps: 1000 });
  const tiles = new TileCoding([-1.2, -0.07], [0.6, 0.07]);
  const learner = new SarsaLambda(tiles.size, 3, { stepSize: 0.5 / 8 });
  return Array.from({ length: episodes }, () => {
    learner.begin();
    let features = tiles.features(car.reset(rng));
    let action = learner.model.greedy(features, rng);
    for (let t = 1; ; t++) {
      const { observation, reward, terminated, truncated } = car.step(action);
      const next = tiles.features(observation);
      const nextAction = learner.model.greedy(next, rng);
      learner.learn(features, action, reward, terminated ? undefined : next, nextAction);
      [features, action] = [next, nextAction];
      if (terminated || truncated) return t;
    }
  });
}

describe("Sarsa(λ) on the mountain car", () => {
  const runs = [0, 1, 2, 3].map((seed) => lengths(seed, 120));
  it("is lost at first and good in the end", () => {
    // over 10 seeds: episode 1 965 steps; episodes 80–100 106 steps (sd of a seed's mean 5)
    for (const run of runs) assert.ok(run[0] > 500);
    const last = mean(runs.flatMap((run) => run.slice(80)));
    assert.ok(last > 98 && last < 119, `${last}`);
  });
  it("learns the same from the same seed", () => {
    assert.deepEqual(lengths(3, 10), runs[3].slice(0, 10));
  });
}).timeout(20_000);
