// npm run grade: grades a folder of submissions behind walls, in parallel, into nbgrader's gradebook.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { openGradebook } from "./grading/gradebook.mjs";
import { progressLine } from "./grading/progressLine.mjs";
import { bringIn, submissionFile, submittedStudents } from "./grading/submitted.mjs";
import {
  checkExerciseName,
  courseRoot,
  library,
  loadMarking,
  notebookPath,
} from "./grading/tools.mjs";
import { makeWalls } from "./grading/verify.mjs";

const help = `npm run grade -- NAME [options]

Grades every submission of the exercise NAME in exercises/submitted/STUDENT/NAME/NAME.ipynb, each in
its own sandbox, writes nbgrader's gradebook and exercises/autograded (formgrader shows both) and a
feedback page a student in exercises/feedback. With RLHF_COURSE_ROOT=FOLDER all of these are in
FOLDER, and so is the built exercise (npm run exercises, once, with the same RLHF_COURSE_ROOT).

  --from FOLDER   first copies FOLDER/STUDENT.ipynb and FOLDER/STUDENT/NAME.ipynb into exercises/submitted
  --jobs N        so many at once; default: one for each core
  --seed TEXT     draws the hidden inputs of an earlier run again
  --unsafe        without a sandbox, for code you trust; the gradebook says so
  --json          prints the marks as JSON instead of the table
`;

function options() {
  return parseArgs({
    options: {
      from: { type: "string" },
      jobs: { type: "string" },
      seed: { type: "string" },
      unsafe: { type: "boolean" },
      json: { type: "boolean" },
      one: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
    allowPositionals: true,
  });
}

/** The grader of one exercise: its marking, the released notebook, and walls. */
async function makeGrader(name, unsafe) {
  const { parseNotebook } = library("course/grading/notebook.js");
  const { Sandbox } = library("course/grading/sandbox.js");
  const { defaultLimits } = library("course/grading/bubblewrap.js");
  const { marking } = await loadMarking(name);
  const release = parseNotebook(readFileSync(notebookPath("release", name), "utf8"));
  const walls = makeWalls(unsafe);
  return { grader: { marking, release, sandbox: new Sandbox(walls, defaultLimits) }, walls };
}

/** nbgrader's way in: the name of one submitted file, the graded notebook on standard output. */
async function gradeOne(name, file) {
  const { Rng } = library("core/rng.js");
  const { gradeFile } = library("course/grading/grade.js");
  const { gradedNotebook } = library("course/grading/outputs.js");
  const { grader, walls } = await makeGrader(name, false);
  try {
    const grade = await gradeFile(grader, "", file, new Rng(randomSeed()), 0);
    process.stdout.write(JSON.stringify(gradedNotebook(grade)));
  } finally {
    walls.remove();
  }
}

function randomSeed() {
  return randomBytes(16).toString("hex");
}

/** Grades all students, `jobs` at once; the gradebook is written beside it. */
async function gradeAll(name, students, grader, { seed, jobs, onGrade }) {
  const { Rng } = library("core/rng.js");
  const { gradeFile } = library("course/grading/grade.js");
  const grades = [];
  const waiting = [...students];
  const place = async (slot) => {
    for (let student = waiting.shift(); student !== undefined; student = waiting.shift()) {
      const file = submissionFile(courseRoot, student, name);
      const grade = await gradeFile(grader, student, file, new Rng(seed), slot);
      grades.push(grade);
      await onGrade(grade);
    }
  };
  await Promise.all(Array.from({ length: jobs }, (_, slot) => place(slot)));
  return grades.sort((a, b) => (a.student < b.student ? -1 : 1));
}

function writeFeedback(name, grade) {
  const { feedbackPage } = library("course/grading/feedback.js");
  const path = submissionFile(courseRoot, grade.student, name, "feedback").replace(
    /ipynb$/,
    "html",
  );
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, feedbackPage(name, grade));
}

/** How many at once, if that was said. */
function checkedJobs(text) {
  if (text === undefined) return undefined;
  const jobs = Number(text);
  if (Number.isSafeInteger(jobs) && jobs >= 1) return jobs;
  throw new Error(
    `--jobs must be a whole number of at least 1, got "${text}". Leave it out for one a core.`,
  );
}

/** Stops with a sentence when the exercise was not built where the class is. */
function checkBuilt(name) {
  if (existsSync(notebookPath("release", name))) return;
  const where = process.env.RLHF_COURSE_ROOT === undefined ? "" : " with this RLHF_COURSE_ROOT";
  throw new Error(
    `The students' version of ${name} is not in ${courseRoot}. Build it first: run npm run exercises${where}.`,
  );
}

async function gradeClass(name, values) {
  const atOnce = checkedJobs(values.jobs);
  checkBuilt(name);
  const { slots } = library("course/grading/bubblewrap.js");
  const { classTable } = library("course/grading/classTable.js");
  const { gradedNotebook, withoutWalls } = library("course/grading/outputs.js");
  if (values.from !== undefined) bringIn(values.from, courseRoot, name);
  const students = submittedStudents(courseRoot, name);
  const { grader, walls } = await makeGrader(name, values.unsafe === true);
  const gradebook = openGradebook(courseRoot);
  const seed = values.seed ?? randomSeed();
  const line = progressLine(`Grading ${name}`, students.length);
  try {
    const jobs = Math.min(atOnce ?? slots(), students.length);
    const onGrade = async (grade) => {
      writeFeedback(name, grade);
      const notebook = JSON.stringify(gradedNotebook(grade), undefined, 1);
      const comment = values.unsafe === true ? withoutWalls : undefined;
      await gradebook.write({ student: grade.student, assignment: name, name, notebook, comment });
      line.step();
    };
    const grades = await gradeAll(name, students, grader, { seed, jobs, onGrade });
    const failures = await gradebook.close();
    line.end();
    for (const failure of failures) console.error(`✗ ${failure}`);
    if (failures.length > 0) process.exitCode = 1;
    if (values.json) return console.log(JSON.stringify(grades.map(withoutNotebook)));
    console.log(`\n${classTable(grades)}\n`);
    for (const { student, refused } of grades) if (refused) console.log(`${student}: ${refused}`);
    const gradebookFile = join(courseRoot, "gradebook.db");
    const marks = failures.length > 0 ? "Not all marks are" : "Marks are";
    console.log(
      `${marks} in ${gradebookFile}, feedback beside it. The same inputs again: --seed ${seed}`,
    );
  } finally {
    line.end();
    gradebook.stop();
    walls.remove();
  }
}

function withoutNotebook({ student, functions, remarks, refused, walls }) {
  return { student, functions, remarks, refused, walls };
}

async function main() {
  const { values, positionals } = options();
  if (values.help) return console.log(help);
  const [name] = positionals;
  if (name === undefined) throw new Error(`Which exercise?\n\n${help}`);
  checkExerciseName(name);
  if (values.one !== undefined) return gradeOne(name, values.one);
  if (values.unsafe)
    console.error("Without a sandbox: every submission can read and change your files.");
  await gradeClass(name, values);
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
