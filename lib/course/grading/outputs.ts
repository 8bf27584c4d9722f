/** A graded notebook: the released one with answers in place and marks as outputs of its test cells. */
import { counterexamplePanel, panelHtml, panelText, type Panel } from "../exerciseView";
import { findExercise } from "../exercises";
import { testCellId } from "./assignment";
import type { Grade } from "./grade";
import type { FunctionMark } from "./marking";
import { nbgraderMark, type Cell } from "./notebook";

/**
 * The notebook that nbgrader's gradebook is filled from.
 *
 * nbgrader takes a test cell's points from a number as its result (partial credit), so each test
 * cell has its verdict as a display and its points as its result.
 */
export function gradedNotebook(grade: Grade): Record<string, unknown> {
  const marks = new Map(grade.functions.map((mark) => [testCellId(mark.name), mark]));
  const cells = grade.notebook.cells.map((cell) => {
    const id = nbgraderMark(cell)?.grade_id ?? "";
    return jupyterCell(cell, outputsOf(marks.get(id), grade));
  });
  const { metadata } = grade.notebook;
  return { cells, metadata, nbformat: 4, nbformat_minor: 5 };
}

function jupyterCell(cell: Cell, outputs: unknown[]): Record<string, unknown> {
  const { cell_type, id, metadata, source } = cell;
  if (cell_type !== "code") return { cell_type, id, metadata, source };
  return { cell_type, execution_count: null, id, metadata, outputs, source };
}

function outputsOf(mark: FunctionMark | undefined, grade: Grade): unknown[] {
  if (mark === undefined) return [];
  const panels = verdicts(mark, grade);
  const data = {
    "text/html": panels.map(panelHtml).join("\n"),
    "text/plain": panels.map(panelText).join("\n"),
  };
  return [
    { output_type: "display_data", data, metadata: {} },
    {
      output_type: "execute_result",
      execution_count: null,
      data: { "text/plain": String(mark.earned) },
      metadata: {},
    },
  ];
}

/** The verdict on a function, test by test; the counterexample of the first that failed. */
export function verdicts(mark: FunctionMark, grade: Grade): Panel[] {
  const exercise = findExercise(mark.name);
  const tone = mark.earned === mark.points ? "right" : "wrong";
  const rows = mark.tests.map(({ earned, points, says }): [string, string] => [
    `${earned} of ${points}`,
    says,
  ]);
  const mine = grade.remarks.filter((remark) => remark.includes(`"${mark.name}"`));
  const notes = grade.refused === undefined ? mine : [grade.refused];
  if (grade.walls === "none") notes.push(withoutWalls);
  const title = `${mark.name}: ${mark.earned} of ${mark.points} points`;
  const counterexample = mark.tests.find((test) => test.counterexample)?.counterexample;
  const summary: Panel = { tone, title, rows, notes };
  if (counterexample === undefined || grade.refused !== undefined) return [summary];
  return [summary, counterexamplePanel(exercise, counterexample, mark.mistake?.looksLike)];
}

/** What the gradebook says about code that ran unguarded. */
export const withoutWalls = "Graded without a sandbox (--unsafe).";
