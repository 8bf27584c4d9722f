import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Rng } from "../../lib/core/rng";
import { Acrobot } from "../../lib/environments/acrobot";
import { CartPole } from "../../lib/environments/cartPole";
import { playEpisode } from "../../lib/environments/environment";
import type { Environment } from "../../lib/environments/environment";
import { MountainCar, MountainCarContinuous } from "../../lib/environments/mountainCar";
import { normalizedAngle, Pendulum } from "../../lib/environments/pendulum";

interface Trajectory {
  name: string;
  start: number[];
  actions: number[];
  states: number[][];
  observations: number[][];
  rewards: number[];
  terminated: boolean;
}

const reference = JSON.parse(
  readFileSync(join(__dirname, "reference", "reference.json"), "utf8"),
) as { gymnasium: string; trajectories: Trajectory[] };

const make: Record<string, () => Environment> = {
  "CartPole-v1": () => new CartPole(),
  "MountainCar-v0": () => new MountainCar(),
  "MountainCarContinuous-v0": () => new MountainCarContinuous(),
  "Acrobot-v1": () => new Acrobot(),
  "Pendulum-v1": () => new Pendulum(),
};

/** Double precision, some hundred steps: only the last digits of sin and cos may differ. */
const sameDynamics = 1e-9;

function assertClose(actual: readonly number[], expected: readonly number[], where: string): void {
  assert.equal(actual.length, expected.length, where);
  actual.forEach((x, i) =>
    assert.ok(Math.abs(x - expected[i]) < sameDynamics, `${where}: ${x} ≠ ${expected[i]}`),
  );
}

describe("classic control", () => {
  reference.trajectories.forEach((trajectory, k) => {
    it(`${trajectory.name}, trajectory ${k}: ${trajectory.actions.length} steps equal Gymnasium's to 1e-9`, () => {
      const world = make[trajectory.name]();
      assert.equal(world.name, trajectory.name);
      const last = trajectory.actions.length - 1;
      world.resetTo(trajectory.start);
      trajectory.actions.forEach((action, t) => {
        const step = world.step(action);
        const where = `step ${t}`;
        assertClose(world.state, trajectory.states[t], where);
        assertClose(step.observation, trajectory.observations[t], where);
        assertClose([step.reward], [trajectory.rewards[t]], where);
        assert.equal(step.terminated, t === last && trajectory.terminated, where);
      });
    });
  });

  const starts: Record<string, [low: number[], high: number[]]> = {
    "CartPole-v1": [
      [-0.05, -0.05, -0.05, -0.05],
      [0.05, 0.05, 0.05, 0.05],
    ],
    "MountainCar-v0": [
      [-0.6, 0],
      [-0.4, 0],
    ],
    "MountainCarContinuous-v0": [
      [-0.6, 0],
      [-0.4, 0],
    ],
    "Acrobot-v1": [
      [-0.1, -0.1, -0.1, -0.1],
      [0.1, 0.1, 0.1, 0.1],
    ],
    "Pendulum-v1": [
      [-Math.PI, -1],
      [Math.PI, 1],
    ],
  };
  for (const [name, build] of Object.entries(make)) {
    it(`${name} starts within Gymnasium's bounds, in the same place for the same seed`, () => {
      const world = build();
      const [low, high] = starts[name];
      const rng = new Rng(name);
      const means = new Float64Array(low.length);
      for (let k = 0; k < 500; k++) {
        assert.equal(world.reset(rng).length, world.observationSize);
        world.state.forEach((x, i) => {
          assert.ok(x >= low[i] && x <= high[i]);
          means[i] += x / 500;
        });
      }
      low.forEach((l, i) =>
        assert.ok(
          Math.abs(means[i] - (l + high[i]) / 2) <= (4 * (high[i] - l)) / Math.sqrt(12 * 500),
        ),
      );
      world.reset(new Rng(5));
      const { state } = world;
      world.reset(new Rng(5));
      assert.deepEqual(world.state, state);
    });

    it(`${name} refuses wrong actions and states, and a step when nothing has begun`, () => {
      const world = build();
      assert.throws(() => world.step(0), /Call reset\(rng\)/);
      assert.throws(() => world.resetTo([0]), /must have . entries, got 1/);
      assert.throws(() => world.resetTo(starts[name][0].map(() => NaN)), /finite number, got NaN/);
      world.reset(new Rng(1));
      if (world.actions.kind === "discrete")
        assert.throws(() => world.step(3), /must be one of 0 .*; got 3/);
      assert.throws(() => world.step(NaN), /got NaN/);
    });
  }
});

