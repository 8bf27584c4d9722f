import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const module = pathToFileURL(join(__dirname, "../../scripts/setup/lock.mjs")).href;

describe("the set-up's lock", function () {
  this.timeout(60_000); // many processes start here; a busy machine takes its time
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "rlhf-lock-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a few lines in a process of their own, with `acquire`, `lock` and `log` at hand. */
  async function inProcess(lines: string): Promise<number | null> {
    const source = `
      import { appendFileSync } from "node:fs";
      import { setTimeout as sleep } from "node:timers/promises";
      import { acquire } from ${JSON.stringify(module)};
      const lock = ${JSON.stringify(join(folder, "lock"))};
      const log = (text) => appendFileSync(${JSON.stringify(join(folder, "log"))}, text + "\\n");
      ${lines}`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", source]);
    const [code] = (await once(child, "close")) as [number | null];
    return code;
  }

  const log = (): string[] => readFileSync(join(folder, "log"), "utf8").trim().split("\n");

  it("is held by one process at a time, also when many find the same dead owner", async () => {
    await inProcess(`await acquire(lock); process.kill(process.pid, "SIGKILL")`);
    const body = `const release = await acquire(lock); log("in"); await sleep(20); log("out"); release();`;
    await Promise.all(Array.from({ length: 8 }, () => inProcess(body)));
    assert.deepEqual(log(), Array.from({ length: 8 }, () => ["in", "out"]).flat());
    assert.deepEqual(readdirSync(folder), ["log"], "nothing is left behind");
  });

  it("tells who has it, once", async () => {
    const body = `const release = await acquire(lock, (pid) => log("waits for " + pid)); log("has it " + process.pid); await sleep(400); release();`;
    await Promise.all([inProcess(body), inProcess(body)]);
    const [owner, waits] = log();
    assert.equal(waits, `waits for ${owner.slice("has it ".length)}`);
    assert.equal(log().length, 3);
  });

  it("is not taken from a live process, and is taken when its number went to another one", async function () {
    if (process.platform !== "linux") this.skip(); // only there a process's start is known
    const owner = (started: string): string =>
      JSON.stringify({ pid: process.pid, started, token: "x" });
    writeFileSync(join(folder, "lock"), owner(""));
    const wait = `await Promise.race([acquire(lock).then(() => log("taken")), sleep(300).then(() => log("waited"))]); process.exit(0)`;
    await inProcess(wait);
    writeFileSync(join(folder, "lock"), owner("1"));
    await inProcess(wait);
    assert.deepEqual(log(), ["waited", "taken"]);
  });
});
