import assert from "node:assert/strict";
import { error, KernelClient, ofType, printed, value, type Message } from "./kernelClient";

const kernelsOwn = /rlhf\/kernel|node:|tslab|evalmachine|__publish|lib\/dist\/kernel/;

describe("errors", function () {
  this.timeout(180_000);
  let kernel: KernelClient;
  before(async () => (kernel = await KernelClient.start()));
  after(() => kernel.stop());

  describe("thrown in a cell", () => {
    it("have a name, a message and a traceback that quotes the student's line", async () => {
      const result = await kernel.execute(
        [
          "interface Arm { mean: number }", // vanishes from the JavaScript: lines must not shift
          "function pull(arm: Arm): number {",
          "  if (arm.mean > 3)",
          '    throw new RangeError("no such arm");',
          "  return arm.mean;",
          "}",
          "pull({ mean: 7 })",
        ].join("\n"),
      );
      const count = Number(result.reply.execution_count);
      const { ename, evalue, traceback } = error(result);
      assert.equal(ename, "RangeError");
      assert.equal(evalue, "no such arm");
      assert.match(traceback, /> 4 \| {5}throw new RangeError\("no such arm"\);/);
      assert.match(
        traceback,
        new RegExp(`at pull \\(cell ${count}:4:11\\)\\n +at cell ${count}:7:1`),
      );
      assert.doesNotMatch(traceback, kernelsOwn);
      assert.equal(result.reply.status, "error");
      assert.equal(result.reply.ename, "RangeError");
      assert.ok(Array.isArray(result.reply.traceback));
    });

    it("name the line after an await, and the cell in which a function was written", async () => {
      const definition = await kernel.execute(
        "async function later(): Promise<void> {\n  await new Promise((r) => setTimeout(r, 5));\n  throw new Error('late');\n}",
      );
      const result = await kernel.execute("const before = 1;\nawait later();");
      const { traceback } = error(result);
      const cells = [definition, result].map(({ reply }) => Number(reply.execution_count));
      assert.match(traceback, new RegExp(`at later \\(cell ${cells[0]}:3:9\\)`));
      assert.match(traceback, new RegExp(`at async cell ${cells[1]}:2:1`));
      assert.match(traceback, /> 3 \| {3}throw new Error\('late'\);/);
    });

    it("show the library's function and the student's line", async () => {
      const result = await kernel.execute('import { Rng } from "rlhf";\n\nnew Rng(1).integer(-3)');
      const { ename, traceback } = error(result);
      assert.equal(ename, "RangeError");
      assert.match(traceback, /at Rng\.integer \(rlhf\/core\/rng\.js:\d+:\d+\)/);
      assert.match(traceback, /> 3 \| new Rng\(1\)\.integer\(-3\)/);
      assert.doesNotMatch(traceback, kernelsOwn);
    });

    it("show what caused them", async () => {
      const { traceback } = error(
        await kernel.execute('throw new Error("outer", { cause: new TypeError("inner") })'),
      );
      assert.match(traceback, /^Error: outer[^]*Caused by\nTypeError: inner/);
    });

    it("shorten an endless recursion", async () => {
      const { ename, traceback } = error(
        await kernel.execute(
          "function deep(n: number): number { return deep(n + 1) + 1; }\ndeep(0)",
        ),
      );
      assert.equal(ename, "RangeError");
      assert.ok(traceback.split("\n").length < 20, traceback);
    });

    it("need not be Errors", async () => {
      const { ename, evalue } = error(await kernel.execute('throw "a string"'));
      assert.equal(ename, "Thrown");
      assert.match(evalue, /'a string' was thrown.*new Error/);
      assert.equal(error(await kernel.execute("throw null")).ename, "Thrown");
      assert.equal(error(await kernel.execute("throw { message: 1, stack: 2 }")).evalue, "1");
    });

    it("may be thrown by an awaited promise or be the rejection of the last one", async () => {
      assert.equal(error(await kernel.execute('await Promise.reject(new Error("a"))')).evalue, "a");
      assert.equal(error(await kernel.execute('Promise.reject(new Error("b"))')).evalue, "b");
    });

    it("leave what the cell had reached, and name what it had not", async () => {
      await kernel.execute("const kept = 1; const old = 'old';");
      const result = await kernel.execute(
        'const losses = [3, 2]; const lost: number = (() => { throw new Error("stop"); })(); const old = "new";',
      );
      assert.equal(error(result).evalue, "stop");
      assert.equal(value(await kernel.execute("losses")), "[ 3, 2 ]");
      assert.equal(value(await kernel.execute("old")), "'old'");
      assert.match(error(await kernel.execute("lost")).evalue, /^lost has no value: the cell/);
    });
  });

  describe("that nobody catches", () => {
    it("fail the cell while it runs: a promise left behind", async () => {
      const result = await kernel.execute('void Promise.reject(new Error("left behind"));\n1');
      assert.equal(error(result).evalue, "left behind");
      assert.equal(result.reply.status, "error");
      assert.equal(value(result), undefined);
    });

    it("fail the cell while it runs: a timer, even if the cell waits for ever", async () => {
      const result = await kernel.execute(
        'setTimeout(() => {\n  throw new Error("in a timer");\n}, 20);\nawait new Promise(() => undefined);',
      );
      assert.match(error(result).traceback, /> 2 \| {3}throw new Error\("in a timer"\);/);
      assert.doesNotMatch(error(result).traceback, kernelsOwn);
    });

    const late = async (
      code: string,
    ): Promise<{ messages: Message[]; next: Awaited<ReturnType<KernelClient["execute"]>> }> => {
      const id = await kernel.submit(code);
      assert.equal((await kernel.result(id)).reply.status, "ok");
      const next = await kernel.execute("await new Promise((r) => setTimeout(r, 600)); 5");
      const messages = (await kernel.collect(0.1)).filter(({ parent }) => parent === id);
      return { messages, next };
    };

    it("are shown under their cell when it has ended, and do not harm the next", async () => {
      for (const code of [
        'setTimeout(() => { throw new Error("too late"); }, 300);',
        'setTimeout(() => void Promise.reject(new Error("too late")), 300);',
      ]) {
        const { messages, next } = await late(code);
        assert.equal(error({ messages }).evalue, "too late");
        assert.equal(value(next), "5");
      }
    });
  });

  describe("found before the cell runs", () => {
    it("are type errors with line and column, and the cell does not run", async () => {
      const result = await kernel.execute('console.log("ran");\nconst n: number = "three";');
      const { ename, evalue, traceback } = error(result);
      assert.equal(ename, "TypeScriptError");
      assert.equal(evalue, "line 2, column 7: Type 'string' is not assignable to type 'number'.");
      assert.match(traceback, /> 2 \| const n: number = "three";\n +\| {7}\^/);
      assert.equal(printed(result), "");
      assert.equal(result.reply.ename, "TypeScriptError");
    });

    it("are told with their reasons, once", async () => {
      const { traceback } = error(
        await kernel.execute("const a = { b: { c: 1 } };\nconst d: { b: { c: string } } = a;"),
      );
      assert.match(traceback, /Types of property|types of 'b\.c'/i);
      assert.equal(traceback.match(/TypeScriptError/g)?.length, 1);
    });

    it("are syntax errors alone when the cell cannot be read", async () => {
      const { ename, evalue, traceback } = error(
        await kernel.execute('const n: number = "x";\nfoo('),
      );
      assert.equal(ename, "SyntaxError");
      assert.match(evalue, /^line 2, column 5: /);
      assert.doesNotMatch(traceback, /TypeScriptError/);
    });

    it("say what to do about export, a missing package and a page's functions", async () => {
      assert.match(
        error(await kernel.execute("export const x = 1")).evalue,
        /leave out the word export/,
      );
      assert.match(
        error(await kernel.execute('import x from "no-such-package"')).evalue,
        /npm install/,
      );
      assert.match(
        error(await kernel.execute('prompt("?")')).evalue,
        /runs in Node, not in the page/,
      );
    });

    it("do not touch what was defined before", async () => {
      await kernel.execute("let kept2 = 5");
      await kernel.execute("let kept2: number = 'six'");
      assert.equal(value(await kernel.execute("kept2")), "5");
    });
  });

  it("come as exactly one error message", async () => {
    const result = await kernel.execute("throw new Error('once')");
    assert.equal(ofType(result, "error").length, 1);
    assert.equal(printed(result, "stderr"), "");
  });
});
