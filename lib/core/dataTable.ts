import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { Papa } from "./csv";

/** Where a table comes from and what it holds: the file data/NAME.card.json. */
export interface DataCard {
  title: string;
  /** Where the figures were published. */
  source: string;
  licence: string;
  /** How the file was made. */
  made: string;
  /** What each column holds, with its unit. */
  columns: Record<string, string>;
  /** SHA-256 of the file, in hexadecimal. */
  sha256: string;
}

/** A small table with named columns, as published, and its card. */
export class DataTable {
  constructor(
    readonly name: string,
    readonly card: DataCard,
    readonly columns: readonly string[],
    /** One record a row: column name → text as it stands in the file, "" where it is empty. */
    readonly rows: readonly Readonly<Record<string, string>>[],
  ) {}

  /**
   * A column as text.
   *
   * @throws RangeError when there is no such column
   */
  strings(column: string): string[] {
    if (!this.columns.includes(column)) {
      throw new RangeError(
        `The table ${this.name} has no column "${column}". It has ${this.columns.join(", ")}.`,
      );
    }
    return this.rows.map((row) => row[column]);
  }

  /**
   * A column as numbers.
   *
   * @throws RangeError when there is no such column, or an entry is empty or no number
   */
  numbers(column: string): number[] {
    return this.numbersOrNull(column).map((value, row) => {
      if (value !== null) return value;
      throw new RangeError(
        `Column "${column}" of ${this.name} is empty in row ${row}. Use numbersOrNull.`,
      );
    });
  }

  /**
   * A column as numbers, null where it is empty.
   *
   * @throws RangeError when there is no such column, or an entry is no number
   */
  numbersOrNull(column: string): (number | null)[] {
    return this.strings(column).map((text, row) => {
      if (text.trim() === "") return null;
      const value = Number(text);
      if (Number.isFinite(value)) return value;
      throw new RangeError(
        `Column "${column}" of ${this.name}, row ${row}: "${text}" is no number.`,
      );
    });
  }
}

/**
 * Reads a table that came with the course: data/NAME.csv, checked against the hash on its card.
 *
 *     const table = loadTable("baseball-1987");
 *     table.card.source;
 *     table.numbers("home_wins");
 *
 * @param name the file's name without .csv
 * @throws RangeError when there is no such table, or the file is not what its card says
 */
export function loadTable(name: string): DataTable {
  const folder = dataFolder();
  const file = join(folder, `${name}.csv`);
  if (!/^[a-z0-9-]+$/.test(name) || !existsSync(file)) {
    throw new RangeError(`loadTable: there is no table "${name}" in ${folder}.`);
  }
  const card = JSON.parse(readFileSync(join(folder, `${name}.card.json`), "utf8")) as DataCard;
  const bytes = readFileSync(file);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 !== card.sha256) {
    throw new RangeError(
      `loadTable: ${file} has been changed: its SHA-256 is ${sha256}, its card says ${card.sha256}. ` +
        `Restore the file from the repository.`,
    );
  }
  const parsed = Papa.parse<Record<string, string>>(bytes.toString("utf8"), {
    header: true,
    skipEmptyLines: true,
  });
  if (parsed.errors.length > 0) {
    throw new RangeError(`loadTable: ${file}: ${parsed.errors[0].message}.`);
  }
  return new DataTable(name, card, parsed.meta.fields ?? [], parsed.data);
}

/** The project's data folder: the first one above this file, from source and from dist alike. */
export function dataFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const data = join(folder, "data");
    if (existsSync(join(data, "README.md"))) return data;
    if (folder === dirname(folder)) {
      throw new RangeError(`loadTable: there is no folder data/ above ${__dirname}.`);
    }
  }
}
