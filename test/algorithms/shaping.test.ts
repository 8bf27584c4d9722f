import assert from "node:assert/strict";
import { QLearning } from "../../lib/algorithms/qLearning";
import { potentialShaping, shapedModel, type ShapingReward } from "../../lib/algorithms/shaping";
import { bestActions, valueIteration } from "../../lib/algorithms/valueIteration";
import { Rng } from "../../lib/core/rng";
import { mean } from "../../lib/core/statistics";
import { Gridworld } from "../../lib/environments/gridworld";

const gamma = 0.99;
const world = new Gridworld(); // ten by ten, 10 % slips
const away = (state: number) => world.distanceToGoal(state);
const potential = (state: number) => -away(state) / 18;
const nearer: ShapingReward = (state, next) => (away(next) < away(state) ? 0.1 : 0);
const plain = valueIteration(world, gamma);

/** Largest |Q* − (Q*_shaped + Φ)|, and in how many of the 99 states the best actions differ. */
function against(shaping: ShapingReward, phi: (state: number) => number) {
  const shaped = valueIteration(shapedModel(world, shaping), gamma);
  const [mine, theirs] = [plain, shaped].map((v) => bestActions(v.actionValues));
  let [off, changed] = [0, 0];
  for (let s = 0; s < 99; s++) {
    if (mine[s].join() !== theirs[s].join()) changed += 1;
    for (let a = 0; a < 4; a++) {
      const difference = plain.actionValues[s][a] - shaped.actionValues[s][a] - phi(s);
      off = Math.max(off, Math.abs(difference));
    }
  }
  return { off, changed };
}

describe("potentialShaping", () => {
  it("by hand: Φ from −2 to −1 at γ = .9 adds .9·(−1) + 2 = 1.1, and 2 where the episode ends", () => {
    const added = potentialShaping((s) => [-2, -1][s], 0.9);
    assert.ok(Math.abs(added(0, 1, false) - 1.1) < 1e-15);
    assert.equal(added(0, 1, true), 2);
  });
  it("adds up to −Φ(s_0), discounted, along any path to the end", () => {
    const rng = new Rng("paths");
    const phi = Array.from({ length: 9 }, () => rng.normal());
    const added = potentialShaping((s) => phi[s], gamma);
    for (let path = 0; path < 50; path++) {
      const states = Array.from({ length: 2 + rng.integer(9) }, () => rng.integer(9));
      const last = states.length - 2;
      const total = states
        .slice(1)
        .reduce((sum, next, t) => sum + gamma ** t * added(states[t], next, t === last), 0);
      assert.ok(Math.abs(total + phi[states[0]]) < 1e-12);
    }
  });
  it("leaves Q* + const: Q* = Q*_shaped + Φ to 1e-9, and the best actions of 99 of 99 states", () => {
    const { off, changed } = against(potentialShaping(potential, gamma), potential);
    assert.ok(off < 1e-9, `${off}`);
    assert.equal(changed, 0);
  });
  it("does so for a potential that is nonsense, and for one that is not 0 at the goal", () => {
    const rng = new Rng("nonsense");
    const random = Array.from({ length: 100 }, () => 3 * rng.normal());
    for (const phi of [(s: number) => random[s], (s: number) => 1 + potential(s)]) {
      const { off, changed } = against(potentialShaping(phi, gamma), phi);
      assert.ok(off < 1e-9 && changed === 0, `${off} ${changed}`);
    }
  });
  it("does the same to Q-learning as starting from Q = Φ (Wiewiora 2003), step by step", () => {
    const shaped = new QLearning(100, 4);
    const started = new QLearning(100, 4, { initial: (s) => (s === 99 ? 0 : potential(s)) });
    const added = potentialShaping(potential, gamma);
    const rng = new Rng("steps");
    let state = world.indexOf([0, 0]);
    world.reset(rng);
    for (let t = 0; t < 5000; t++) {
      const action = rng.integer(4);
      const { observation, reward, terminated, truncated } = world.step(action);
      const next = world.indexOf([observation[0], observation[1]]);
      shaped.learn(state, action, reward + added(state, next, terminated), next, terminated);
      started.learn(state, action, reward, next, terminated);
      state = terminated || truncated ? world.indexOf([0, 0]) : next;
      if (terminated || truncated) world.reset(rng);
    }
    for (let s = 0; s < 99; s++) {
      for (let a = 0; a < 4; a++) {
        const difference = started.values[s][a] - shaped.values[s][a] - potential(s);
        assert.ok(Math.abs(difference) < 1e-12);
      }
    }
  });
});

