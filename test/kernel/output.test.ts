import assert from "node:assert/strict";
import { error, KernelClient, ofType, printed, value } from "./kernelClient";

describe("what a cell shows", function () {
  this.timeout(180_000);
  let kernel: KernelClient;
  before(async () => (kernel = await KernelClient.start()));
  after(() => kernel.stop());

  describe("results", () => {
    it("shows the last expression as execute_result", async () => {
      const result = await kernel.execute("const square = (x: number) => x * x;\nsquare(7)");
      assert.equal(value(result), "49");
      assert.equal(result.reply.status, "ok");
      assert.equal(
        ofType(result, "execute_result")[0]?.execution_count,
        result.reply.execution_count,
      );
    });

    it("shows nothing for undefined, for a declaration and for a timer", async () => {
      for (const code of ["undefined", "const a = 1", "void 0", "setTimeout(() => undefined, 1)"])
        assert.deepEqual(ofType(await kernel.execute(code), "execute_result"), [], code);
    });

    it("shows null, strings and numbers as one would write them", async () => {
      assert.equal(value(await kernel.execute("null")), "null");
      assert.equal(value(await kernel.execute('"it\\n"')), "'it\\n'");
      assert.equal(value(await kernel.execute("0.1 + 0.2")), "0.30000000000000004");
    });

    it("awaits a promise", async () => {
      assert.equal(value(await kernel.execute("Promise.resolve(42)")), "42");
    });

    it("abbreviates what is large", async () => {
      const array = value(await kernel.execute("Array.from({ length: 100_000 }, (_, i) => i)"));
      assert.match(array ?? "", /99950 more items/);
      const typed = value(await kernel.execute("new Float64Array(1_000_000)"));
      assert.match(typed ?? "", /Float64Array\(1000000\)/);
      const text = value(await kernel.execute('Array(40).fill("x".repeat(4000))')) ?? "";
      assert.ok(text.length < 21_000, `${text.length} characters`);
      assert.match(text, /more characters/);
    });

    it("shows a tensor's shape, and its values while they are few", async () => {
      const tensor = (size: number, disposed = false): string =>
        `({ shape: [2, ${size / 2}], dtype: "float32", dataId: {}, size: ${size},` +
        ` isDisposed: ${disposed}, toString: () => "Tensor\\n    [1, 2]" })`;
      assert.equal(value(await kernel.execute(tensor(4))), "Tensor [2, 2] float32\n    [1, 2]");
      assert.equal(value(await kernel.execute(tensor(4000))), "Tensor [2, 2000] float32");
      assert.equal(value(await kernel.execute(tensor(4, true))), "Tensor [2, 2] float32, disposed");
    });

    it("draws a value that says how, as lib/notebook's charts do", async () => {
      const result = await kernel.execute(
        `({ [Symbol.for("rlhf.display")]: () => ({ data: { "text/html": "<b>7</b>", "text/plain": "7" },` +
          ` metadata: { "text/html": { isolated: true } } }) })`,
      );
      const [content] = ofType(result, "execute_result");
      assert.deepEqual(content?.data, { "text/html": "<b>7</b>", "text/plain": "7" });
      assert.deepEqual(content?.metadata, { "text/html": { isolated: true } });
    });

    it("makes the failure of such a value an error of the cell", async () => {
      const result = await kernel.execute(
        `({ [Symbol.for("rlhf.display")]() { throw new RangeError("no points to draw") } })`,
      );
      assert.equal(result.reply.status, "error");
      assert.equal(error(result).evalue, "no points to draw");
    });
  });

  describe("displays", () => {
    it("sends any MIME bundle, with metadata and an id, and updates it", async () => {
      const result = await kernel.execute(
        `const page = (globalThis as any)[Symbol.for("rlhf.frontEnd")];
         page.display({ "application/vnd.vegalite.v5+json": { mark: "bar" }, "text/plain": "bars" }, { a: 1 }, "id1");
         page.updateDisplay("id1", { "text/plain": "more bars" });
         page.sessionId.length`,
      );
      const [shown] = ofType(result, "display_data");
      assert.deepEqual(shown, {
        data: { "application/vnd.vegalite.v5+json": { mark: "bar" }, "text/plain": "bars" },
        metadata: { a: 1 },
        transient: { display_id: "id1" },
      });
      const [update] = ofType(result, "update_display_data");
      assert.deepEqual(update, {
        data: { "text/plain": "more bars" },
        metadata: {},
        transient: { display_id: "id1" },
      });
      assert.equal(value(result), "36");
    });

    it("keeps the order of prints, displays and the result", async () => {
      const result = await kernel.execute(
        `console.log("first"); page.display({ "text/plain": "second" }); console.error("third"); console.log("fourth"); 5`,
      );
      const order = result.messages
        .map(({ type }) => type)
        .filter((type) => !/status|input/.test(type));
      assert.deepEqual(order, ["stream", "display_data", "stream", "stream", "execute_result"]);
    });

    it("carries tslab's own display functions", async () => {
      const result = await kernel.execute(
        `import { display } from "tslab"; display.html("<i>x</i>");`,
      );
      assert.deepEqual(ofType(result, "display_data")[0]?.data, { "text/html": "<i>x</i>" });
    });

    it("clears the output on console.clear()", async () => {
      assert.deepEqual(ofType(await kernel.execute("console.clear()"), "clear_output"), [
        { wait: false },
      ]);
    });
  });

  describe("prints", () => {
    it("loses none of 20,000 lines, and gathers them into few messages", async () => {
      const result = await kernel.execute(
        `for (let i = 0; i < 20_000; i++) console.log("line", i)`,
      );
      const lines = printed(result).trimEnd().split("\n");
      assert.equal(lines.length, 20_000);
      assert.equal(lines.at(-1), "line 19999");
      assert.ok(ofType(result, "stream").length < 1000);
    });

    it("keeps stdout and stderr apart", async () => {
      const result = await kernel.execute(
        `console.log("out"); console.warn("err"); process.stdout.write("raw")`,
      );
      assert.equal(printed(result), "out\nraw");
      assert.equal(printed(result, "stderr"), "err\n");
    });

    it("delivers late text to the cell it came from", async () => {
      const first = await kernel.submit(`setTimeout(() => console.log("from the first"), 400)`);
      await kernel.result(first);
      const second = await kernel.execute(
        `await new Promise((r) => setTimeout(r, 800)); console.log("from the second")`,
      );
      assert.equal(printed(second), "from the second\n");
      const late = (await kernel.collect(0.2)).filter(({ parent }) => parent === first);
      assert.equal(printed({ messages: late }), "from the first\n");
    });
  });

  it("tells code that wants keyboard input that there is none", async () => {
    const result = await kernel.execute(
      `import * as readline from "node:readline/promises";
       await readline.createInterface({ input: process.stdin }).question("name? ")`,
    );
    assert.match(error(result).evalue, /no keyboard input.*widget/);
  });

  it("does not let process.exit() take the kernel with it", async () => {
    assert.match(error(await kernel.execute("process.exit(1)")).evalue, /would stop the kernel/);
    assert.equal(value(await kernel.execute("1 + 1")), "2");
  });
});
