/** A submitted notebook is material, not authority. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checksum, nbgraderMark, parseNotebook, type Cell } from "../../lib/course/grading/notebook";
import { frameSubmission, readSubmission, type Submission } from "../../lib/course/grading/submission";
import { release, solved, solutionOf } from "./grading";

const idOf = (cell: Cell) => nbgraderMark(cell)?.grade_id;

/** The solved notebook with its cells changed. */
function tampered(change: (cells: Cell[]) => Cell[]): Submission {
  const cells = change(structuredClone(solved.cells));
  return frameSubmission({ ...solved, cells }, release);
}

const frameIds = release.cells.flatMap((cell) => idOf(cell) ?? []);
const ids = ({ notebook }: Submission) => notebook.cells.flatMap((cell) => idOf(cell) ?? []);
const sourceOf = ({ notebook }: Submission, id: string) =>
  notebook.cells.find((cell) => idOf(cell) === id)?.source;
const programText = ({ program }: Submission) => program.map(({ code }) => code).join("\n");

describe("a submission in its frame", () => {
  it("keeps every id of the released notebook, once, whatever was done to it", () => {
    const changes: ((cells: Cell[]) => Cell[])[] = [
      (cells) => cells,
      () => [],
      (cells) => cells.reverse(),
      (cells) => [...cells, ...cells],
      (cells) => cells.filter((cell) => nbgraderMark(cell)?.locked !== true),
      (cells) => cells.map((cell) => ({ ...cell, metadata: {} })),
      (cells) => cells.map((cell) => ({ ...cell, metadata: { nbgrader: { grade_id: "kappa" } } })),
    ];
    for (const change of changes) assert.deepEqual(ids(tampered(change)), frameIds);
  });

  it("runs the student's answers, and no test cell", () => {
    const program = programText(tampered((cells) => cells));
    assert.ok(program.includes(solutionOf("mmUpdate")));
    assert.doesNotMatch(program, /await check\(/);
  });

  it("puts changed read-only cells back, and runs the released text", () => {
    const submission = tampered((cells) =>
      cells.map((cell) =>
        idOf(cell) === "win-probability" ? { ...cell, source: "const winProbability = () => 0.99;" } : cell,
      ),
    );
    assert.doesNotMatch(programText(submission), /0\.99/);
    assert.match(sourceOf(submission, "win-probability") ?? "", /1 \/ \(1 \+ Math\.exp/);
  });

  it("takes points, roles and texts of test cells from the release alone", () => {
    const submission = tampered((cells) =>
      cells.map((cell) => {
        if (idOf(cell) !== "test-kappa") return cell;
        const nbgrader = { ...(cell.metadata["nbgrader"] as object), points: 400, grade: true };
        return { ...cell, source: "400", metadata: { nbgrader } };
      }),
    );
    const test = submission.notebook.cells.find((cell) => idOf(cell) === "test-kappa");
    assert.equal(nbgraderMark(test as Cell)?.points, 4);
    assert.match(test?.source ?? "", /await check/);
  });

  it("runs an answer whose id was edited, as code of the student's own", () => {
    const submission = tampered((cells) =>
      cells.map((cell) =>
        idOf(cell) === "kappa" ? { ...cell, metadata: { nbgrader: { grade_id: "cappa" } } } : cell,
      ),
    );
    assert.ok(programText(submission).includes(solutionOf("kappa")));
    assert.ok(submission.remarks.some((remark) => remark.includes('"kappa" was missing')));
    assert.equal(sourceOf(submission, "kappa"), release.cells.find((c) => idOf(c) === "kappa")?.source);
  });

  it("lets the last of two cells of one id count, as a kernel would", () => {
    const submission = tampered((cells) => {
      const at = cells.findIndex((cell) => idOf(cell) === "kappa");
      return [...cells, { ...cells[at], source: "function kappa() { return 0; }" }];
    });
    assert.equal(sourceOf(submission, "kappa"), "function kappa() { return 0; }");
    const program = programText(submission);
    assert.ok(program.indexOf("return 0;") > program.indexOf(solutionOf("kappa")));
    assert.ok(submission.remarks.some((remark) => remark.startsWith('There are two cells "kappa"')));
  });

  it("reads an answer that was hidden in a markdown cell", () => {
    const submission = tampered((cells) =>
      cells.map((cell) => (idOf(cell) === "kappa" ? { ...cell, cell_type: "markdown" } : cell)),
    );
    assert.ok(programText(submission).includes(solutionOf("kappa")));
  });

  it("runs the released text of a read-only cell that was hidden in a markdown cell", () => {
    const submission = tampered((cells) =>
      cells.map((cell) =>
        nbgraderMark(cell)?.locked === true ? { ...cell, cell_type: "markdown", source: "hidden" } : cell,
      ),
    );
    assert.deepEqual(ids(submission), frameIds);
    const kinds = ({ cells }: { cells: Cell[] }) =>
      cells.filter((cell) => idOf(cell) !== undefined).map(({ cell_type }) => cell_type);
    assert.deepEqual(kinds(submission.notebook), kinds(release));
    assert.match(programText(submission), /1 \/ \(1 \+ Math\.exp/);
    assert.doesNotMatch(programText(submission), /^hidden$/m);
  });

  it("keeps the student's own cells where they stood, without any mark they gave themselves", () => {
    const own: Cell = {
      cell_type: "code",
      source: "const helper = 1;",
      metadata: { nbgrader: { grade_id: "mine", grade: true, points: 400, solution: false } },
    };
    const submission = tampered((cells) => [own, ...cells]);
    const kept = submission.notebook.cells.filter((cell) => cell.source === own.source);
    assert.equal(kept.length, 1);
    assert.deepEqual(kept[0].metadata, {});
    assert.ok(programText(submission).includes(own.source));
  });

  it("says so when the notebook was saved for another kernel", () => {
    const metadata = { kernelspec: { name: "python3", language: "python" } };
    const { remarks } = frameSubmission({ ...solved, metadata }, release);
    assert.match(remarks.join(), /saved for python; its cells were run as TypeScript/);
    assert.deepEqual(frameSubmission(release, release).remarks, []);
  });

  it("knows untouched answers by nbgrader's own checksum", () => {
    const marked = release.cells.filter((cell) => nbgraderMark(cell)?.checksum !== undefined);
    assert.ok(marked.length > 10);
    for (const cell of marked) {
      const mark = nbgraderMark(cell);
      assert.ok(mark !== undefined);
      assert.equal(checksum(cell, mark), mark.checksum, mark.grade_id);
    }
  });
});

describe("a submitted file", () => {
  let folder: string;
  const text = JSON.stringify({ ...solved, nbformat_minor: 5 });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "submitted-"));
    mkdirSync(join(folder, "Zoë Łukasz 李", "ex"), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = () => join(folder, "Zoë Łukasz 李", "ex", "ex.ipynb");

  it("is read from a folder with any name", () => {
    writeFileSync(file(), text);
    assert.deepEqual(ids(readSubmission(file(), release)), frameIds);
  });

  it("of 200 MB is refused unopened, with its size and what to do", () => {
    writeFileSync(file(), "");
    truncateSync(file(), 200e6);
    assert.throws(() => readSubmission(file(), release), /200 MB; at most 20 MB.*Clear its outputs/);
  });

  const broken: [string, string, RegExp][] = [
    ["broken JSON", text.slice(0, -9), /not valid JSON/],
    ["an empty file", "", /not valid JSON/],
    ["JSON nested 100,000 deep", "[".repeat(1e5), /not (valid JSON|a notebook)/],
    ["JSON of something else", '{"a": 1}', /not a notebook of format 4/],
    ["an old format", '{"nbformat": 3, "worksheets": []}', /not a notebook of format 4/],
    ["a cell without source", '{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code"}]}', /cells\.0\.source/],
    ["a cell type that does not exist", '{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "grade", "source": "", "metadata": {}}]}', /cells\.0\.cell_type/],
    ["a hundred thousand cells", JSON.stringify({ nbformat: 4, metadata: {}, cells: Array(1e5).fill({ cell_type: "code", source: "", metadata: {} }) }), /cells/],
  ];
  for (const [what, content, message] of broken) {
    it(`with ${what} is refused in one sentence`, () => {
      writeFileSync(file(), content);
      assert.throws(() => readSubmission(file(), release), message);
    });
  }

  it("with metadata of the wrong kind is read without it", () => {
    const cells = [{ cell_type: "code", source: ["let a", " = 1;"], metadata: "none" }];
    const odd = parseNotebook(JSON.stringify({ nbformat: 4, metadata: null, cells }));
    assert.deepEqual(odd.cells[0], { cell_type: "code", source: "let a = 1;", metadata: {} });
  });

  it("that is a link, or lies behind one, is refused", () => {
    const elsewhere = join(folder, "elsewhere");
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, "ex.ipynb"), text);
    symlinkSync(join(elsewhere, "ex.ipynb"), file());
    assert.throws(() => readSubmission(file(), release), /or it is a link/);
    symlinkSync(elsewhere, join(folder, "Zoë Łukasz 李", "linked"));
    const behind = join(folder, "Zoë Łukasz 李", "linked", "ex.ipynb");
    assert.throws(() => readSubmission(behind, release), /or it is a link/);
    symlinkSync(folder, join(folder, "student"));
    const student = join(folder, "student", "elsewhere", "ex.ipynb");
    assert.throws(() => readSubmission(student, release), /or it is a link/);
  });

  it("that is missing or a folder is refused", () => {
    assert.throws(() => readSubmission(file(), release), /There is no notebook/);
    mkdirSync(file());
    assert.throws(() => readSubmission(file(), release), /There is no notebook/);
  });
});
