import assert from "node:assert/strict";
import { PendingLabelling } from "../../lib/feedback/labelling";

describe("PendingLabelling", () => {
  it("resolves when the last answer has come", async () => {
    const labelling = new PendingLabelling<string>(2, "person");
    labelling.add("a");
    assert.equal(labelling.finished, false);
    setImmediate(() => labelling.add("b"));
    assert.deepEqual(await labelling, ["a", "b"]);
    assert.equal(labelling.finished, true);
  });

  it("keeps what is there when it is stopped early, and tells whoever collects, once", async () => {
    let stops = 0;
    const labelling = new PendingLabelling<string>(5, "person", () => (stops += 1));
    labelling.add("a");
    labelling.stop();
    labelling.stop();
    labelling.add("too late");
    assert.deepEqual(await labelling, ["a"]);
    assert.equal(stops, 1);
  });

  it("yields answers while they come", async () => {
    const labelling = new PendingLabelling<number>(3, "person");
    for (const [i, at] of [5, 10, 15].entries()) setTimeout(() => labelling.add(i), at);
    const seen: number[] = [];
    for await (const answer of labelling) seen.push(answer);
    assert.deepEqual(seen, [0, 1, 2]);
  });

  it("takes the latest answer back until the end", async () => {
    const labelling = new PendingLabelling<string>(2, "person");
    labelling.add("slip");
    assert.equal(labelling.undo(), "slip");
    labelling.add("a");
    labelling.add("b");
    assert.equal(labelling.undo(), undefined);
    assert.deepEqual(await labelling, ["a", "b"]);
  });

  it("passes a fault on to whoever waits", async () => {
    const labelling = new PendingLabelling<string>(2, "person");
    setImmediate(() => labelling.fail(new Error("the page is gone")));
    await assert.rejects(Promise.resolve(labelling), /the page is gone/);
  });

  it("is finished from the start when nothing is asked", async () => {
    assert.deepEqual(await new PendingLabelling<string>(0, "person"), []);
  });
});