describe("shaping that is not of a potential", () => {
  it("changes the best actions: +0.1 for coming nearer in 47 of 99 states", () => {
    assert.equal(against(nearer, potential).changed, 47);
  });
  it("goes in circles: from the start it pays 5.7 never to arrive, against .83 for arriving", () => {
    const { values } = valueIteration(shapedModel(world, nearer), gamma);
    assert.ok(values[0] > 5 && plain.values[0] < 0.9);
  });
  it("breaks when the potential is not 0 at the end: Φ = −2 everywhere makes arriving a loss", () => {
    // γ·(−2) + 2 = .02 a step, for ever .02/(1 − γ) = 2; arriving brings 1 + .02 once
    const { off, changed } = against(
      () => gamma * -2 + 2,
      () => -2,
    );
    assert.equal(changed, 99);
    assert.ok(off > 0.5);
  });
  it("breaks when γ is forgotten: Φ(s') − Φ(s)", () => {
    const { off, changed } = against((s, next, over) => (over ? 0 : potential(next)) - potential(s), potential); // prettier-ignore
    assert.ok(off > 0.05 && changed > 0, `${off} ${changed}`);
  });
});

/** Steps in the first ten episodes, and the share of the last 50 of 150 that arrive. */
function learn(shaping: ShapingReward, seed: number): { first: number; arrived: number } {
  const rng = new Rng(seed);
  const learner = new QLearning(100, 4);
  let [first, arrived] = [0, 0];
  for (let episode = 0; episode < 150; episode++) {
    let [state, over] = [0, false];
    world.reset(rng);
    while (!over) {
      const action = learner.choose(state, rng);
      const { observation, reward, terminated, truncated } = world.step(action);
      const next = world.indexOf([observation[0], observation[1]]);
      const felt = reward + shaping(state, next, terminated);
      learner.learn(state, action, felt, next, terminated);
      [state, over] = [next, terminated || truncated];
      if (episode < 10) first += 1;
      if (terminated && episode >= 100) arrived += 1 / 50;
    }
  }
  return { first, arrived };
}

describe("Q-learning with shaping (5 seeds)", () => {
  const seeds = [0, 1, 2, 3, 4];
  const sparse = seeds.map((seed) => learn(() => 0, seed));
  const helped = seeds.map((seed) => learn(potentialShaping(potential, gamma), seed));
  it("finds its way at least twice as fast by a potential, and as surely", () => {
    // over 20 seeds 2858 ± 581 steps without, 629 ± 202 with
    const [without, withIt] = [sparse, helped].map((runs) => mean(runs.map((run) => run.first)));
    assert.ok(withIt < without / 2, `${withIt} ${without}`);
    for (const { arrived } of [...sparse, ...helped]) assert.ok(arrived > 0.9);
  });
  it("is led astray by a bonus for coming nearer", () => {
    const misled = seeds.map((seed) => learn(nearer, seed).arrived);
    assert.ok(mean(misled) < 0.8, `${misled.join(", ")}`); // .12 ± .13 over 20 seeds
  });
}).timeout(20_000);

describe("shapedModel", () => {
  it("keeps everything but the reward, and refuses one that is no number", () => {
    const shaped = shapedModel(world, () => 0.5);
    const [before, after] = [world, shaped].map((model) => model.transitions(0, 1));
    before.forEach((step, i) => assert.deepEqual(after[i], { ...step, reward: step.reward + 0.5 }));
    assert.throws(() => shapedModel(world, () => NaN).transitions(0, 1), /from 0 to/);
    assert.throws(() => potentialShaping(() => 0, 1.1), /gamma/);
  });
});