describe("CartPole", () => {
  it("by hand: one push from rest: x″ = temp − …, angle untouched until the next step", () => {
    const world = new CartPole();
    world.resetTo([0, 0, 0, 0]);
    const { observation } = world.step(1);
    const spinning = -(10 / 1.1) / (0.5 * (4 / 3 - 0.1 / 1.1));
    const pushing = 10 / 1.1 - (0.05 * spinning) / 1.1;
    assertClose(observation, [0, 0.02 * pushing, 0, 0.02 * spinning], "by hand");
  });
  it("is truncated, not terminated, when time runs out, and both when it falls at that step", () => {
    const world = new CartPole({ maxSteps: 3 });
    world.resetTo([0, 0, 0, 0]);
    const steps = [1, 0, 1].map((action) => world.step(action));
    assert.deepEqual(
      steps.map((s) => [s.terminated, s.truncated]),
      [
        [false, false],
        [false, false],
        [false, true],
      ],
    );
    assert.throws(() => world.step(0), /the episode is over/);
    world.resetTo([2.39, 1, 0, 0]);
    assert.deepEqual([world.step(1).terminated, new CartPole().maxSteps], [true, 500]);
  });
  it("refuses a time limit that would never come, but for Infinity", () => {
    for (const maxSteps of [NaN, 0, -5, 1.5]) {
      const refused = new RegExp(`MountainCar-v0: maxSteps.* of at least 1, got ${maxSteps}`);
      assert.throws(() => new MountainCar({ maxSteps }).reset(new Rng(1)), refused);
      assert.throws(() => new MountainCar({ maxSteps }).resetTo([0, 0]), refused);
    }
    new MountainCar({ maxSteps: Infinity }).reset(new Rng(1));
  });
});

describe("playEpisode", () => {
  it("keeps T + 1 states and T actions, and ends as the world does", () => {
    const episode = playEpisode(new CartPole(), ([, , angle]) => (angle > 0 ? 1 : 0), new Rng(3));
    assert.equal(episode.states.length, episode.actions.length + 1);
    assert.equal(episode.rewards.length, episode.actions.length);
    assert.equal(episode.terminated, true);
    assert.equal(
      episode.rewards.reduce((a, b) => a + b),
      episode.actions.length,
    );
    assert.notEqual(episode.observations[0], episode.observations[1]);
  });
  it("repeats itself for the same seed", () => {
    const once = () => playEpisode(new MountainCar(), ([, v]) => (v >= 0 ? 2 : 0), new Rng(1));
    assert.deepEqual(once(), once());
    assert.equal(once().terminated, true);
  });
});

describe("Pendulum", () => {
  it("takes its angle in [−π, π) whatever it has turned", () => {
    for (const angle of [-10, -Math.PI, -1, 0, 3, Math.PI, 20]) {
      const turned = normalizedAngle(angle);
      assert.ok(turned >= -Math.PI && turned < Math.PI);
      assert.ok(Math.abs(Math.sin(turned) - Math.sin(angle)) < 1e-12);
    }
  });
  it("cuts a torque beyond its bounds, and pays for what it used", () => {
    const [one, two] = [new Pendulum(), new Pendulum()];
    one.resetTo([1, 0]);
    two.resetTo([1, 0]);
    assert.deepEqual(one.step(5), two.step(2));
  });
  it("neither gains nor loses energy by much without torque", () => {
    const world = new Pendulum();
    world.resetTo([2, 0]);
    const energy = ([angle, velocity]: number[]) => 0.5 * velocity ** 2 + 15 * Math.cos(angle);
    const before = energy(world.state);
    for (let t = 0; t < 100; t++) world.step(0);
    assert.ok(Math.abs(energy(world.state) - before) < 1.5); // semi-implicit Euler wobbles, and does not drift
  });
});
