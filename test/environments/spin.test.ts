import assert from "node:assert/strict";
import { Rng } from "../../lib/core/rng";
import { Pendulum } from "../../lib/environments/pendulum";
import { Spin } from "../../lib/environments/spin";

describe("Spin", () => {
  it("moves as Pendulum-v1 does under the three torques", () => {
    const [spin, pendulum] = [new Spin(), new Pendulum()];
    const rng = new Rng(1);
    const start = [2.1, -0.7];
    spin.resetTo(start);
    pendulum.resetTo(start);
    for (let t = 0; t < 60; t++) {
      const action = rng.integer(3);
      const seen = spin.step(action).observation;
      assert.deepEqual(seen, pendulum.step([-2, 0, 2][action]).observation);
      assert.deepEqual(spin.state, pendulum.state);
    }
  });

  it("by hand: from upright at 1 rad/s, torque 2: velocity 1 + (0 + 3·2)·0.05 = 1.3, reward 1.3/8", () => {
    const world = new Spin();
    world.resetTo([0, 1]);
    const { reward, observation } = world.step(2);
    assert.ok(Math.abs(observation[2] - 1.3) < 1e-12);
    assert.ok(Math.abs(reward - 0.1625) < 1e-12);
    assert.ok(Math.abs(world.state[0] - 0.065) < 1e-12); // angle + 1.3·0.05
  });

  it("pays as much for looping anticlockwise as it takes for clockwise", () => {
    const [left, right] = [new Spin(), new Spin()];
    left.resetTo([0.4, 3]);
    right.resetTo([-0.4, -3]);
    for (const [a, b] of [
      [2, 0],
      [2, 0],
      [1, 1],
      [0, 2],
    ]) {
      // prettier-ignore
      assert.ok(Math.abs(left.step(a).reward + right.step(b).reward) < 1e-12);
    }
  });

  it("asks for the opposite of what Pendulum-v1 rewards", () => {
    const looping = [0.5, 8];
    const [spin, pendulum] = [new Spin(), new Pendulum()];
    spin.resetTo(looping);
    pendulum.resetTo(looping);
    const [wild, calm] = [spin.step(1).reward, pendulum.step(0).reward];
    spin.resetTo([0, 0]);
    pendulum.resetTo([0, 0]);
    assert.ok(wild > spin.step(1).reward);
    assert.ok(calm < pendulum.step(0).reward);
  });

  it("ends by the clock alone, and starts the same from the same generator", () => {
    const world = new Spin({ maxSteps: 2 });
    const first = world.reset(new Rng("start"));
    assert.deepEqual(world.reset(new Rng("start")), first);
    const ends = [world.step(1), world.step(1)].map((s) => [s.terminated, s.truncated]);
    assert.deepEqual(ends, [[false, false], [false, true]]); // prettier-ignore
    assert.throws(() => world.step(1), /episode is over/);
  });

  it("refuses a state that is none", () => {
    const world = new Spin();
    assert.throws(() => world.resetTo([1, 2, 3]), { name: "ShapeError" });
    assert.throws(() => world.resetTo([1, NaN]), RangeError);
    world.reset(new Rng(1));
    assert.throws(() => world.step(3), /0 clockwise, 1 nothing, 2 anticlockwise/);
  });
});
