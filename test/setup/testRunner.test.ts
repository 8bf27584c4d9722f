import assert from "node:assert/strict";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeProject, type Project } from "./project";

const repository = join(__dirname, "..", "..");

describe("npm test", function () {
  this.timeout(60_000); // many processes start here; a busy machine takes its time
  let project: Project;

  before(() => {
    project = makeProject();
    symlinkSync(join(repository, "node_modules"), join(project.folder, "node_modules"));
    for (const name of [
      "package-lock.json",
      "tsconfig.json",
      "tsconfig.base.json",
      "lib/tsconfig.json",
    ]) {
      cpSync(join(repository, name), join(project.folder, name));
    }
  });

  after(() => project.remove());

  /** Runs one test file's lines as `npm test` would. @returns its exit code, last line and whole output */
  async function result(
    lines: string,
    room = "core",
  ): Promise<{ code: number | string; last: string; output: string }> {
    const folder = join(project.folder, "test", room);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "some.test.ts"), lines);
    const one = project.launch("test", [`test/${room}/some.test.ts`]);
    const code = await one.ends();
    return { code, last: one.output().trimEnd().split("\n").at(-1)!, output: one.output() };
  }

  it("counts what passed and ends with 0", async () => {
    const { code, last } = await result(`it("is true", () => {}); it("is true too", () => {});`);
    assert.deepEqual([code, last], [0, "2 passed, 0 failed"]);
  });

  it("counts what failed and was skipped, shows why, and ends with 1", async () => {
    const { code, last, output } = await result(
      `it("is false", () => { throw new Error("seven is not eight"); }); it.skip("is left out"); it("is true", () => {});`,
    );
    assert.deepEqual([code, last], [1, "1 passed, 1 failed, 1 skipped"]);
    assert.match(output, /seven is not eight/);
    assert.match(output, /skipped: is left out/);
  });

  it("counts a file that does not load, and one without a test, as failures", async () => {
    assert.equal((await result(`throw new Error("not loaded");`)).last, "0 passed, 1 failed");
    assert.equal((await result(`export {};`)).last, "0 passed, 1 failed");
  });

  it("counts a process that dies in the middle, and what it did before", async () => {
    const { code, last } = await result(
      `it("is true", () => {}); it("dies", () => process.kill(process.pid, "SIGKILL"));`,
    );
    assert.deepEqual([code, last], [1, "1 passed, 1 failed"]);
  });

  it("counts a group that leaves something open, and names it", async () => {
    const { last, output } = await result(
      `it("leaves a timer", () => { setInterval(() => {}, 1000); });`,
    );
    assert.equal(last, "1 passed, 1 failed");
    assert.match(output, /all tests ended, but something is left open: .*Timeout/);
  });

  it("skips and counts the tests whose program is not there, and says what to install", async () => {
    const { code, last, output } = await result(`it("needs a browser", () => {});`, "browser");
    assert.deepEqual([code, last], [0, "0 passed, 0 failed, 1 skipped"]);
    assert.match(output, /Chromium was not found: .* apt install chromium/);
  });

  it("refuses a name that is no group, room or file", async () => {
    const one = project.launch("test", ["cor"]);
    assert.equal(await one.ends(), 1);
    assert.match(one.output(), /There is no group, room or test file "cor"/);
  });
});
