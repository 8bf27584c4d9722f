/** What the tests of grading share: the released exercise 03, its solutions, and real walls. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { marking } from "../../exercises/hidden/03-bradley-terry/tests";
import { Rng } from "../../lib/core/rng";
import {
  bubblewrapWalls,
  defaultLimits,
  type Limits,
  type Walls,
} from "../../lib/course/grading/bubblewrap";
import { gradeSubmission, type Grade, type Grader } from "../../lib/course/grading/grade";
import { nbgraderMark, parseNotebook, type Cell, type Notebook } from "../../lib/course/grading/notebook";
import { Sandbox } from "../../lib/course/grading/sandbox";
import { frameSubmission } from "../../lib/course/grading/submission";

export const root = join(__dirname, "..", "..");
export const exercise = "03-bradley-terry";

const notebook = (version: string) =>
  parseNotebook(
    readFileSync(join(root, "exercises", version, exercise, `${exercise}.ipynb`), "utf8"),
  );

/** The student's version, and the teacher's with its solutions. */
export const release = notebook("release");
export const solved = notebook("source");

/** Quick to say no: attacks are meant to run into these. */
export const shortLimits: Limits = {
  ...defaultLimits,
  pieceSeconds: 2,
  callSeconds: 1,
  totalSeconds: 15,
};

/**
 * Why bubblewrap cannot be used on this machine, or undefined. Where it works at all, ours must too:
 * then the tests fail instead of being skipped.
 */
export function whyNoWalls(): string | undefined {
  const bwrap = process.env["RLHF_BWRAP"] ?? "bwrap";
  const plain = spawnSync(bwrap, ["--unshare-user", "--ro-bind", "/", "/", "true"], {
    encoding: "utf8",
  });
  if (plain.status === 0) return undefined;
  return `bubblewrap does not work here (${plain.error?.message ?? plain.stderr.trim()})`;
}

/** The scripts' own tools are plain Node modules without types. */
export interface Tools {
  harness: string;
  compiler(): string;
}

// eslint-disable-next-line @typescript-eslint/no-require-imports
const tools = require("../../scripts/grading/tools.mjs") as Tools;

export function makeWalls(limits: Limits): Walls {
  return bubblewrapWalls(tools.harness, tools.compiler(), limits);
}

export function makeGrader(walls: Walls, limits: Limits = shortLimits): Grader {
  return { marking, release, sandbox: new Sandbox(walls, limits) };
}

/** The solved notebook with some cells written otherwise, by nbgrader's id. */
export function written(cells: Record<string, string>, base: Notebook = solved): Notebook {
  const change = (cell: Cell): Cell => {
    const id = nbgraderMark(cell)?.grade_id;
    return id !== undefined && Object.hasOwn(cells, id) ? { ...cell, source: cells[id] } : cell;
  };
  return { ...base, cells: base.cells.map(change) };
}

/** The text of the teacher's solution of a function. */
export function solutionOf(name: string): string {
  const cell = solved.cells.find((each) => nbgraderMark(each)?.grade_id === name);
  if (cell === undefined) throw new Error(`no cell ${name}`);
  return cell.source;
}

export function grade(grader: Grader, submitted: Notebook, seed = "test"): Promise<Grade> {
  return gradeSubmission(grader, "student", frameSubmission(submitted, release), new Rng(seed), 0);
}

/** Points of each function: { logLikelihood: 4, … }. */
export function points({ functions }: Grade): Record<string, number> {
  return Object.fromEntries(functions.map(({ name, earned }) => [name, earned]));
}

/** Full marks, but for the functions given. */
export function all(but: Record<string, number> = {}): Record<string, number> {
  return { logLikelihood: 4, logLikelihoodGradient: 4, mmUpdate: 4, eloUpdate: 4, kappa: 4, ...but };
}
