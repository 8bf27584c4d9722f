import assert from "node:assert/strict";
import { runInThisContext } from "node:vm";
import { parameters, transpile } from "../../lib/kernel/cellModule";
import { published } from "../../lib/kernel/publish";

interface Left {
  bindings: Record<string, unknown>;
  result?: () => unknown;
}

/** Runs an ES module as the kernel would run a cell, without the compiler before it. */
async function run(
  text: string,
  stop = new Int32Array(1),
  halt = (): void => undefined,
): Promise<Left> {
  let left: Left | undefined;
  const { text: body } = transpile(text, true);
  const source = `(async function (${parameters.join(", ")}) { __publish(${published}());\n${body}\n})`;
  const cell = runInThisContext(source) as (...given: unknown[]) => Promise<void>;
  const load = (name: string): unknown => (name === "seven" ? { seven: 7 } : undefined);
  await cell({}, load, stop, halt, (given: Left) => (left = given));
  assert.ok(left);
  return left;
}

describe("transpile", () => {
  it("publishes variables, functions, classes and imports", async () => {
    const { bindings } = await run(
      `import { seven } from "seven";
       let a = 1; const b = 2; function f() { return a; } class C {}
       const { d, e: [g] } = { d: 3, e: [4] };
       export { a, b, f, C, seven, d, g };`,
    );
    assert.deepEqual(
      [bindings.a, bindings.b, bindings.seven, bindings.d, bindings.g],
      [1, 2, 7, 3, 4],
    );
    assert.equal((bindings.f as () => number)(), 1);
    assert.equal(typeof bindings.C, "function");
  });

  it("publishes variables live, both ways", async () => {
    const { bindings } = await run("let n = 0; function up() { n++; } export { n, up };");
    const up = bindings.up as () => void;
    up();
    assert.equal(bindings.n, 1);
    bindings.n = 10;
    up();
    assert.equal(bindings.n, 11);
  });

  it("does not let a constant or an import be assigned", async () => {
    const { bindings } = await run(
      'import { seven } from "seven"; const k = 1; export { k, seven };',
    );
    for (const name of ["k", "seven"]) assert.equal(Reflect.set(bindings, name, 0), false);
  });

  it("gives the last expression apart, and does not publish it", async () => {
    const left = await run("const x = 2; export const tsLastExpr = x + 1; export { x };");
    assert.equal(left.result?.(), 3);
    assert.deepEqual(Object.keys(left.bindings), ["x"]);
  });

  it("does not touch a text that only looks like an export", async () => {
    const { bindings } = await run(
      "const t = `\nexport { nothing };\nexport const tsLastExpr = 1`; export { t };",
    );
    assert.equal(bindings.t, "\nexport { nothing };\nexport const tsLastExpr = 1");
  });

  it("looks at the stop flag in every kind of loop and function", async () => {
    const bodies = {
      while: "while (true) {}",
      "while without a block": "while (true);",
      do: "do ; while (true)",
      for: "for (;;) {}",
      "for of": "for (const x of (function* () { for (;;) yield 1; })()) { void x; }",
      "for await": "for await (const x of [1]) { void x; }",
      "for in": "for (const x in { a: 1 }) { void x; }",
      "labelled loop": "outer: for (;;) { for (;;) continue outer; }",
      "function declaration": "function f() { return f(); } f();",
      "function expression": "(function f() { return f(); })();",
      arrow: "const f = () => f(); f();",
      "arrow with a block": "const f = () => { return f(); }; f();",
      method: "new (class { m() { return this.m(); } })().m();",
    };
    for (const [name, body] of Object.entries(bodies)) {
      const halt = (): never => assert.fail("halted");
      await assert.rejects(run(body, Int32Array.of(1), halt), /halted/, name);
    }
  });

  it("does not look while the flag is down, and does not change what code does", async () => {
    const { bindings } = await run(
      "let s = 0; for (let i = 0; i < 5; i++) s += ((x) => x * 2)(i); const f = async () => s; export { s, f };",
      new Int32Array(1),
      () => assert.fail("halted"),
    );
    assert.equal(bindings.s, 20);
    assert.equal(await (bindings.f as () => Promise<number>)(), 20);
  });

  it("leaves a module beside the notebook its exports", () => {
    const { text, names } = transpile("export const a = 1;", false);
    assert.match(text, /exports\.a = 1/);
    assert.deepEqual(names, []);
  });
});
