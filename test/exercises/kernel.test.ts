/** The exercise as a student runs it: the built notebooks in the real kernel. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Course, python } from "./course";
import { exercise, root, solutionOf } from "./grading";

interface Output {
  output_type: string;
  name?: string;
  ename?: string;
  evalue?: string;
  traceback?: string[];
  text?: string;
  data?: Record<string, string | string[]>;
}
/** A MIME text as nbformat stores it: whole, or in lines. */
const whole = (text: string | string[] | undefined): string => [text ?? ""].flat().join("");

interface Cell {
  cell_type: string;
  source: string;
  outputs?: Output[];
  metadata: { nbgrader?: { grade_id: string } };
}

const execute = `
import sys, nbformat
from nbclient import NotebookClient
for path in sys.argv[1:]:
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=60, kernel_name="typescript", allow_errors=True).execute()
    nbformat.write(notebook, path)
`;

describe("the exercise's notebook in the kernel", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "exercise-"));
  const course = new Course();
  const file = (name: string) => join(folder, `${name}.ipynb`);
  const cells = (name: string): Cell[] => {
    const text = readFileSync(file(name), "utf8");
    const notebook = JSON.parse(text) as { cells: (Omit<Cell, "source"> & { source: string[] })[] };
    return notebook.cells.map((cell) => ({ ...cell, source: cell.source.join("") }));
  };
  const testsOf = (name: string) =>
    cells(name).filter((cell) => cell.metadata.nbgrader?.grade_id.startsWith("test-") === true);

  /** A copy of a built notebook, with one function written otherwise. */
  const copy = (version: string, name: string, changes: Record<string, string> = {}) => {
    const path = join(root, "exercises", version, exercise, `${exercise}.ipynb`);
    const notebook = JSON.parse(readFileSync(path, "utf8")) as { cells: Cell[] };
    for (const cell of notebook.cells) {
      const id = cell.metadata.nbgrader?.grade_id ?? "";
      if (Object.hasOwn(changes, id)) cell.source = changes[id];
    }
    writeFileSync(file(name), JSON.stringify(notebook));
  };

  before(async () => {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
    copy("source", "solved", { "try-help": 'hint("kappa");\nhint("kappa");\nsolution("kappa", { anyway: true });' });
    copy("release", "untouched");
    copy("source", "wrong", { eloUpdate: solutionOf("eloUpdate").replace("/ 400", "/ 40") });
    const ran = await course.run(python, ["-c", execute, file("solved"), file("untouched"), file("wrong")]);
    assert.equal(ran.code, 0, ran.stderr.slice(-2000));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
    course.remove();
  });

  const errors = (name: string) =>
    cells(name).flatMap(({ outputs }) => (outputs ?? []).filter((o) => o.output_type === "error"));

  it("runs from top to bottom when it is solved, and every check says so", () => {
    assert.deepEqual(errors("solved"), []);
    const tests = testsOf("solved");
    assert.equal(tests.length, 5);
    for (const { outputs, source } of tests) {
      const html = String(outputs?.find((o) => o.output_type === "display_data")?.data?.["text/html"]);
      assert.match(html, /is right: \d properties hold/, source);
    }
  });

  it("fits the season to Agresti's values with the student's own functions", () => {
    const printed = cells("solved").flatMap(({ outputs }) => (outputs ?? []).map((o) => String(o.text)));
    const fitted = printed.find((text) => text.includes("Milwaukee")) ?? "";
    assert.match(fitted, /Milwaukee 1\.58, Detroit 1\.44, Toronto 1\.29, New York 1\.25, Boston 1\.11, Cleveland 0\.68/);
  });

  it("gives hints and the solution as Markdown", () => {
    const shown = cells("solved").find(({ source }) => source.startsWith('hint("kappa")'));
    const texts = (shown?.outputs ?? []).map((output) => whole(output.data?.["text/markdown"]));
    assert.match(texts[0], /Hint 1 of 3/);
    assert.match(texts[1], /Hint 2 of 3/);
    assert.match(texts[2], /```ts\nfunction kappa/);
  });

  it("says of an untouched function that it is not written yet, without a stack", () => {
    for (const { outputs } of testsOf("untouched")) {
      const error = outputs?.find((o) => o.output_type === "error");
      assert.equal(error?.ename, "CheckFailed");
      assert.match(error?.evalue ?? "", /is not written yet/);
      assert.doesNotMatch(error?.traceback?.join("\n") ?? "", /dist|node_modules|at check/);
    }
  });

  it("shows the counterexample of a wrong function, and goes on with the others", () => {
    const wrong = testsOf("wrong").filter(({ outputs }) => outputs?.some((o) => o.output_type === "error"));
    assert.deepEqual(wrong.map(({ source }) => source), ['await check("eloUpdate", eloUpdate);']);
    const shown = wrong[0].outputs?.find((o) => o.output_type === "display_data")?.data;
    assert.match(whole(shown?.["text/plain"]), /ratings: \[1900, 1500\].*expected: \[1901, 1499\]/s);
  });

  it("keeps each try in the store, with the counterexample that was shown", async () => {
    const query = "SELECT passed, detail FROM checks WHERE part = 'eloUpdate' ORDER BY passed";
    const read = `import sqlite3, json; print(json.dumps(sqlite3.connect("${course.folder}/store.sqlite").execute("${query}").fetchall()))`;
    const { stdout, stderr } = await course.run(python, ["-c", read]);
    assert.equal(stderr, "");
    const [failed, passed] = JSON.parse(stdout) as [number, string][];
    assert.equal(failed[0], 0);
    assert.match(failed[1], /ratings: \[1900, 1500\]/);
    assert.deepEqual(passed, [1, ""]);
  });

  it("is validated by nbgrader, as its button does", async () => {
    const untouched = await course.run(python, ["-m", "nbgrader", "validate", file("untouched")]);
    assert.match(untouched.stdout, /VALIDATION FAILED ON 6 CELL/);
    assert.match(untouched.stdout, /CheckFailed: kappa is not written yet/);
  });
});
