/**
 * An assignment is authored as one percent script (`exercises/source/NN-name.ts`) and built into
 * nbgrader's source notebook, solutions in place. nbgrader itself makes the student's version of it.
 *
 * A cell's header says what it is:
 *
 *     // %%                              a cell the student may change
 *     // %% locked="imports"             read-only, put back when it was changed
 *     // %% solution="logLikelihood"     holds the student's function, between // BEGIN SOLUTION
 *                                        and // END SOLUTION the teacher's
 *     // %% test="logLikelihood" points=4     the visible check; its points are given by hidden tests
 *     // %% [markdown] question="why" points=2    an answer in words, marked by a person
 */
import type { Cell } from "./notebook";

const header = /^\/\/ %%(?: \[(?<kind>markdown)\])?(?<options>.*)$/;
const option = /(?<key>[a-z]+)=(?:"(?<text>[^"]*)"|(?<number>[\d.]+))/g;

const kernelspec = { display_name: "TypeScript", language: "typescript", name: "typescript" };

interface Header {
  readonly markdown: boolean;
  readonly role: "locked" | "solution" | "test" | "question" | "free";
  readonly id: string;
  readonly points: number;
}

/**
 * nbgrader's source notebook of an assignment.
 *
 * @param script the authored percent script
 * @param name   "03-bradley-terry"; cells without a role get ids from it
 * @throws RangeError when two cells have one id, or a test or question has no points
 */
export function sourceNotebook(script: string, name: string): Record<string, unknown> {
  const cells = splitCells(script).map(({ header, lines }, index) =>
    builtCell(header, cellSource(lines, header.markdown), `${name}-${index}`),
  );
  const ids = cells.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new RangeError(`${name}: two cells have the id ${twice}.`);
  const language_info = { file_extension: ".ts", mimetype: "text/typescript", name: "typescript" };
  return { cells, metadata: { kernelspec, language_info }, nbformat: 4, nbformat_minor: 5 };
}

/** The functions that an assignment leaves open, with the points of their test cells. */
export function openFunctions(script: string): Map<string, number> {
  const headers = splitCells(script).map((cell) => cell.header);
  const tests = headers.filter(({ role }) => role === "test");
  return new Map(tests.map(({ id, points }) => [id, points]));
}

/** The id of the cell that tests a function; solution cells have the function's own name. */
export function testCellId(name: string): string {
  return `test-${name}`;
}

function splitCells(script: string): { header: Header; lines: string[] }[] {
  const cells: { header: Header; lines: string[] }[] = [];
  for (const line of script.split(/\r?\n/)) {
    const match = header.exec(line);
    if (match !== null) cells.push({ header: readHeader(match), lines: [] });
    else cells.at(-1)?.lines.push(line);
  }
  return cells;
}

function readHeader(match: RegExpExecArray): Header {
  const options = new Map<string, string>();
  for (const { groups } of (match.groups?.["options"] ?? "").matchAll(option)) {
    options.set(groups?.["key"] ?? "", groups?.["text"] ?? groups?.["number"] ?? "");
  }
  const roles = ["locked", "solution", "test", "question"] as const;
  const role = roles.find((known) => options.has(known)) ?? "free";
  const points = Number(options.get("points") ?? 0);
  const id = options.get(role) ?? "";
  if ((role === "test" || role === "question") && !(points > 0)) {
    throw new RangeError(`The cell ${role}="${id}" needs points=… above 0.`);
  }
  return { markdown: match.groups?.["kind"] === "markdown", role, id, points };
}

function cellSource(lines: string[], markdown: boolean): string {
  const text = markdown ? lines.map((line) => line.replace(/^\/\/ ?/, "")) : lines;
  return text.join("\n").trim();
}

function builtCell(header: Header, source: string, freeId: string): Cell & { id: string } {
  const { role, points } = header;
  const grade_id = role === "test" ? testCellId(header.id) : header.id;
  const id = role === "free" ? freeId : grade_id;
  const graded = role === "test" || role === "question";
  const nbgrader = {
    grade: graded,
    grade_id,
    locked: role === "locked" || role === "test",
    ...(graded ? { points } : {}),
    schema_version: 3,
    solution: role === "solution" || role === "question",
    task: false,
  };
  const metadata: Record<string, unknown> = role === "free" ? {} : { nbgrader };
  if (header.markdown) return { cell_type: "markdown", id, metadata, source };
  return { cell_type: "code", execution_count: null, id, metadata, outputs: [], source } as Cell & {
    id: string;
  };
}
