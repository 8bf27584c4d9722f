import assert from "node:assert/strict";
import { error, KernelClient, printed, value } from "./kernelClient";

describe("TypeScript across cells", function () {
  this.timeout(180_000);
  let kernel: KernelClient;
  before(async () => (kernel = await KernelClient.start()));
  after(() => kernel.stop());

  /** Runs cells; the value of the last one. */
  async function run(...cells: string[]): Promise<string | undefined> {
    let last: string | undefined;
    for (const code of cells) {
      const result = await kernel.execute(code);
      if (result.reply.status !== "ok") assert.fail(`${code}\n${error(result).traceback}`);
      last = value(result);
    }
    return last;
  }

  it("shares variables, functions, classes, enums, types and imports", async () => {
    await run(
      `let total = 1; const list = [2]; function add(n: number): number { return (total += n); }
       class Box<T> { constructor(readonly value: T) {} } enum Colour { Red, Green }
       interface Point { x: number } type Pair = [number, number];
       import { join } from "node:path"; import * as os from "node:os";`,
    );
    assert.equal(await run("add(2); total += list[0]!; total"), "5");
    assert.equal(await run("new Box<number>(total).value"), "5");
    assert.equal(
      await run("const point: Point = { x: Colour.Green }; const pair: Pair = [point.x, 2]; pair"),
      "[ 1, 2 ]",
    );
    assert.equal(await run('join("a", "b") + typeof os.cpus'), "'a/bfunction'");
  });

  it("lets every declaration be run again, with another type", async () => {
    for (const cell of [
      "const again = 1",
      "let again = 'a'",
      "class again {}",
      "function again() { return 1; }",
      "const again = [1]",
    ])
      await run(cell);
    assert.equal(await run("again"), "[ 1 ]");
  });

  it("lets an earlier function see a variable that was defined anew", async () => {
    await run("let beta = 0.1", "function kl() { return beta * 2; }", "let beta = 0.5");
    assert.equal(await run("kl()"), "1");
  });

  it("takes an earlier cell's object apart under other names", async () => {
    await run("const whole = { left: 1, inner: { right: [2, 3] } };");
    assert.equal(
      await run(
        "const { left: west, inner: { right: [, east] }, ...rest } = whole; [west, east, rest]",
      ),
      "[ 1, 3, {} ]",
    );
    assert.equal(
      await run("const take = ({ left: it = 9 }: typeof whole) => it; take(whole)"),
      "1",
    );
    assert.equal(await run("let north = 0; ({ left: north } = whole); north"), "1");
  });

  it("sees what a function of an earlier cell has changed, and the other way round", async () => {
    await run("let count = 0; function increment(): void { count++; }");
    assert.equal(await run("increment(); increment(); count"), "2");
    assert.equal(await run("count = 10; increment(); count"), "11");
    assert.equal(await run("count"), "11");
  });

  it("takes earlier variables in a shorthand, in patterns and in templates", async () => {
    await run("let alpha = 1; let gamma = 0.9;");
    assert.equal(await run("({ alpha, gamma })"), "{ alpha: 1, gamma: 0.9 }");
    assert.equal(
      await run("({ alpha, gamma = 3 } = { alpha: 5 } as any); [alpha, gamma]"),
      "[ 5, 3 ]",
    );
    assert.equal(await run("[alpha, gamma] = [gamma, alpha]; `${alpha} ${gamma}`"), "'3 5'");
    assert.equal(
      await run("{ let alpha = 9; void alpha; } for (let alpha = 0; alpha < 2; alpha++); alpha"),
      "3",
    );
  });

  it("awaits at the top, also in a loop alone", async () => {
    assert.equal(await run("const v = await Promise.resolve(3); v + 1"), "4");
    const result = await kernel.execute(
      "async function* numbers() { yield 1; yield 2; }\nfor await (const n of numbers()) console.log(n);",
    );
    assert.equal(printed(result), "1\n2\n");
  });

  it("declares what TypeScript cannot write down", async () => {
    assert.equal(
      await run("const Hidden = class { private secret = 1; };", "new Hidden()"),
      "Hidden { secret: 1 }",
    );
  });

  it("makes a cell that says @module a module", async () => {
    await run("/** @module mine */\nexport const answer = 42;");
    assert.equal(await run('import { answer } from "./mine"; answer'), "42");
    await run("/** @module mine */\nexport const answer = 43;");
    assert.equal(await run('import { answer } from "./mine"; answer'), "43");
  });
});
