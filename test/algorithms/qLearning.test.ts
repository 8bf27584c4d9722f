import assert from "node:assert/strict";
import { greedyAction } from "../../lib/algorithms/greedy";
import { QLearning } from "../../lib/algorithms/qLearning";
import { valueIteration } from "../../lib/algorithms/valueIteration";
import { Rng } from "../../lib/core/rng";
import { Gridworld } from "../../lib/environments/gridworld";

describe("QLearning", () => {
  it("by hand: 1 + .5·(3 + .9·max(2, 4) − 1) = 3.8; at an end 3.8 + .5·(3 − 3.8) = 3.4", () => {
    const learner = new QLearning(2, 2, { stepSize: 0.5, gamma: 0.9 });
    learner.values[0][1] = 1;
    learner.values[1].set([2, 4]);
    learner.learn(0, 1, 3, 1, false);
    assert.ok(Math.abs(learner.values[0][1] - 3.8) < 1e-15);
    learner.learn(0, 1, 3, 1, true);
    assert.ok(Math.abs(learner.values[0][1] - 3.4) < 1e-15);
    assert.equal(learner.values[0][0], 0);
  });
  it("arrives at Q* of value iteration where nothing is left to chance (step size 1)", () => {
    const world = new Gridworld({ rows: 4, columns: 4, slip: 0 });
    const { actionValues } = valueIteration(world, 0.9);
    const learner = new QLearning(16, 4, { stepSize: 1, gamma: 0.9 });
    for (let sweep = 0; sweep < 20; sweep++) {
      for (let s = 0; s < 15; s++) {
        for (let a = 0; a < 4; a++) {
          const [{ next, reward, terminated }] = world.transitions(s, a);
          learner.learn(s, a, reward, next, terminated);
        }
      }
    }
    for (let s = 0; s < 15; s++) {
      for (let a = 0; a < 4; a++) {
        assert.ok(Math.abs(learner.values[s][a] - actionValues[s][a]) < 1e-12);
      }
    }
  });
  it("moves, on average over what can happen, by α of Bellman's error (enumerated)", () => {
    const world = new Gridworld({ rows: 3, columns: 3, slip: 0.4 });
    const initial = (s: number) => Math.sin(s);
    let expected = 0;
    let moved = 0;
    for (const { next, probability, reward, terminated } of world.transitions(4, 2)) {
      const learner = new QLearning(9, 4, { stepSize: 0.1, gamma: 0.9, initial });
      learner.learn(4, 2, reward, next, terminated);
      moved += probability * (learner.values[4][2] - initial(4));
      expected += probability * (reward + (terminated ? 0 : 0.9 * initial(next)) - initial(4));
    }
    assert.ok(Math.abs(moved - 0.1 * expected) < 1e-15);
  });
  it("takes a random action with probability ε: the best one with 1 − ε + ε/A", () => {
    const learner = new QLearning(1, 4, { epsilon: 0.2 });
    learner.values[0][2] = 1;
    const rng = new Rng("choices");
    const counts = [0, 0, 0, 0];
    for (let t = 0; t < 40_000; t++) counts[learner.choose(0, rng)] += 1 / 40_000;
    counts.forEach((p, a) => assert.ok(Math.abs(p - (a === 2 ? 0.85 : 0.05)) < 0.0125)); // 5 sd
  });
  it("learns the same from the same seed, and refuses what makes no sense", () => {
    const run = () => {
      const [world, learner, rng] = [new Gridworld(), new QLearning(100, 4), new Rng(5)];
      world.reset(rng);
      for (let t = 0, s = 0; t < 400; t++) {
        const a = learner.choose(s, rng);
        const { observation, reward, terminated } = world.step(a);
        const next = world.indexOf([observation[0], observation[1]]);
        learner.learn(s, a, reward - 0.01, next, terminated);
        s = next;
        if (terminated) return learner.values;
      }
      return learner.values;
    };
    assert.deepEqual(run(), run());
    assert.throws(() => new QLearning(3, 2, { stepSize: 0 }), /stepSize/);
    assert.throws(() => new QLearning(3, 2, { initial: () => NaN }), /initial\(0\)/);
    assert.throws(() => new QLearning(3, 2).learn(0, 0, NaN, 1, false), /reward/);
  });
  it("refuses a state or an action that there is not, and says which there are", () => {
    const learner = new QLearning(3, 2);
    const noState = { name: "RangeError", message: /state must be an integer in \[0, 2\], got 99/ };
    assert.throws(
      () => learner.learn(0, 9, 1, 1, false),
      /action must be an integer in \[0, 1\], got 9/,
    );
    assert.throws(() => learner.learn(99, 0, 1, 1, false), noState);
    assert.throws(() => learner.learn(0, 0, 1, 99, false), noState);
    assert.throws(() => learner.greedy(99, new Rng(1)), noState);
    assert.throws(() => new QLearning(3, 2, { epsilon: 1 }).choose(99, new Rng(1)), noState);
    learner.learn(0, 0, 1, 99, true); // at an end nobody looks at s'
  });
});

describe("greedyAction", () => {
  it("takes the best, and of equals each as often", () => {
    const rng = new Rng("ties");
    assert.equal(greedyAction([1, 5, 2], rng), 1);
    const counts = [0, 0, 0, 0];
    for (let t = 0; t < 30_000; t++) counts[greedyAction([7, 1, 7, 7], rng)] += 1 / 30_000;
    assert.equal(counts[1], 0);
    for (const a of [0, 2, 3]) assert.ok(Math.abs(counts[a] - 1 / 3) < 0.0137); // 5 sd
    assert.throws(() => greedyAction([], rng), /at least 1 entry/);
  });
});
