// Grading a class: submissions a second behind walls, beside nbgrader's own autograde and otter-grader.
// Arguments: class size, submissions for each of the others.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import {
  exercisesFolder,
  library,
  python,
  pythonEnvironment,
  root,
} from "../scripts/grading/tools.mjs";
import { writeClass } from "./grading/class.mjs";
import { installOtter, otterClass } from "./grading/otter.mjs";

const exercise = "03-bradley-terry";
const [classSize = 200, othersSize = 4] = process.argv.slice(2).map(Number);

/** CPU seconds of everything below a process come from a control group, where one can be made. */
function controlGroup() {
  const folder = `/sys/fs/cgroup/cpuacct/rlhf-bench-${process.pid}`;
  try {
    mkdirSync(folder);
    return folder;
  } catch {
    return undefined;
  }
}

/** Runs a program to its end: wall seconds, CPU seconds (NaN without control groups), peak MB. */
async function measured(command, args, options) {
  const { treeMemory } = library("course/grading/memory.js");
  const group = controlGroup();
  const join_ = group === undefined ? "" : `echo $$ > ${group}/cgroup.procs && `;
  const began = performance.now();
  const child = spawn("sh", ["-c", `${join_}exec "$@"`, "sh", command, ...args], {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, treeMemory(child.pid))), 50);
  const code = await new Promise((resolve) => child.once("close", resolve));
  clearInterval(watch);
  const wall = (performance.now() - began) / 1000;
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${output.slice(-2000)}`);
  const cpu = group === undefined ? NaN : Number(readFileSync(`${group}/cpuacct.usage`)) / 1e9;
  if (group !== undefined) spawnSync("rmdir", [group]);
  return { wall, cpu, peak: peak / 1e6 };
}

function row(name, count, { wall, cpu, peak }) {
  const rate = (seconds) => (count / seconds).toPrecision(3);
  const perMinute = Number.isNaN(cpu) ? "not measured" : rate(cpu / 60);
  return `| ${name} | ${count} | ${wall.toFixed(1)} | ${rate(wall)} | ${perMinute} | ${peak.toFixed(0)} |`;
}

/** A course folder with a class in it. */
async function makeCourse(count) {
  const folder = mkdtempSync(join(tmpdir(), "rlhf-bench-"));
  const env = { ...pythonEnvironment, RLHF_COURSE_ROOT: folder };
  const built = spawnSync(process.execPath, [join(root, "scripts", "exercises.mjs")], { env });
  if (built.status !== 0) throw new Error(String(built.stderr));
  await writeClass(folder, exercise, count);
  return { folder, env };
}

/** nbgrader as it comes: a kernel for every submission, no sandbox. */
function plainNbgrader(folder) {
  const config = join(folder, "nbgrader_config.py");
  writeFileSync(
    config,
    `c = get_config()\nc.CourseDirectory.root = ${JSON.stringify(folder)}\nc.CourseDirectory.course_id = "rlhf"\n`,
  );
  return ["-m", "nbgrader", "autograde", exercise, `--config=${config}`];
}

async function main() {
  const ours = await makeCourse(classSize);
  const theirs = await makeCourse(othersSize);
  const otter = join(theirs.folder, "otter");
  try {
    installOtter();
    const [program, args] = otterClass(otter, othersSize);
    const grade = [join(root, "scripts", "grade.mjs"), exercise];
    const lines = [
      `${cpus().length} cores (${cpus()[0].model}), load ${readFileSync("/proc/loadavg", "utf8").slice(0, 4)}; exercise 03, a third of the class all right.\n`,
      "| | submissions | wall s | a second | a CPU minute | peak MB |",
      "|---|---|---|---|---|---|",
      row(
        "npm run grade",
        classSize,
        await measured(process.execPath, grade, { env: ours.env, cwd: exercisesFolder }),
      ),
      row(
        "nbgrader autograde, our configuration",
        othersSize,
        await measured(python, ["-m", "nbgrader", "autograde", exercise], {
          env: theirs.env,
          cwd: exercisesFolder,
        }),
      ),
      row(
        "nbgrader autograde as it comes (no sandbox)",
        othersSize,
        await measured(python, [...plainNbgrader(theirs.folder), "--force"], {
          env: { ...theirs.env, NODE_PATH: join(root, "node_modules") },
          cwd: theirs.folder,
        }),
      ),
      row(
        "otter-grader 6.1.6 (no sandbox)*",
        othersSize,
        await measured(program, args, { env: pythonEnvironment, cwd: otter }),
      ),
      "",
      "\\* otter runs no TypeScript: it grades the same five functions in Python, 20 tests of three inputs each, as here.",
    ];
    console.log(lines.join("\n"));
    const results = join(root, "bench", "results");
    if (!existsSync(results)) mkdirSync(results);
    writeFileSync(join(results, "grading.md"), `# Grading a class\n\n${lines.join("\n")}\n`);
  } finally {
    for (const { folder } of [ours, theirs]) rmSync(folder, { recursive: true, force: true });
  }
}

await main();
