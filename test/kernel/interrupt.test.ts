import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { error, KernelClient, printed, value, type Result } from "./kernelClient";

/** Waits until a cell has begun and had time to enter its loop. */
const settle = 700; // ms

describe("interrupt", function () {
  this.timeout(180_000);
  let kernel: KernelClient;
  before(async () => (kernel = await KernelClient.start()));
  after(() => kernel.stop());

  const ways = {
    "by SIGINT": async () => void (await kernel.ask("sigint")),
    "by interrupt_request": async () => {
      const id = await kernel.send("interrupt_request", {}, { channel: "control" });
      assert.deepEqual((await kernel.result(id, "control")).reply, { status: "ok" });
    },
  };

  async function interrupted(code: string, ask: () => Promise<void>): Promise<Result> {
    const id = await kernel.submit(code);
    await sleep(settle);
    await ask();
    const result = await kernel.result(id, "shell", 10);
    assert.equal(error(result).ename, "InterruptedError");
    assert.equal(value(await kernel.execute("1 + 1")), "2");
    return result;
  }

  for (const [way, ask] of Object.entries(ways))
    describe(way, () => {
      it("ends while (true) {} and names its line", async () => {
        const result = await interrupted("let n = 0;\nwhile (true) {\n  n++;\n}", ask);
        assert.match(error(result).traceback, /> [23] \| /);
        assert.ok(Number(value(await kernel.execute("n"))) > 0);
      });

      it("ends an endless loop after an await", async () => {
        await interrupted("await new Promise((r) => setTimeout(r, 5));\nfor (;;);", ask);
      });

      it("ends a loop that only awaits resolved promises", async () => {
        await interrupted("while (true) await Promise.resolve();", ask);
      });

      it("ends a recursion", async () => {
        await interrupted(
          "const fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2)); fib(90)",
          ask,
        );
      });

      it("ends a loop with tick(), whose finally runs", async () => {
        const code =
          'import { tick } from "rlhf";\ntry { while (true) await tick(); } finally { console.log("tidied"); }';
        assert.equal(printed(await interrupted(code, ask)), "tidied\n");
      });

      it("gives up a cell that waits for what never comes", async () => {
        await interrupted("await new Promise(() => undefined);", ask);
      });

      it("ends a long call of a library before the first await", async () => {
        await interrupted(
          "[...Array(4e5)].map(() => 1).sort(() => { let x = 0; for (let i = 0; i < 1e5; i++) x += i; return x; });",
          ask,
        );
      });
    });

  it("stops what an earlier cell has left running, and nothing that begins later", async () => {
    await kernel.execute(
      'void (async () => { for (;;) { await new Promise((r) => setTimeout(r, 30)); console.log("still here"); } })().catch(() => undefined);',
    );
    await interrupted("await new Promise(() => undefined);", ways["by SIGINT"]);
    await kernel.collect(0.3);
    const next = await kernel.execute(
      'import { tick } from "rlhf"; for (let i = 0; i < 5; i++) await tick(); await new Promise((r) => setTimeout(r, 300)); "undisturbed"',
    );
    assert.equal(value(next), "'undisturbed'");
    const texts = (await kernel.collect(0.1)).filter(({ type }) => type === "stream");
    assert.deepEqual(texts, []);
  });

  it("does no harm when nothing runs", async () => {
    for (const ask of Object.values(ways)) await ask();
    assert.equal(value(await kernel.execute("2 + 2")), "4");
  });

  it("ends the running cell and aborts those that wait", async () => {
    const [running, waiting] = [await kernel.submit("while (true) {}"), await kernel.submit("3")];
    await sleep(settle);
    await ways["by SIGINT"]();
    assert.equal(error(await kernel.result(running)).ename, "InterruptedError");
    assert.equal((await kernel.result(waiting)).reply.status, "aborted");
  });
});
