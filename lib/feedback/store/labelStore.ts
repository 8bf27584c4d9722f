import { describeValue } from "../../core/checks";
import type { Comparison, Preference } from "../../preference/comparison";
import type { Database } from "./database";
import { openStoreDatabase } from "./open";
import { rowKey } from "./rowKey";
import { forgetRows, insertUnlessThere } from "./statements";
import { checkedLabel, labelOfRow, type LabelKind, type StoredLabel } from "./records";
import { labelsToText, textToLabels, readImport, writeExport } from "./transfer";
import { pseudonym } from "./pseudonym";

/** Which labels: those that agree with every field that is given. */
export interface LabelFilter {
  readonly task?: string;
  readonly kind?: LabelKind;
  readonly annotator?: string;
}

export interface ExportOptions extends LabelFilter {
  /** By default what the name of the file ends with, else jsonl. */
  readonly format?: "csv" | "jsonl";
  /** Path of a file to write; an existing one is replaced as a whole. */
  readonly to?: string;
}

/** What is left of a `StoredLabel` to be said by whoever adds one. */
export type NewLabel = Omit<StoredLabel, "id" | "time"> & Partial<Pick<StoredLabel, "id" | "time">>;

/**
 * The labels that were ever given in this course, in one SQLite file (`.rlhf/store.sqlite`) or in
 * the database that RLHF_STORE names. Every answer is written, and safe, before it is counted;
 * several notebooks may write at once.
 *
 *     await labels.export({ to: "my-labels.csv" });   // also .jsonl
 *     await labels.import("her-labels.jsonl");        // what is there already is not doubled
 *     await labels.forget("Ada");                     // every row of one pseudonym, everywhere
 */
export class LabelStore {
  readonly #database: () => Promise<Database>;

  /** @param database where to look; by default opened at the first use, at `storeLocation()` */
  constructor(database: () => Promise<Database> = openStoreDatabase) {
    this.#database = database;
  }

  /** The file, or the server without its password. */
  async location(): Promise<string> {
    return (await this.#database()).location;
  }

  /**
   * Keeps one label. An id that is there already is the same label, and nothing is written.
   *
   * @throws TypeError when the answer does not fit its kind
   */
  async add(label: NewLabel): Promise<StoredLabel> {
    const key = rowKey();
    const filled = { ...label, id: label.id ?? key.id, time: label.time ?? key.time };
    const checked = checkedLabel("A label to be kept", filled);
    await insertUnlessThere(await this.#database(), [checked]);
    return checked;
  }

  /** Takes a label back, as after a slip of the hand. True if it was there. */
  async remove(id: string): Promise<boolean> {
    const rows = await (
      await this.#database()
    ).query("DELETE FROM labels WHERE id = ? RETURNING id", [id]);
    return rows.length > 0;
  }

  /** The labels that agree with the filter, oldest first. */
  async all(filter: LabelFilter = {}): Promise<StoredLabel[]> {
    const fields = (["task", "kind", "annotator"] as const).filter((f) => filter[f] !== undefined);
    const where = fields.length === 0 ? "" : `WHERE ${fields.map((f) => `${f} = ?`).join(" AND ")}`;
    const rows = await (
      await this.#database()
    ).query(
      `SELECT * FROM labels ${where} ORDER BY time, id`,
      fields.map((f) => filter[f]!),
    );
    return rows.map(labelOfRow);
  }

  /** The kept comparisons as the fits and losses take them. */
  async comparisons<T>(filter: Omit<LabelFilter, "kind"> = {}): Promise<Comparison<T>[]> {
    const kept = await this.all({ ...filter, kind: "comparison" });
    return kept.map(({ prompt, items, answer, annotator, time }) => ({
      ...(prompt === undefined ? {} : { prompt }),
      first: items[0] as T,
      second: items[1] as T,
      preference: answer as Preference,
      annotator,
      time,
    }));
  }

  /**
   * The labels as text, one a line: CSV (RFC 4180; items and answer as JSON) or JSON lines.
   *
   * @returns the text, which is also written to `to` when that is given
   * @throws RangeError on another format, or when `to` is a folder
   */
  async export(options: ExportOptions = {}): Promise<string> {
    const { format = /\.csv$/i.test(options.to ?? "") ? "csv" : "jsonl", to, ...filter } = options;
    if (format !== "csv" && format !== "jsonl") {
      throw new RangeError(
        `labels.export: format must be "csv" or "jsonl", got ${describeValue(format)}.`,
      );
    }
    const text = labelsToText(await this.all(filter), format);
    if (to !== undefined) writeExport(to, text);
    return text;
  }

  /**
   * Takes in what `export` wrote. All lines are checked before the first is kept; labels whose id
   * is there already are left as they are.
   *
   * @param source the path of a .csv or .jsonl file, or the text itself
   * @returns how many were new, and how many were there
   * @throws TypeError that names the first faulty line, RangeError when there is no such file; nothing is
   *   then taken in
   */
  async import(source: string): Promise<{ added: number; known: number }> {
    const incoming = textToLabels(readImport(source));
    const added = await insertUnlessThere(await this.#database(), incoming);
    return { added, known: incoming.length - added };
  }

  /**
   * Deletes every label, prediction and check result of one pseudonym; there is no way back.
   *
   * @param annotator by default one's own pseudonym
   * @returns how many rows there were
   */
  async forget(annotator: string = pseudonym()): Promise<number> {
    return forgetRows(await this.#database(), annotator);
  }
}

/** The store of this course. */
export const labels = new LabelStore();
