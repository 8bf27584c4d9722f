import assert from "node:assert/strict";

import { InterruptedError, tick } from "../../lib/core/tick";

const flags = globalThis as { [key: symbol]: { requested: boolean } | undefined };
const interrupt = Symbol.for("rlhf.interrupt");

describe("tick", () => {
  afterEach(() => {
    flags[interrupt] = undefined;
  });

  it("lets timers and input in, which a resolved promise does not", async () => {
    let seen = false;
    setImmediate(() => (seen = true));
    await Promise.resolve();
    assert.equal(seen, false);
    await tick();
    assert.equal(seen, true);
  });

  it("throws when an interrupt was requested, also while it waited", async () => {
    flags[interrupt] = { requested: false };
    const waiting = tick();
    flags[interrupt] = { requested: true };
    await assert.rejects(waiting, InterruptedError);
    flags[interrupt] = { requested: false };
    await tick();
  });
});
