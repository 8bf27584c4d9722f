import assert from "node:assert/strict";
import { inParallel, parallelTask } from "../../lib/core/parallel";
import { Rng } from "../../lib/core/rng";

export const normals = parallelTask(__filename, "normals", (seed: number) => {
  const rng = new Rng(seed);
  return Float64Array.from({ length: 3 }, () => rng.normal());
});

export const notFive = parallelTask(__filename, "notFive", (n: number) => {
  if (n === 5) throw new RangeError("five came in");
  return n;
});

// workers load this file too, where there is no mocha
if (typeof describe === "function") {
  describe("inParallel", function () {
    this.timeout(60_000); // a thread that compiles TypeScript takes a second to start

    it("gives what the task gives on this thread, in the order of the inputs", async () => {
      const seeds = [4, 3, 2, 1, 0];
      const outputs = await inParallel(normals, seeds, { workers: 2 });
      assert.deepEqual(outputs, seeds.map(normals.run));
    });

    it("says of each result which it is, as it comes", async () => {
      const seen = new Map<number, number>();
      await inParallel(notFive, [7, 8, 9], { workers: 3, onResult: (n, i) => seen.set(i, n) });
      assert.deepEqual([...seen].sort(), [[0, 7], [1, 8], [2, 9]]); // prettier-ignore
    });

    it("throws what the task throws, with its name and message", async () => {
      await assert.rejects(inParallel(notFive, [1, 5, 2], { workers: 2 }), {
        name: "RangeError",
        message: "five came in",
      });
    });

    it("says what is wrong when the task is exported under another name", async () => {
      const lost = parallelTask(__filename, "elsewhere", (n: number) => n);
      await assert.rejects(inParallel(lost, [1]), /exports no task "elsewhere"/);
    });

    it("stops when the cell is interrupted, and ends its threads", async () => {
      const key = Symbol.for("rlhf.interrupt");
      const holder = globalThis as { [key]?: { requested: boolean } };
      holder[key] = { requested: true };
      try {
        await assert.rejects(inParallel(normals, [1, 2, 3]), { name: "InterruptedError" });
      } finally {
        delete holder[key];
      }
    });

    it("has nothing to do for no inputs", async () => {
      assert.deepEqual(await inParallel(normals, []), []);
    });
  });
}
