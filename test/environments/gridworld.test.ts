import assert from "node:assert/strict";

import { Rng } from "../../lib/core/rng";
import { Gridworld } from "../../lib/environments/gridworld";

describe("Gridworld", () => {
  it("by hand: two by two, a slip of 20 %, up from the lower left: .85 up, .05 right, .1 nowhere", () => {
    const world = new Gridworld({ rows: 2, columns: 2, slip: 0.2, goal: [1, 1] });
    const found = world
      .transitions(2, 0)
      .map(({ next, probability, reward }) => [next, probability.toFixed(4), reward]);
    assert.deepEqual(found.sort(), [
      [0, "0.8500", 0],
      [2, "0.1000", 0],
      [3, "0.0500", 1],
    ]);
  });
  it("has transitions that add to 1 from every state", () => {
    const world = new Gridworld({
      walls: [
        [3, 3],
        [3, 4],
      ],
    });
    for (let state = 0; state < world.states; state++) {
      for (let action = 0; action < 4; action++) {
        const total = world.transitions(state, action).reduce((sum, t) => sum + t.probability, 0);
        assert.ok(Math.abs(total - 1) < 1e-12);
      }
    }
  });
  it("refuses a state and an action that there is not", () => {
    const world = new Gridworld();
    assert.throws(
      () => world.transitions(999, 0),
      /state must be an integer in \[0, 99\], got 999/,
    );
    assert.throws(() => world.transitions(0, 4), /action must be an integer in \[0, 3\], got 4/);
  });
  it("steps as its transitions say (χ² on 20,000 steps)", () => {
    const world = new Gridworld({ rows: 3, columns: 3, slip: 0.4, goal: [2, 2] });
    const counts = new Map<number, number>();
    world.reset(new Rng("slips"));
    for (let k = 0; k < 20_000; k++) {
      world.resetTo([1, 1]);
      world.step(1);
      const state = world.indexOf([world.state[0], world.state[1]]);
      counts.set(state, (counts.get(state) ?? 0) + 1);
    }
    const expected = world.transitions(4, 1);
    assert.equal(counts.size, expected.length);
    const statistic = expected.reduce((sum, { next, probability }) => {
      const wanted = 20_000 * probability;
      return sum + ((counts.get(next) ?? 0) - wanted) ** 2 / wanted;
    }, 0);
    assert.ok(statistic < 21.1); // p = 1e-4 with 3 degrees of freedom
  });
  it("walks to the goal in as many steps as it is away, and ends there", () => {
    const world = new Gridworld({ slip: 0 });
    world.reset(new Rng(1));
    assert.equal(world.distanceToGoal(0), 18);
    const rewards = [...new Array<number>(9).fill(1), ...new Array<number>(9).fill(2)].map((a) =>
      world.step(a),
    );
    assert.deepEqual(rewards.map((s) => s.reward).slice(-2), [0, 1]);
    assert.deepEqual(rewards.map((s) => s.terminated).indexOf(true), 17);
    assert.deepEqual(world.transitions(world.goal, 0), [
      { next: world.goal, probability: 1, reward: 0, terminated: true },
    ]);
  });
  it("stays where it is at the edge and before a wall", () => {
    const world = new Gridworld({ slip: 0, walls: [[0, 1]] });
    world.reset(new Rng(1));
    for (const action of [0, 1, 3]) assert.deepEqual(world.step(action).observation, [0, 0]);
  });
  it("refuses cells outside and a start on a wall", () => {
    assert.throws(
      () => new Gridworld({ goal: [10, 0] }),
      /row must be an integer in \[0, 9\], got 10/,
    );
    assert.throws(() => new Gridworld({ walls: [[0, 0]] }), /must not be walls/);
    assert.throws(() => new Gridworld().resetTo([0, 11]), /column must be/);
  });
});
