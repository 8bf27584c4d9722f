import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { headlines } from "./headlines";

const root = join(__dirname, "..", "..");
const python = join(root, ".venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

interface Run {
  seconds: number;
  errors: { cell: number; ename: string; evalue: string; source: string }[];
  warnings: { cell: number; text: string }[];
  probe: never;
}

async function runLesson(name: string, probe: string): Promise<Run> {
  const notebook = join(root, "notebooks", `${name}.ipynb`);
  const env = {
    ...process.env,
    RLHF_BUDGET: "smoke",
    RLHF_STORE: join(mkdtempSync(join(tmpdir(), "rlhf-lesson-")), "store.sqlite"),
  };
  const { stdout } = await promisify(execFile)(
    python,
    [join(__dirname, "run_lesson.py"), notebook, probe],
    { env, maxBuffer: 1 << 28 },
  );
  return JSON.parse(stdout) as Run;
}

const lessons = readdirSync(join(root, "notebooks"))
  .filter((file) => file.endsWith(".ipynb"))
  .map((file) => basename(file, ".ipynb"));

describe("every lesson", () => {
  it("has a headline that is held to its bar", () => {
    assert.deepEqual(Object.keys(headlines).sort(), [...lessons].sort());
  });

  for (const name of lessons) {
    it(`${name} runs from top to bottom and shows its headline`, async function () {
      this.timeout(180_000);
      const run = await runLesson(name, headlines[name]?.probe ?? "null");
      assert.deepEqual(run.errors, []);
      assert.deepEqual(run.warnings, []);
      headlines[name]?.check(run.probe);
    });
  }
});
