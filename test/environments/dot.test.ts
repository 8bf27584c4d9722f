import assert from "node:assert/strict";

import { Rng } from "../../lib/core/rng";
import { DotAndTarget, DotOrbit } from "../../lib/environments/dot";

describe("DotAndTarget", () => {
  it("by hand: a stride of .12 in each direction, and not beyond the edge", () => {
    const world = new DotAndTarget();
    world.reset(new Rng(1));
    const ends = [0, 1, 2, 3].map((action) => {
      world.resetTo([0, 0, 0.9, 0.9]);
      return world.step(action).observation.slice(0, 2);
    });
    assert.deepEqual(ends, [
      [0, 0.12],
      [0.12, 0],
      [0, -0.12],
      [-0.12, 0],
    ]);
    world.resetTo([0.95, 0, -0.9, 0]);
    assert.equal(world.step(1).observation[0], 1);
  });
  it("gives 1 for a target that is reached, and puts it elsewhere", () => {
    const world = new DotAndTarget();
    world.reset(new Rng(2));
    world.resetTo([0, 0, 0.2, 0]);
    const { reward, terminated } = world.step(1);
    assert.deepEqual([reward, terminated], [1, false]);
    assert.ok(world.distance >= 0.32);
  });
  it("reaches five targets when it always walks the longer way to go", () => {
    const world = new DotAndTarget();
    let [x, y, tx, ty] = world.reset(new Rng(3));
    let caught = 0;
    for (let t = 0; t < 200; t++) {
      const across = Math.abs(tx - x) > Math.abs(ty - y);
      const action = across ? (tx > x ? 1 : 3) : ty > y ? 0 : 2;
      const step = world.step(action);
      caught += step.reward;
      [x, y, tx, ty] = step.observation;
    }
    assert.ok(caught >= 8, `${caught}`);
  });
});

describe("DotOrbit", () => {
  it("by hand: a push right from rest: v = .02, x = .02, then v = .85·.02 + .02", () => {
    const world = new DotOrbit();
    world.resetTo([0, 0, 0, 0]);
    world.step(2);
    assert.deepEqual(world.state, [0.02, 0, 0.02, 0]);
    world.step(2);
    assert.ok(Math.abs(world.state[2] - 0.037) < 1e-15);
  });
  it("rewards going anticlockwise on the ring, and takes as much for clockwise", () => {
    const world = new DotOrbit();
    world.resetTo([0.6, 0, 0, 0.13]);
    const { reward } = world.step(1); // v = .85·.13 + .02 = .1305 along y
    assert.ok(reward > 0.9 && reward < 1.01, `${reward}`);
    world.resetTo([0.6, 0, 0, -0.13]);
    assert.ok(Math.abs(world.step(3).reward + reward) < 1e-12);
  });
  it("is stopped by the edge", () => {
    const world = new DotOrbit();
    world.resetTo([0.999, 0, 0.1, 0]);
    world.step(2);
    assert.deepEqual(world.state.slice(0, 3), [1, 0, 0]);
  });
  it("shows position, velocity and their polar parts", () => {
    const world = new DotOrbit();
    const seen = world.resetTo([0, 0.5, 0.1, 0]);
    assert.deepEqual(
      seen.map((x) => Number(x.toFixed(12))),
      [0, 0.5, 0.8, 0, 0.5, 0, -0.8],
    );
  });
  it("leaves out the polar parts when asked to", () => {
    const [whole, plain] = [new DotOrbit(), new DotOrbit({ polar: false })].map((world) =>
      world.resetTo([0.3, -0.4, 0.05, 0.02]),
    );
    assert.deepEqual(plain, whole.slice(0, 4));
    assert.equal(new DotOrbit({ polar: false }).observationSize, plain.length);
  });
});
