/** A class graded by the command and by nbgrader, with nbgrader's own gradebook and feedback. */
import assert from "node:assert/strict";
import {
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { findExercise } from "../../lib/course/exercises";
import { Course } from "../exercises/course";
import {
  exercise,
  release,
  root,
  solutionOf,
  solved,
  whyNoWalls,
  written,
} from "../exercises/grading";

type Marks = Record<string, { score: number; late: number; auto: Record<string, number | null> }>;

const readMarks = `
marks = {}
for s in gradebook.assignment_submissions("${exercise}"):
    [n] = s.notebooks
    marks[s.student.id] = {"score": s.score, "late": n.late_submission_penalty or 0, "auto": {g.name: g.auto_score for g in n.grades}}
print(json.dumps(marks))`;

const functions = ["logLikelihood", "logLikelihoodGradient", "mmUpdate", "eloUpdate", "kappa"];
const unicode = "Zoë Łukasz 李 ☂";

/** Scores that the class below must get, from the command and from nbgrader alike. */
const expected: Record<string, number> = {
  ada: 20,
  bob: 19,
  blank: 0,
  broken: 0,
  cheat: 16,
  huge: 0,
  late: 20,
  linked: 0,
  python: 20,
  [unicode]: 20,
};

function handIn(course: Course): void {
  const { mistakes } = findExercise("eloUpdate");
  assert.equal(mistakes.at(-1)?.name, "writesIntoRatings");
  course.submit("ada", solved);
  course.submit(
    "bob",
    written({ eloUpdate: solutionOf("eloUpdate").replace("[...ratings]", "ratings") }),
  );
  course.submit("blank", release);
  course.submit("broken", JSON.stringify(solved).slice(0, 500));
  course.submit(
    "cheat",
    written({
      kappa: `require("fs").writeFileSync("${course.folder}/gradebook.db", "400/12");`,
      "test-kappa": "400",
    }),
  );
  truncateSync(course.submit("huge", ""), 200e6);
  course.submit("late", solved);
  writeFileSync(join(course.submissionFolder("late"), "timestamp.txt"), "2030-01-02 00:00:00 UTC");
  rmSync(course.submit("linked", ""));
  symlinkSync(
    join(course.folder, "source", exercise, `${exercise}.ipynb`),
    join(course.submissionFolder("linked"), `${exercise}.ipynb`),
  );
  symlinkSync(
    join(root, "exercises", "hidden", exercise, "tests.ts"),
    join(course.submissionFolder("ada"), "data.csv"),
  );
  course.submit("python", {
    ...solved,
    metadata: { kernelspec: { name: "python3", language: "python", display_name: "Python" } },
  });
  course.submit(unicode, solved);
}

describe("a class", function () {
  this.timeout(180_000);
  const course = new Course();

  before(async function () {
    const why = whyNoWalls();
    if (why !== undefined) {
      console.log(`    skipped: ${why}`);
      this.skip();
    }
    const built = await course.script("exercises.mjs");
    assert.equal(built.code, 0, built.stderr);
    await course.gradebook(
      `gradebook.update_or_create_assignment("${exercise}", duedate="2030-01-01 00:00:00 UTC")\nprint("{}")`,
    );
    writeFileSync(
      join(course.folder, "course_config.py"),
      'c = get_config()\nc.LateSubmissionPlugin.penalty_method = "zero"\n',
    );
    handIn(course);
  });

  after(() => course.remove());

  const assertMarks = async () => {
    const marks = await course.gradebook<Marks>(readMarks);
    const scores = Object.fromEntries(
      Object.entries(marks).map(([student, { score }]) => [student, score]),
    );
    assert.deepEqual(scores, { ...expected, late: scores["late"] });
    assert.deepEqual(Object.keys(marks["ada"].auto), [
      ...functions.map((f) => `test-${f}`),
      "undefeated",
    ]);
    assert.equal(marks["bob"].auto["test-eloUpdate"], 3);
    assert.equal(marks["blank"].auto["undefeated"], 0);
    assert.equal(marks["ada"].auto["undefeated"], null); // for a person to mark
    assert.equal(marks["late"].late, 20);
  };

  it("is graded by the command, with a table, into nbgrader's gradebook", async () => {
    const { code, stdout, stderr } = await course.script("grade.mjs", exercise);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /10 of 10/);
    assert.match(stdout, /eloUpdate +5 of 10 .*writesIntoRatings 1/);
    assert.match(stdout, /huge: The notebook has 200 MB/);
    assert.match(stdout, /broken: The file is not a notebook/);
    assert.match(stdout, /linked: .*it is a link/);
    await assertMarks();
  });

  it("gets a feedback page each, with reasons, without the code of hidden tests", () => {
    const page = (student: string) =>
      readFileSync(join(course.folder, "feedback", student, exercise, `${exercise}.html`), "utf8");
    assert.match(page("bob"), /19 of 20 points/);
    assert.match(page("bob"), /after the call ratings is/);
    assert.match(page("bob"), /It looks as if the given list of ratings is changed/);
    assert.match(page("huge"), /Clear its outputs and hand it in again/);
    assert.match(page(unicode), /20 of 20 points/);
    for (const student of Object.keys(expected)) {
      assert.doesNotMatch(page(student), /onePair|unevenTables|kappaOfCounts|<script/);
    }
  });

  it("is graded again: a person's marks and comments stay, and are flagged for a look", async () => {
    await course.gradebook(`
g = gradebook.find_grade("undefeated", "${exercise}", "${exercise}", "ada")
g.manual_score = 3.5
g.needs_manual_grade = False
c = gradebook.find_comment("undefeated", "${exercise}", "${exercise}", "ada")
c.manual_comment = "Well argued."
gradebook.db.commit()
print("{}")`);
    const { code } = await course.script(
      "grade.mjs",
      exercise,
      "--jobs",
      "1",
      "--seed",
      "again",
      "--json",
    );
    assert.equal(code, 0);
    const kept = await course.gradebook<unknown[]>(`
g = gradebook.find_grade("undefeated", "${exercise}", "${exercise}", "ada")
c = gradebook.find_comment("undefeated", "${exercise}", "${exercise}", "ada")
print(json.dumps([g.manual_score, g.needs_manual_grade, c.manual_comment, g.notebook.score]))`);
    assert.deepEqual(kept, [3.5, true, "Well argued.", 23.5]);
    await course.gradebook(`
g = gradebook.find_grade("undefeated", "${exercise}", "${exercise}", "ada")
g.manual_score = None
gradebook.db.commit()
print("{}")`);
  });

  it("is graded by nbgrader's own autograde behind the same walls, to the same marks", async () => {
    const { code, stderr } = await course.nbgrader("autograde", exercise, "--force");
    assert.equal(code, 0, stderr.slice(-2000));
    assert.match(stderr, /data\.csv: set aside, because it is a link/);
    await assertMarks();
    const linked = readdirSync(course.submissionFolder("ada")).sort();
    assert.deepEqual(linked, [`${exercise}.ipynb`, "data.csv.refused"]);
  });

  it("gets nbgrader's feedback and its table of grades; no link led to hidden tests", async () => {
    const feedback = await course.nbgrader("generate_feedback", exercise, "--force");
    assert.equal(feedback.code, 0, feedback.stderr);
    const ada = join(course.folder, "feedback", "ada", exercise);
    assert.deepEqual(readdirSync(ada), [`${exercise}.html`]);
    const text = readFileSync(join(ada, `${exercise}.html`), "utf8");
    assert.match(text, /kappa: 4 of 4 points/);
    assert.doesNotMatch(text, /kappaOfCounts/);
    const grades = join(course.folder, "grades.csv");
    const exported = await course.nbgrader("export", "--to", grades);
    assert.equal(exported.code, 0, exported.stderr);
    const rows = readFileSync(grades, "utf8").trim().split("\n");
    const own = rows.filter((row) => row.startsWith(exercise)); // students of no other exercise count
    assert.equal(own.length, Object.keys(expected).length);
    assert.match(rows[0], /student_id.*late_submission_penalty,score,max_score/);
    const late = own.find((row) => row.includes(",late,")) ?? "";
    assert.match(late, /,20\.0,0\.0,24\.0$/); // all of its 20 points are taken off
  });

  it("is graded without walls only when asked, and the gradebook says so", async () => {
    for (const student of Object.keys(expected)) {
      if (student !== "bob") rmSync(join(course.folder, "submitted", student), { recursive: true });
    }
    const { code, stderr } = await course.script("grade.mjs", exercise, "--unsafe");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /Without a sandbox/);
    const comments = await course.gradebook<string[]>(`
[n] = gradebook.find_submission("${exercise}", "bob").notebooks
print(json.dumps(sorted({c.auto_comment for c in n.comments})))`);
    assert.deepEqual(comments, ["Graded without a sandbox (--unsafe)."]);
    assert.ok(existsSync(join(course.folder, "autograded", "bob", exercise, `${exercise}.ipynb`)));
  });

  it("is told what is missing", async () => {
    const unknown = await course.script("grade.mjs", "99-nothing");
    assert.equal(unknown.code, 1);
    assert.match(
      unknown.stderr,
      /There is no exercise "99-nothing". There are: .*03-bradley-terry/,
    );
    rmSync(join(course.folder, "submitted"), { recursive: true });
    const empty = await course.script("grade.mjs", exercise);
    assert.match(empty.stderr, /There is no submission of 03-bradley-terry/);
  });
});
