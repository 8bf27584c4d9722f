import { Papa } from "../../core/csv";
import { readNamedFile, writeAtomically } from "../../core/files";
import { checkedLabel, type StoredLabel } from "./records";

const columns = [
  "id",
  "task",
  "kind",
  "prompt",
  "items",
  "answer",
  "annotator",
  "labeller",
  "time",
] as const;

/** Labels as CSV with a header, items and answer as JSON, or as one JSON object a line. */
export function labelsToText(labels: readonly StoredLabel[], format: "csv" | "jsonl"): string {
  if (format === "jsonl") return labels.map((label) => JSON.stringify(label) + "\n").join("");
  const rows = labels.map((label) =>
    columns.map((column) =>
      column === "items" || column === "answer" ? JSON.stringify(label[column]) : label[column],
    ),
  );
  return Papa.unparse({ fields: [...columns], data: rows }, { newline: "\r\n" }) + "\r\n";
}

/**
 * The labels in a text that `labelsToText` could have written, in either format.
 *
 * @throws TypeError naming the first line that is no label
 */
export function textToLabels(text: string): StoredLabel[] {
  const body = text.replace(/^\uFEFF/, ""); // spreadsheets put a byte order mark there
  if (body.trim() === "") return [];
  return body.trimStart().startsWith("{") ? fromJsonLines(body) : fromCsv(body);
}

/**
 * A file's text, or the text itself when it cannot be a path.
 *
 * @throws RangeError when there is no such file
 */
export function readImport(source: string): string {
  return /[\n{]/.test(source) ? source : readNamedFile(source).toString("utf8");
}

/** Writes a file as a whole or not at all. */
export function writeExport(path: string, text: string): void {
  writeAtomically(path, Buffer.from(text));
}

function fromJsonLines(text: string): StoredLabel[] {
  const lines = text.split(/\r?\n/).map((line, i) => ({ line, where: `line ${i + 1}` }));
  return lines
    .filter(({ line }) => line.trim() !== "")
    .map(({ line, where }) => checkedLabel(where, jsonIn(where, line)));
}

function fromCsv(text: string): StoredLabel[] {
  const { data, errors, meta } = Papa.parse<Record<string, string>>(text, {
    header: true,
    skipEmptyLines: true,
  });
  const missing = columns.filter((column) => !meta.fields?.includes(column));
  if (missing.length > 0) {
    throw new TypeError(
      `labels.import: the CSV needs the columns ${columns.join(", ")}; missing: ${missing.join(", ")}.`,
    );
  }
  const [fault] = errors;
  if (fault) throw new TypeError(`label ${(fault.row ?? 0) + 1}: ${fault.message}`);
  return data.map((row, i) => labelOfRecord(`label ${i + 1}`, row));
}

function labelOfRecord(where: string, row: Record<string, string>): StoredLabel {
  const { prompt, items, answer, ...rest } = row;
  return checkedLabel(where, {
    ...rest,
    ...(prompt ? { prompt } : {}),
    items: jsonIn(`${where}, items`, items ?? ""),
    answer: jsonIn(`${where}, answer`, answer ?? ""),
  });
}

function jsonIn(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError(`${where}: expected JSON, got ${text.slice(0, 60)}`);
  }
}
