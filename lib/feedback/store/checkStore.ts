import type { Database } from "./database";
import { openStoreDatabase } from "./open";
import { rowKey } from "./rowKey";

/** What came of one check of one part of an exercise. */
export interface CheckResult {
  readonly exercise: string;
  readonly part: string;
  readonly passed: boolean;
  /** The counterexample or the message that was shown; empty where there was none. */
  readonly detail: string;
  readonly annotator: string;
  /** ISO 8601, UTC. */
  readonly time: string;
}

/** The results of `check`, each try a row: how often somebody tried is worth knowing too. */
export class CheckStore {
  readonly #database: () => Promise<Database>;

  constructor(database: () => Promise<Database> = openStoreDatabase) {
    this.#database = database;
  }

  async add(result: Omit<CheckResult, "time">): Promise<CheckResult> {
    const { id, time } = rowKey();
    const { exercise, part, passed, detail, annotator } = result;
    await (
      await this.#database()
    ).query(
      `INSERT INTO checks (id, exercise, part, passed, detail, annotator, time)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [id, exercise, part, Number(passed), detail, annotator, time],
    );
    return { ...result, time };
  }

  /** The tries of one person at one exercise, oldest first. */
  async all(exercise: string, annotator: string): Promise<CheckResult[]> {
    const rows = await (
      await this.#database()
    ).query("SELECT * FROM checks WHERE exercise = ? AND annotator = ? ORDER BY time, id", [
      exercise,
      annotator,
    ]);
    return rows.map((row) => ({
      exercise,
      part: String(row["part"]),
      passed: row["passed"] === 1,
      detail: String(row["detail"]),
      annotator,
      time: String(row["time"]),
    }));
  }
}

/** The check results of this course. */
export const checkResults = new CheckStore();
