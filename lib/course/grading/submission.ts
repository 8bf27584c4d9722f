/**
 * A submitted notebook is material, not authority: what counts as question, test and points comes
 * from the teacher's release version alone. A submission only supplies code and answers for it.
 */
import { lstatSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, basename } from "node:path";
import { nbgraderMark, parseNotebook, type Cell, type Notebook } from "./notebook";

/** Larger files are not opened: a notebook of exercises has some 30 KB, with pictures a few MB. */
export const largestNotebook = 20_000_000;

/** One piece of code to run, in this order. */
export interface Piece {
  readonly cell: string;
  readonly code: string;
}

/** A submission put into the frame of the release version. */
export interface Submission {
  /** what runs: the frame's read-only cells, then the student's cells, without any test cell */
  readonly program: readonly Piece[];
  /** the release version with the student's cells in place; every id once */
  readonly notebook: Notebook;
  /** what was mended, in sentences for the feedback */
  readonly remarks: readonly string[];
}

/**
 * Reads a submitted file.
 *
 * @throws Error in one sentence when it is too large, not a regular file, or not a notebook
 */
export function readSubmission(file: string, release: Notebook): Submission {
  if (!existsAsFile(file))
    throw new Error("There is no notebook of this exercise, or it is a link.");
  const { size } = lstatSync(file);
  if (size > largestNotebook) {
    throw new Error(
      `The notebook has ${Math.round(size / 1e6)} MB; at most ${largestNotebook / 1e6} MB are graded. Clear its outputs and hand it in again.`,
    );
  }
  return frameSubmission(parseNotebook(readFileSync(file, "utf8")), release);
}

/** A link, in the file itself or on the way to it within the submission, leads out of what was handed in. */
function existsAsFile(file: string): boolean {
  const student = dirname(dirname(file));
  try {
    if (!lstatSync(file).isFile()) return false;
    const real = join(realpathSync(dirname(student)), basename(student), basename(dirname(file)));
    return realpathSync(file) === join(real, basename(file));
  } catch {
    return false;
  }
}

/** Puts a submitted notebook into the frame of the release version. */
export function frameSubmission(submitted: Notebook, release: Notebook): Submission {
  const remarks = kernelRemark(submitted);
  const frame = new Map(release.cells.flatMap((cell) => withId(cell)));
  const claimed = new Map<string, Cell>();
  const ordered: { cell: Cell; id: string | undefined }[] = [];
  for (const cell of submitted.cells) {
    const id = nbgraderMark(cell)?.grade_id;
    const original = id === undefined ? undefined : frame.get(id);
    if (original === undefined) ordered.push({ cell: withoutMark(cell), id: undefined });
    else if (!isOpen(original))
      continue; // the frame's own is used
    else if (id !== undefined) {
      const twice = ordered.findIndex((earlier) => earlier.id === id);
      if (twice >= 0) {
        remarks.push(
          `There are two cells "${id}": the last counts as the answer, and both were run.`,
        );
        ordered[twice] = { cell: withoutMark(ordered[twice].cell), id: undefined };
      }
      if (cell.cell_type !== original.cell_type) {
        remarks.push(
          `The cell "${id}" was turned into ${cell.cell_type}; it was read as ${original.cell_type}.`,
        );
      }
      const answer = { ...original, source: cell.source };
      claimed.set(id, answer);
      ordered.push({ cell: answer, id });
    }
  }
  return {
    program: programOf(release, ordered),
    notebook: { ...release, cells: composed(release, ordered, claimed, remarks) },
    remarks,
  };
}

function kernelRemark({ metadata }: Notebook): string[] {
  const spec = metadata["kernelspec"] as { language?: unknown; name?: unknown } | undefined;
  const info = metadata["language_info"] as { name?: unknown } | undefined;
  const language = info?.name ?? spec?.language ?? spec?.name;
  if (typeof language !== "string" || /typescript|javascript|tslab/i.test(language)) return [];
  return [`The notebook was saved for ${language}; its cells were run as TypeScript.`];
}

function withId(cell: Cell): [string, Cell][] {
  const id = nbgraderMark(cell)?.grade_id;
  return id === undefined ? [] : [[id, cell]];
}

function isOpen(cell: Cell): boolean {
  return nbgraderMark(cell)?.solution === true;
}

function withoutMark(cell: Cell): Cell {
  const metadata = Object.entries(cell.metadata).filter(([key]) => key !== "nbgrader");
  return { ...cell, metadata: Object.fromEntries(metadata) };
}

/** Read-only code first, because a student's cell may stand anywhere. */
function programOf(release: Notebook, ordered: readonly { cell: Cell; id: string | undefined }[]) {
  const given = release.cells.filter((cell) => {
    const mark = nbgraderMark(cell);
    return cell.cell_type === "code" && mark?.locked === true && !mark.grade && !mark.solution;
  });
  const own = ordered.filter(({ cell }) => cell.cell_type === "code");
  return [
    ...given.map((cell) => ({ cell: nbgraderMark(cell)?.grade_id ?? "", code: cell.source })),
    ...own.map(({ cell, id }, i) => ({
      cell: id ?? `cell ${i + 1} of your own`,
      code: cell.source,
    })),
  ];
}

/** The frame's cells in the frame's order; cells of the student's own follow the answer before them. */
function composed(
  release: Notebook,
  ordered: readonly { cell: Cell; id: string | undefined }[],
  claimed: ReadonlyMap<string, Cell>,
  remarks: string[],
): Cell[] {
  const followers = new Map<string, Cell[]>();
  let last = "";
  for (const { cell, id } of ordered) {
    if (id !== undefined) last = id;
    else followers.set(last, [...(followers.get(last) ?? []), cell]);
  }
  const marked = release.cells.filter((cell) => nbgraderMark(cell) !== undefined);
  const cells = marked.flatMap((cell) => {
    const id = nbgraderMark(cell)?.grade_id ?? "";
    if (isOpen(cell) && !claimed.has(id)) {
      remarks.push(`The cell "${id}" was missing and was put back empty.`);
    }
    return [claimed.get(id) ?? cell, ...(followers.get(id) ?? [])];
  });
  return uniqueIds([...(followers.get("") ?? []), ...cells]);
}

function uniqueIds(cells: readonly Cell[]): Cell[] {
  const reserved = new Set(cells.flatMap((cell) => withId(cell).map(([id]) => id)));
  return cells.map((cell, i) => ({
    ...cell,
    id: nbgraderMark(cell)?.grade_id ?? (reserved.has(`own-${i}`) ? `own-cell-${i}` : `own-${i}`),
  }));
}
