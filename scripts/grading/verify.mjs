/** Proves an exercise: right solutions get full marks, each known mistake loses exactly its own. */
import { readFileSync } from "node:fs";
import { authoredScript, compiler, harness, library, loadMarking, notebookPath } from "./tools.mjs";

const unwritten = /throw new Error\("not written yet"\);/;

/**
 * @returns one sentence for everything that does not hold; prints a line a solution set
 */
export async function verify(name, { unsafe = false, seed = "verify" } = {}) {
  const { checkMarking } = library("course/grading/marking.js");
  const { parseNotebook } = library("course/grading/notebook.js");
  const { openFunctions } = library("course/grading/assignment.js");
  const { Sandbox } = library("course/grading/sandbox.js");
  const { marking, mistakeText } = await loadMarking(name);
  checkMarking(marking);
  const release = parseNotebook(readFileSync(notebookPath("release", name), "utf8"));
  const source = parseNotebook(readFileSync(notebookPath("source", name), "utf8"));
  const walls = makeWalls(unsafe);
  const { defaultLimits } = library("course/grading/bubblewrap.js");
  const grader = { marking, release, sandbox: new Sandbox(walls, defaultLimits) };
  try {
    const points = openFunctions(authoredScript(name));
    return [
      ...pointsDiffer(marking, points),
      ...(await fullMarks(grader, source, marking, seed)),
      ...(await emptyGetsNothing(grader, seed)),
      ...(await mistakesLose(grader, source, mistakeText, seed)),
      ...checksCatch(marking),
    ].map((failure) => `${name}: ${failure}`);
  } finally {
    walls.remove();
  }
}

/** Bubblewrap's walls, or none for a teacher's own code. */
export function makeWalls(unsafe) {
  const { bubblewrapWalls, defaultLimits, noWalls } = library("course/grading/bubblewrap.js");
  const walls = unsafe
    ? noWalls(harness, compiler())
    : bubblewrapWalls(harness, compiler(), defaultLimits);
  process.once("exit", () => walls.remove()); // also when somebody interrupts
  process.once("SIGINT", () => process.exit(130));
  return walls;
}

function pointsDiffer(marking, points) {
  return [...points].flatMap(([name, expected]) => {
    const given = (marking.tests[name] ?? []).reduce((sum, test) => sum + test.points, 0);
    if (given === expected) return [];
    return [`the test cell of ${name} says ${expected} points, its hidden tests give ${given}.`];
  });
}

/** The notebook with some functions written as given. */
export function withFunctions(notebook, functions) {
  const cells = notebook.cells.map((cell) => {
    const id = cell.metadata.nbgrader?.grade_id;
    const text = id !== undefined && Object.hasOwn(functions, id) ? functions[id] : undefined;
    return text === undefined ? cell : { ...cell, source: `const ${id} = ${text};` };
  });
  return { ...notebook, cells };
}

async function gradeNotebook(grader, notebook, seed) {
  const { Rng } = library("core/rng.js");
  const { gradeSubmission } = library("course/grading/grade.js");
  const { frameSubmission } = library("course/grading/submission.js");
  const submission = frameSubmission(notebook, grader.release);
  return gradeSubmission(grader, "verify", submission, new Rng(seed), 0);
}

async function fullMarks(grader, source, marking, seed) {
  const others = marking.right.map((functions, i) => [
    `right solution ${i + 1}`,
    withFunctions(source, texts(functions)),
  ]);
  const failures = [];
  for (const [label, notebook] of [["the teacher's own solution", source], ...others]) {
    const { functions, remarks } = await gradeNotebook(grader, notebook, seed);
    const lost = functions.filter(({ earned, points }) => earned < points);
    console.log(`${lost.length === 0 ? "✓" : "✗"} ${label}: ${total(functions)}`);
    failures.push(...lost.map((mark) => `${label} loses marks in ${mark.name}: ${failed(mark)}.`));
    failures.push(...remarks.map((remark) => `${label}: ${remark}`));
  }
  return failures;
}

async function emptyGetsNothing(grader, seed) {
  const open = grader.release.cells.filter(({ source }) => unwritten.test(source)).length;
  const { functions } = await gradeNotebook(grader, grader.release, seed);
  const earned = functions.filter((mark) => mark.earned > 0);
  console.log(`${earned.length === 0 ? "✓" : "✗"} the untouched notebook: ${total(functions)}`);
  if (open === 0) return ["the student's version leaves nothing open."];
  return earned.map(
    ({ name, earned: points }) => `the untouched notebook gets ${points} for ${name}.`,
  );
}

async function mistakesLose(grader, source, mistakeText, seed) {
  const { findExercise } = library("course/exercises/index.js");
  const failures = [];
  const { loses } = grader.marking;
  for (const name of Object.keys(loses)) {
    for (const { name: mistake } of findExercise(name).mistakes) {
      const text = mistakeText(name, mistake);
      const { functions } = await gradeNotebook(
        grader,
        withFunctions(source, { [name]: text }),
        seed,
      );
      failures.push(...mistakeFailures(functions, name, mistake, loses[name][mistake]));
    }
    console.log(`${failures.length === 0 ? "✓" : "✗"} known mistakes of ${name}`);
  }
  return failures;
}

function mistakeFailures(functions, name, mistake, expected) {
  const label = `the known mistake ${name}/${mistake}`;
  const mark = functions.find((each) => each.name === name);
  const others = functions.filter((each) => each.name !== name && each.earned < each.points);
  const lost = failed(mark);
  return [
    ...others.map((other) => `${label} costs marks in ${other.name}.`),
    ...(lost === expected.join(", ")
      ? []
      : [`${label} fails (${lost}), not (${expected.join(", ")}).`]),
    ...(mark.mistake?.name === mistake ? [] : [`${label} is taken for ${mark.mistake?.name}.`]),
  ];
}

/** What a student sees at once must catch every known mistake, too. */
function checksCatch(marking) {
  const { checkAll } = library("course/exerciseCheck.js");
  const { findExercise } = library("course/exercises/index.js");
  return Object.keys(marking.tests).flatMap((name) => {
    const exercise = findExercise(name);
    const missed = exercise.mistakes.filter(
      ({ implementation }) => checkAll(exercise, implementation).failed.length === 0,
    );
    const refused = marking.right.filter((set) => checkAll(exercise, set[name]).failed.length > 0);
    return [
      ...(exercise.mistakes.length < 4 ? [`${name} knows fewer than four mistakes.`] : []),
      ...missed.map((mistake) => `check("${name}") does not catch ${mistake.name}.`),
      ...refused.map(() => `check("${name}") refuses a right solution.`),
    ];
  });
}

function texts(functions) {
  return Object.fromEntries(Object.entries(functions).map(([name, f]) => [name, f.toString()]));
}

function failed(mark) {
  return mark.tests
    .filter((test) => test.earned === 0)
    .map((test) => test.test)
    .join(", ");
}

function total(functions) {
  const sum = (key) => functions.reduce((all, mark) => all + mark[key], 0);
  return `${sum("earned")} of ${sum("points")} points`;
}
