/** Notebook files (nbformat 4.5) as far as authoring and grading need them. */
import { createHash } from "node:crypto";
import { z } from "../../core/schema";

const text = z
  .union([z.string(), z.array(z.string())])
  .transform((source) => (typeof source === "string" ? source : source.join("")));

/** Outputs and attachments are not among the keys, and so are left behind. */
const cellSchema = z.object({
  cell_type: z.enum(["code", "markdown", "raw"]),
  id: z.string().optional(),
  metadata: z.record(z.unknown()).catch({}),
  source: text,
});

const notebookSchema = z.object({
  cells: z.array(cellSchema).max(2000),
  metadata: z.record(z.unknown()).catch({}),
  nbformat: z.literal(4),
});

/** A cell without its outputs. */
export type Cell = z.infer<typeof cellSchema>;

/** A notebook without its outputs. */
export type Notebook = z.infer<typeof notebookSchema>;

const nbgraderSchema = z.object({
  grade: z.boolean().catch(false),
  solution: z.boolean().catch(false),
  locked: z.boolean().catch(false),
  grade_id: z.string(),
  points: z.number().optional().catch(undefined),
  checksum: z.string().optional().catch(undefined),
});

/** nbgrader's mark on a cell. */
export type NbgraderMark = z.infer<typeof nbgraderSchema>;

/**
 * Reads a notebook's text.
 *
 * @throws Error in one sentence when it is not JSON or not a notebook of nbformat 4
 */
export function parseNotebook(json: string): Notebook {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    throw new Error("The file is not a notebook: it is not valid JSON.");
  }
  const notebook = notebookSchema.safeParse(content);
  if (notebook.success) return notebook.data;
  const issue = notebook.error.issues[0];
  throw new Error(
    `The file is not a notebook of format 4: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}.`,
  );
}

/** nbgrader's mark on a cell, or undefined when it has none that can be read. */
export function nbgraderMark(cell: Cell): NbgraderMark | undefined {
  const mark = nbgraderSchema.safeParse(cell.metadata["nbgrader"]);
  return mark.success ? mark.data : undefined;
}

/**
 * nbgrader's checksum of a cell (nbgrader.utils.compute_checksum): MD5 over source, type, roles,
 * id and points. It tells an untouched answer from a written one.
 */
export function checksum(cell: Cell, mark: NbgraderMark): string {
  const python = (flag: boolean) => (flag ? "True" : "False");
  const locked = !mark.solution && (mark.grade || mark.locked);
  const md5 = createHash("md5").update(cell.source).update(cell.cell_type);
  md5.update(python(mark.grade)).update(python(mark.solution)).update(python(locked));
  md5.update(mark.grade_id);
  if (mark.grade) md5.update(pythonFloat(mark.points ?? 0));
  return md5.digest("hex");
}

function pythonFloat(points: number): string {
  return Number.isInteger(points) ? `${points}.0` : String(points);
}

/** A notebook's text as Jupyter writes it, so that nothing changes when Jupyter saves it. */
export function notebookText(notebook: unknown): string {
  return `${JSON.stringify(notebook, undefined, 1)}\n`;
}
