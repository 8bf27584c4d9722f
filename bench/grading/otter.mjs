/** otter-grader, in an environment of its own: it is no part of this project. */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { python as ours, root } from "../../scripts/grading/tools.mjs";

const packages = ["otter-grader==6.1.6", "ipykernel==7.4.0"];
const environment = join(root, ".setup", "bench-otter");
const python = join(environment, "bin", "python");
const done = join(environment, "installed");

/** Installs otter where it is not there yet. @throws Error with what the installer said */
export function installOtter() {
  if (existsSync(done)) return;
  rmSync(environment, { recursive: true, force: true });
  must(ours, ["-m", "uv", "venv", "--quiet", environment]);
  must(ours, [
    "-m",
    "uv",
    "pip",
    "install",
    "--quiet",
    "--compile-bytecode",
    "--python",
    python,
    ...packages,
  ]);
  writeFileSync(done, packages.join("\n"));
}

/** Submissions and tests in a new folder. @returns the program that grades them, one after another */
export function otterClass(folder, count) {
  must(python, [join(root, "bench", "grading", "otter.py"), folder, String(count)]);
  const each = `"${python}" -m otter run -a autograder.zip -o . student-$i.ipynb || exit 1`;
  return ["sh", ["-c", `i=0; while [ $i -lt ${count} ]; do ${each}; i=$((i + 1)); done`]];
}

function must(program, args) {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error?.message ?? stderr}`);
}
