// npm run release: the zip that a teacher gives to students.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { courseRoot, exerciseNames, notebookPath, python, root } from "./grading/tools.mjs";

const help = `npm run release [-- --to FILE.zip]

Packs the course for students: lessons, library, set-up, and the student's version of every exercise.
Nothing that solves or marks an exercise is in it: no solutions, no hidden tests, no grading.
`;

/** What a student gets; anything not named here stays with the teacher. */
const released = [
  ...["package.json", "package-lock.json", ".npmrc", "tsconfig.json", "tsconfig.base.json"],
  ...["requirements.in", "requirements.txt", "requirements", "README.md", "LICENSE", "LICENSES.md"],
  ...["CONTRIBUTING.md", "RESULTS.md", "docs", "exercises/README.md"], // README leads to them
  ...["lib", "notebooks", "data", "scripts"],
];
const withheld = new Set([
  ...["exercises.mjs", "grade.mjs", "release.mjs", "grading"].map((name) => join("scripts", name)),
  join("lib", "course", "grading"),
]);
/** The npm verbs that a student has; the others' files stay with the teacher. */
const verbs = ["start", "build", "doctor", "book"];
const builtAgain = new Set(["dist", "node_modules", "__pycache__", ".ipynb_checkpoints", ".rlhf"]);

function keep(path) {
  const relative = path.slice(root.length + 1);
  return !withheld.has(relative) && !builtAgain.has(basename(path));
}

/** Leaves no verb and no line that asks for a file which is not there. */
function cutForStudents(folder) {
  const manifest = join(folder, "package.json");
  const { scripts, ...rest } = JSON.parse(readFileSync(manifest, "utf8"));
  const kept = Object.fromEntries(verbs.map((verb) => [verb, scripts[verb]]));
  writeFileSync(manifest, `${JSON.stringify({ ...rest, scripts: kept }, undefined, 2)}\n`);
  const readme = join(folder, "README.md");
  const text = readFileSync(readme, "utf8");
  const students = text.replace("## Two commands", "## One command").replace(/^npm test .*\n/m, "");
  writeFileSync(readme, students);
}

/** Copies everything released into an empty folder. */
function stage(folder) {
  for (const name of released) {
    const from = join(root, name);
    if (existsSync(from)) cpSync(from, join(folder, name), { recursive: true, filter: keep });
  }
  for (const name of exerciseNames()) {
    const from = notebookPath("release", name, courseRoot);
    if (!existsSync(from)) throw new Error(`${name} is not built yet: npm run exercises.`);
    const to = join(folder, "exercises", "release", name, `${name}.ipynb`);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to);
  }
  cutForStudents(folder);
}

function main() {
  const options = { to: { type: "string" }, help: { type: "boolean", short: "h" } };
  const { values } = parseArgs({ options });
  if (values.help) return console.log(help);
  const target = resolve(values.to ?? "rlhf-course.zip");
  mkdirSync(dirname(target), { recursive: true });
  const scratch = mkdtempSync(join(tmpdir(), "rlhf-release-"));
  try {
    stage(join(scratch, "rlhf-course"));
    const args = ["-m", "zipfile", "-c", target, "rlhf-course"];
    const packed = spawnSync(python, args, { cwd: scratch, encoding: "utf8" });
    if (packed.status !== 0) throw new Error(`The zip could not be written: ${packed.stderr}`);
    console.log(`${target}: the course for students, without solutions and hidden tests.`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
