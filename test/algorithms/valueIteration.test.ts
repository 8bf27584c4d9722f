import assert from "node:assert/strict";
import { bestActions, policyEvaluation, valueIteration } from "../../lib/algorithms/valueIteration";
import { Rng } from "../../lib/core/rng";
import { Gridworld, type TabularModel } from "../../lib/environments/gridworld";

/** Stay (0) pays 1 and goes on; leave (1) pays 5 and ends. */
const stayOrLeave: TabularModel = {
  states: 1,
  actionCount: 2,
  transitions: (_, action) => [
    { next: 0, probability: 1, reward: action === 0 ? 1 : 5, terminated: action === 1 },
  ],
};

/** Example 4.1 of Sutton & Barto: four by four, −1 a step, ends in two corners. */
const example41: TabularModel = {
  states: 16,
  actionCount: 4,
  transitions: (state, action) => {
    if (state === 0 || state === 15)
      return [{ next: state, probability: 1, reward: 0, terminated: true }];
    const [row, column] = [Math.floor(state / 4), state % 4];
    const [down, right] = [[-1, 0], [0, 1], [1, 0], [0, -1]][action]; // prettier-ignore
    const inside = row + down >= 0 && row + down < 4 && column + right >= 0 && column + right < 4;
    const next = inside ? state + 4 * down + right : state;
    return [{ next, probability: 1, reward: -1, terminated: next === 0 || next === 15 }];
  },
};

const uniform = (model: TabularModel) =>
  Array.from({ length: model.states }, () =>
    new Array<number>(model.actionCount).fill(1 / model.actionCount),
  );

describe("valueIteration", () => {
  it("by hand: staying for ever is worth 1/(1 − γ), 4 at γ = .75 and 10 at γ = .9; leaving is worth 5", () => {
    const patient = valueIteration(stayOrLeave, 0.9);
    assert.ok(Math.abs(patient.values[0] - 10) < 1e-11);
    assert.deepEqual(bestActions(patient.actionValues), [[0]]);
    const impatient = valueIteration(stayOrLeave, 0.75);
    assert.ok(Math.abs(impatient.values[0] - 5) < 1e-11);
    assert.ok(Math.abs(impatient.actionValues[0][0] - (1 + 0.75 * 5)) < 1e-11);
    assert.deepEqual(bestActions(impatient.actionValues), [[1]]);
  });
  it("equals the closed form γ^(d − 1) without slips, at every distance d from the goal", () => {
    const world = new Gridworld({ slip: 0 });
    const { values, actionValues } = valueIteration(world, 0.9);
    for (let s = 0; s < 99; s++) {
      assert.ok(Math.abs(values[s] - 0.9 ** (world.distanceToGoal(s) - 1)) < 1e-12);
    }
    assert.deepEqual(bestActions(actionValues)[0], [1, 2]); // right and down are equally short
    assert.equal(values[world.goal], 0);
  });
  it("is a fixed point with slips: no value differs from the best of its action values", () => {
    const { values, actionValues } = valueIteration(new Gridworld(), 0.99);
    actionValues.forEach((row, s) => assert.ok(Math.abs(Math.max(...row) - values[s]) < 1e-12));
  });
  it("equals the mean return of its own greedy policy (2,000 episodes)", () => {
    const world = new Gridworld({ rows: 4, columns: 4, slip: 0.4 });
    const { values, actionValues } = valueIteration(world, 0.9);
    const policy = bestActions(actionValues);
    const rng = new Rng("episodes");
    let total = 0;
    for (let episode = 0; episode < 2000; episode++) {
      let [state, discount, over] = [world.indexOf([0, 0]), 1, false];
      world.reset(rng);
      while (!over) {
        const step = world.step(policy[state][0]);
        total += discount * step.reward;
        discount *= 0.9;
        state = world.indexOf([step.observation[0], step.observation[1]]);
        over = step.terminated;
      }
    }
    // the sd of one return is .1, so 5 standard errors are .011
    assert.ok(Math.abs(total / 2000 - values[0]) < 0.011, `${total / 2000} ${values[0]}`);
  });
  it("says so when it may not sweep long enough, and refuses γ = 1", () => {
    assert.throws(() => valueIteration(stayOrLeave, 0.99, { maxSweeps: 3 }), /after 3 sweeps/);
    assert.throws(() => valueIteration(stayOrLeave, 1), /gamma must be in/);
  });
});

describe("policyEvaluation", () => {
  it("gives the published values of walking at random (Sutton & Barto, Fig. 4.1)", () => {
    // prettier-ignore
    const published = [0, -14, -20, -22, -14, -18, -20, -20, -20, -20, -18, -14, -22, -20, -14, 0];
    // the figure is undiscounted; at 1 − γ = 1e-6 the values differ by less than 22·(mean length)·1e-6
    const values = policyEvaluation(example41, uniform(example41), 1 - 1e-6, { tolerance: 1e-4 });
    values.forEach((v, s) => assert.ok(Math.abs(v - published[s]) < 2e-3, `${s}: ${v}`));
  });
  it("solves (I − γP)v = r: the residual vanishes", () => {
    const world = new Gridworld({ rows: 3, columns: 4 });
    const policy = uniform(world);
    const v = policyEvaluation(world, policy, 0.95);
    for (let s = 0; s < world.states; s++) {
      const expected = [0, 1, 2, 3].reduce((sum, a) => {
        const outcomes = world.transitions(s, a);
        const worth = outcomes.map((t) => t.probability * (t.reward + (t.terminated ? 0 : 0.95 * v[t.next]))); // prettier-ignore
        return sum + worth.reduce((x, y) => x + y, 0) / 4;
      }, 0);
      assert.ok(Math.abs(expected - v[s]) < 1e-12);
    }
  });
  it("equals the optimal values for an optimal policy, and less for another", () => {
    const world = new Gridworld({ rows: 5, columns: 5 });
    const { values, actionValues } = valueIteration(world, 0.9);
    const best = bestActions(actionValues).map(([a]) => [0, 1, 2, 3].map((b) => (a === b ? 1 : 0)));
    const same = policyEvaluation(world, best, 0.9);
    same.forEach((v, s) => assert.ok(Math.abs(v - values[s]) < 1e-11));
    assert.ok(policyEvaluation(world, uniform(world), 0.9)[0] < values[0] - 0.1);
  });
  it("refuses a policy that is no distribution, naming the state", () => {
    assert.throws(() => policyEvaluation(stayOrLeave, [[0.5, 0.6]], 0.9), /sum of policy\[0\]/);
    assert.throws(() => policyEvaluation(stayOrLeave, [[1]], 0.9), /policy\[0\] must have 2/);
  });
});

describe("bestActions", () => {
  it("lists all that are as good as the best within the tolerance", () => {
    assert.deepEqual(bestActions([[1, 3, 3 - 1e-12, 2], [0, 0]]), [[1, 2], [0, 1]]); // prettier-ignore
    assert.deepEqual(bestActions([[1, 1.5]], 0.6), [[0, 1]]);
    assert.throws(() => bestActions([[1, NaN]]), /actionValues\[0\]\[1\]/);
  });
});
