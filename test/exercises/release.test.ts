/** What students get: searched for whatever solves or marks an exercise. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { openFunctions, sourceNotebook } from "../../lib/course/grading/assignment";
import { notebookText } from "../../lib/course/grading/notebook";
import { Course, python } from "./course";
import { exercise, root, whyNoWalls } from "./grading";

const sources = join(root, "exercises", "source");
const script = readFileSync(join(sources, `${exercise}.ts`), "utf8");

/** The scripts of all exercises. */
const authored = readdirSync(sources)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(join(sources, name), "utf8"));

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** Text without anything that formatting, quoting in JSON or comment marks could change. */
const bare = (text: string): string => text.replace(/\\n|\\"|["\s,/]/g, "");

/** The inside of every solution region of a script, bare. */
const solutionsOf = (text: string): string[] =>
  [...text.matchAll(/\/\/ BEGIN SOLUTION\n(.*?)\/\/ END SOLUTION/gs)].map((match) => bare(match[1]));
const solutions = solutionsOf(script);

/** A parameter on a line of its own: students have the functions' signatures. */
const parameter = /^\s*\w+\??: [^=(){};]+,?$/;

/** Every four lines in a row of the hidden files, bare. */
const hidden = filesUnder(join(root, "exercises", "hidden")).flatMap((file) => {
  const lines = readFileSync(file, "utf8").split("\n").filter((line) => bare(line).length > 12 && !parameter.test(line));
  return lines.slice(0, -3).map((_, i) => bare(lines.slice(i, i + 4).join("")));
});

describe("the built notebooks", function () {
  this.timeout(300_000);

  it("agree with the authored script: source", () => {
    const built = readFileSync(join(root, "exercises", "source", exercise, `${exercise}.ipynb`), "utf8");
    assert.equal(built, notebookText(sourceNotebook(script, exercise)), "npm run exercises");
  });

  it("agree with the authored script: release, made by nbgrader in a course of its own", async () => {
    const course = new Course();
    try {
      const { code, stderr } = await course.script("exercises.mjs");
      assert.equal(code, 0, stderr);
      const path = join("release", exercise, `${exercise}.ipynb`);
      const made = readFileSync(join(course.folder, path), "utf8");
      assert.equal(readFileSync(join(root, "exercises", path), "utf8"), made, "npm run exercises");
    } finally {
      course.remove();
    }
  });

  it("are proved behind walls by --verify, from their own text", async function () {
    const why = whyNoWalls();
    if (why !== undefined) {
      console.log(`    skipped: ${why}`);
      this.skip();
    }
    const course = new Course();
    try {
      const { code, stdout, stderr } = await course.script("exercises.mjs", "--verify");
      assert.equal(code, 0, stderr);
      assert.match(stdout, /✓ the teacher's own solution: 20 of 20 points/);
      assert.match(stdout, /✓ right solution 2: 20 of 20 points/);
      assert.match(stdout, /✓ the untouched notebook: 0 of 20 points/);
      const open = authored.flatMap((text) => [...openFunctions(text).keys()]);
      assert.equal(stdout.match(/✓ known mistakes of/g)?.length, open.length);
    } finally {
      course.remove();
    }
  });

  it("have no two cells of one id, and points for every question", () => {
    const twice = script.replace('locked="help"', 'locked="title"');
    assert.throws(() => sourceNotebook(twice, exercise), /two cells have the id title/);
    const free = script.replace('test="kappa" points=4', 'test="kappa"');
    assert.throws(() => sourceNotebook(free, exercise), /test="kappa" needs points/);
  });
});

describe("npm run release", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "release-"));
  const unpacked = join(folder, "rlhf-course");
  let names: string[];

  before(() => {
    const zip = join(folder, "for students", "course.zip"); // a folder that is made
    execFileSync(process.execPath, [join(root, "scripts", "release.mjs"), "--to", zip]);
    execFileSync(python, ["-m", "zipfile", "-e", zip, folder]);
    names = filesUnder(unpacked).map((path) => relative(unpacked, path));
  });

  after(() => rmSync(folder, { recursive: true }));

  it("packs what a student needs to start", () => {
    const needed = ["package.json", "package-lock.json", "requirements.txt", "lib/index.ts", "scripts/start.mjs"];
    for (const name of [...needed, `exercises/release/${exercise}/${exercise}.ipynb`]) {
      assert.ok(names.includes(name), name);
    }
  });

  it("leaves the teacher's files out", () => {
    const teachers = /hidden|exercises\/source|gradebook|submitted|autograded|feedback\/|\.venv|node_modules|scripts\/(grad|exercises)|course\/grading|^test/;
    assert.deepEqual(names.filter((name) => teachers.test(name.replace(/^lib\/feedback\//, ""))), []);
  });

  it("has a library that compiles, and every file that its verbs and its README ask for", () => {
    symlinkSync(join(root, "node_modules"), join(unpacked, "node_modules"));
    const tsc = join(unpacked, "node_modules", "typescript", "bin", "tsc");
    execFileSync(process.execPath, [tsc, "-p", "lib", "--noEmit", "--incremental", "false"], { cwd: unpacked });
    rmSync(join(unpacked, "node_modules"));
    const { scripts } = JSON.parse(readFileSync(join(unpacked, "package.json"), "utf8")) as { scripts: Record<string, string> };
    assert.ok("start" in scripts && !("grade" in scripts));
    for (const command of Object.values(scripts))
      for (const file of command.match(/scripts\/[\w-]+\.mjs/g) ?? []) assert.ok(names.includes(file), file);
    for (const [, link] of readFileSync(join(unpacked, "README.md"), "utf8").matchAll(/\]\((?!http)([^)#]+)/g))
      assert.ok(existsSync(join(unpacked, link)), `README.md leads to ${link}`);
  });

  it("has no solution and no hidden test in any file", () => {
    assert.equal(solutions.length, 6);
    assert.ok(hidden.length > 200);
    for (const name of names) {
      const text = bare(readFileSync(join(unpacked, name), "utf8"));
      for (const solution of solutions) assert.ok(!text.includes(solution), `${name}: ${solution}`);
      for (const lines of hidden) assert.ok(!text.includes(lines), `${name}: ${lines}`);
    }
  });

  it("has no exercise's solutions in what students are to solve", () => {
    const all = authored.flatMap(solutionsOf);
    assert.ok(all.length >= 4 * authored.length, `${all.length} solutions`);
    for (const name of names.filter((path) => path.startsWith("exercises"))) {
      const text = bare(readFileSync(join(unpacked, name), "utf8"));
      for (const solution of all) assert.ok(!text.includes(solution), `${name}: ${solution}`);
    }
  });

  it("would be caught if it had: the search finds solutions where they are", () => {
    const source = bare(readFileSync(join(root, "exercises", "source", exercise, `${exercise}.ipynb`), "utf8"));
    const found = solutions.filter((solution) => source.includes(solution));
    assert.ok(found.length >= 5, `${found.length} of 6`);
  });
});
