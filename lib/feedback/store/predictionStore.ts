import { z } from "../../core/schema";
import type { Database, Row } from "./database";
import { openStoreDatabase } from "./open";
import { rowKey } from "./rowKey";

/** A number, one of several choices by name, or a curve as [x, y] points in order of x. */
export type PredictionValue = number | string | readonly (readonly [number, number])[];

/** One prediction as it is kept. */
export interface StoredPrediction {
  readonly id: string;
  readonly question: string;
  readonly unit: string;
  readonly value: PredictionValue;
  readonly annotator: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** True when the result had been shown to this person before; it then no longer predicts. */
  readonly afterResult: boolean;
}

const points = z.array(z.tuple([z.number().finite(), z.number().finite()])).min(1);
const predictionValue = z.union([z.number().finite(), z.string().max(1000), points]);

/**
 * Checks that something is a prediction: a finite number, a text or a list of points.
 *
 * @throws TypeError otherwise
 */
export function checkedPredictionValue(value: unknown): PredictionValue {
  const result = predictionValue.safeParse(value);
  if (result.success) return result.data;
  throw new TypeError(
    "A prediction is a finite number, the name of a choice, or a curve as a list of [x, y], got " +
      `${JSON.stringify(value)?.slice(0, 80)}.`,
  );
}

/**
 * Predictions and the moments at which their results were seen. Nothing is ever changed: a new
 * prediction is a new row, and one made after the result says so.
 */
export class PredictionStore {
  readonly #database: () => Promise<Database>;

  constructor(database: () => Promise<Database> = openStoreDatabase) {
    this.#database = database;
  }

  /** Keeps a prediction; whether the result was seen before is found in the same transaction. */
  async add(
    prediction: Pick<StoredPrediction, "question" | "unit" | "annotator"> & { value: unknown },
  ): Promise<StoredPrediction> {
    const { question, unit, annotator } = prediction;
    const value = checkedPredictionValue(prediction.value);
    return (await this.#database()).transaction(async (inside) => {
      const afterResult = (await revealed(inside, question, annotator)) !== undefined;
      const kept = { ...rowKey(), question, unit, value, annotator, afterResult };
      await inside.query(
        `INSERT INTO predictions (id, question, unit, value, annotator, time, after_result)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        [kept.id, question, unit, JSON.stringify(value), annotator, kept.time, Number(afterResult)],
      );
      return kept;
    });
  }

  /** All of a person's predictions for a question, oldest first; everybody's without a person. */
  async all(question: string, annotator?: string): Promise<StoredPrediction[]> {
    const person = annotator === undefined ? "" : "AND annotator = ?";
    const rows = await (
      await this.#database()
    ).query(`SELECT * FROM predictions WHERE question = ? ${person} ORDER BY time, id`, [
      question,
      ...(annotator === undefined ? [] : [annotator]),
    ]);
    return rows.map(predictionOfRow);
  }

  /**
   * The prediction that counts: the last one made before the result was seen, or the first one made
   * after it where there is none.
   */
  async counting(question: string, annotator: string): Promise<StoredPrediction | undefined> {
    const all = await this.all(question, annotator);
    return all.filter((p) => !p.afterResult).at(-1) ?? all[0];
  }

  /** Notes that a person sees the result now; from here on their predictions are marked. */
  async reveal(question: string, annotator: string, result: unknown): Promise<void> {
    const checked = checkedPredictionValue(result);
    const { id, time } = rowKey();
    await (
      await this.#database()
    ).query("INSERT INTO reveals (id, question, result, annotator, time) VALUES (?, ?, ?, ?, ?)", [
      id,
      question,
      JSON.stringify(checked),
      annotator,
      time,
    ]);
  }

  /** When a person first saw the result, if they did: ISO 8601, UTC. */
  async revealedAt(question: string, annotator: string): Promise<string | undefined> {
    return revealed(await this.#database(), question, annotator);
  }
}

/** The predictions of this course. */
export const predictions = new PredictionStore();

async function revealed(
  database: Database,
  question: string,
  annotator: string,
): Promise<string | undefined> {
  const [row] = await database.query(
    "SELECT MIN(time) AS time FROM reveals WHERE question = ? AND annotator = ?",
    [question, annotator],
  );
  return typeof row?.["time"] === "string" ? row["time"] : undefined;
}

function predictionOfRow(row: Row): StoredPrediction {
  const text = (column: string): string => String(row[column]);
  return {
    id: text("id"),
    question: text("question"),
    unit: text("unit"),
    value: checkedPredictionValue(JSON.parse(text("value"))),
    annotator: text("annotator"),
    time: text("time"),
    afterResult: row["after_result"] === 1,
  };
}
