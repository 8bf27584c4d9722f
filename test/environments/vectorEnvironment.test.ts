import assert from "node:assert/strict";
import { Rng } from "../../lib/core/rng";
import { CartPole } from "../../lib/environments/cartPole";
import { VectorEnvironment } from "../../lib/environments/vectorEnvironment";

describe("VectorEnvironment", () => {
  it("walks each world as that world alone would go", () => {
    const rng = new Rng("vector");
    const worlds = new VectorEnvironment(() => new CartPole(), 3, rng);
    const alone = new CartPole();
    alone.reset(rng.split("world 1"));
    for (const action of [1, 0, 0, 1, 1]) {
      worlds.step(0, 1 - action); // what happens elsewhere does not matter
      assert.deepEqual(worlds.step(1, action).observation, alone.step(action).observation);
    }
    assert.deepEqual([...worlds.observations.subarray(4, 8)], alone.state);
  });

  it("gives the state that was reached at an end, and shows the next start", () => {
    const worlds = new VectorEnvironment(() => new CartPole(), 1, new Rng(1));
    let step = worlds.step(0, 1);
    let length = 1;
    for (; !step.terminated; length++) step = worlds.step(0, 1);
    assert.ok(Math.abs(step.observation[2]) > 0.209, "the pole has fallen beyond 12°");
    assert.deepEqual(step.state, step.observation);
    assert.deepEqual(step.episode, { return: length, length });
    assert.ok(
      worlds.observations.every((x) => Math.abs(x) <= 0.05),
      "a fresh start",
    );
    assert.equal(worlds.step(0, 1).episode, undefined);
  });

  it("tells a truncation from a termination", () => {
    const worlds = new VectorEnvironment(() => new CartPole({ maxSteps: 2 }), 1, new Rng(1));
    worlds.step(0, 1);
    const { terminated, truncated, episode } = worlds.step(0, 0);
    assert.deepEqual({ terminated, truncated }, { terminated: false, truncated: true });
    assert.deepEqual(episode, { return: 2, length: 2 });
  });

  it("starts its worlds in different states, the same ones for the same seed", () => {
    const starts = () => new VectorEnvironment(() => new CartPole(), 2, new Rng(7)).observations;
    assert.deepEqual(starts(), starts());
    assert.notDeepEqual(starts().slice(0, 4), starts().slice(4));
  });

  it("refuses a world that there is not", () => {
    const worlds = new VectorEnvironment(() => new CartPole(), 2, new Rng(1));
    assert.throws(() => worlds.step(2, 0), /step: i must be an integer in \[0, 1\], got 2/);
    assert.throws(() => new VectorEnvironment(() => new CartPole(), 0, new Rng(1)), /count/);
  });
});
