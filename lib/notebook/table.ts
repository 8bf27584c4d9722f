/** Rows and columns, for numbers that want to be read rather than seen. */
import { checkInteger, checkNotEmpty, describeValue } from "../core/checks";
import { displayHook, type Bundle, type Displayable } from "./frontEnd";
import { shortNumber } from "./text";
import { escapeXml, numberFormat } from "./vega";

/** What may stand in a cell; null leaves it empty. */
export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/** A column's heading, or its details. */
export type Column = string | { title: string; digits?: number; format?: string };

export interface TableOptions {
  caption?: string;
  /** The columns to show, in order; every key of the first row by default. */
  columns?: Readonly<Record<string, Column>>;
  /** Digits after the decimal point; four significant digits by default. */
  digits?: number;
}

/**
 * A table: numbers to the right with their digits in line, words to the left.
 *
 *     table([{ team: "Milwaukee", theta: 1.58 }], { columns: { team: "team",
 *       theta: { title: "θ (log-odds)", digits: 2 } }, caption: "Maximum likelihood." })
 *
 * @throws ShapeError without rows, TypeError for a column that no row has
 */
export function table(rows: readonly Row[], options: TableOptions = {}): Table {
  checkNotEmpty("table: rows", rows);
  const keys = Object.keys(options.columns ?? rows[0]);
  for (const key of keys) {
    if (!rows.some((row) => key in row)) {
      throw new TypeError(
        `table: no row has the column "${key}". The first row has ${Object.keys(rows[0]).join(", ")}.`,
      );
    }
  }
  if (options.digits !== undefined) checkInteger("table: digits", options.digits, 0, 20);
  const columns = keys.map((key) => readColumn(key, options));
  const cells = rows.map((row, i) =>
    columns.map(({ key, write }) =>
      writeCell(`table: row ${i}, column "${key}"`, row[key] ?? null, write),
    ),
  );
  const right = columns.map(({ key }) => rows.some((row) => typeof row[key] === "number"));
  return new Table(
    columns.map(({ title }) => title),
    cells,
    right,
    options.caption,
  );
}

interface ReadColumn {
  key: string;
  title: string;
  write: (value: number) => string;
}

function readColumn(key: string, options: TableOptions): ReadColumn {
  const given = options.columns?.[key] ?? key;
  const column = typeof given === "string" ? { title: given } : given;
  const digits = ("digits" in column ? column.digits : undefined) ?? options.digits;
  const format = "format" in column ? column.format : undefined;
  if (digits !== undefined) checkInteger(`table: digits of "${key}"`, digits, 0, 20);
  if (format !== undefined) return { key, title: column.title, write: numberFormat(format) };
  const write = digits === undefined ? shortNumber : fixed(digits);
  return { key, title: column.title, write };
}

function fixed(digits: number): (value: number) => string {
  const style = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return (value) => value.toLocaleString("en-US", style).replace("-", "−");
}

function writeCell(where: string, value: unknown, write: (value: number) => string): string {
  if (value === null) return "";
  if (typeof value === "number") return write(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  throw new TypeError(
    `${where} must be a text, a number, yes or no, or null, got ${describeValue(value)}.`,
  );
}

/** A table ready to be shown. */
export class Table implements Displayable {
  /**
   * @param cells text by row and column
   * @param right for each column whether it holds numbers
   */
  constructor(
    readonly titles: readonly string[],
    readonly cells: readonly (readonly string[])[],
    private readonly right: readonly boolean[],
    readonly caption: string | undefined,
  ) {}

  [displayHook](): Bundle {
    return { data: { "text/html": this.html(), "text/plain": this.text() } };
  }

  /** HTML in the page's own colours. */
  html(): string {
    const style = (i: number, more = "") =>
      `style="text-align:${this.right[i] ? "right" : "left"};${this.right[i] ? "font-variant-numeric:tabular-nums;" : ""}${more}"`;
    const head = this.titles.map(
      (title, i) => `<th scope="col" ${style(i)}>${escapeXml(title)}</th>`,
    );
    const body = this.cells.map(
      (row) =>
        `<tr>${row.map((cell, i) => `<td ${style(i)}>${escapeXml(cell)}</td>`).join("")}</tr>`,
    );
    const table = `<table><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table>`;
    if (this.caption === undefined) return table;
    const caption = escapeXml(this.caption); // a <caption> would be broken to the table's width
    return `<figure style="margin:0"><figcaption style="padding:4px 0">${caption}</figcaption>${table}</figure>`;
  }

  /** The table in a fixed-width font. */
  text(): string {
    const all = [this.titles, ...this.cells];
    const widths = this.titles.map((_, i) => Math.max(...all.map((row) => row[i].length)));
    const lines = all.map((row) =>
      row
        .map((cell, i) => (this.right[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
        .join("  ")
        .trimEnd(),
    );
    lines.splice(1, 0, widths.map((width) => "─".repeat(width)).join("  "));
    return [...(this.caption === undefined ? [] : [this.caption, ""]), ...lines].join("\n");
  }
}
