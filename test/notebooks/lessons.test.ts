import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import type { Headline } from "./headline";

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

const headlineNames = readdirSync(join(__dirname, "headlines")).map((file) => basename(file, ".ts"));

function headlineOf(lesson: string): Headline {
  return (createRequire(__filename)(`./headlines/${lesson}`) as { headline: Headline }).headline;
}

const lessons = readdirSync(join(root, "notebooks"))
  .filter((file) => file.endsWith(".ipynb"))
  .map((file) => basename(file, ".ipynb"));

describe("every lesson", () => {
  it("has a headline that is held to its bar", () => {
    assert.deepEqual(headlineNames.sort(), [...lessons].sort());
  });

  for (const name of lessons) {
    it(`${name} runs from top to bottom and shows its headline`, async function () {
      this.timeout(180_000);
      const headline = headlineOf(name);
      const run = await runLesson(name, headline.probe);
      assert.deepEqual(run.errors, []);
      assert.deepEqual(run.warnings, []);
      headline.check(run.probe);
    });
  }
});
