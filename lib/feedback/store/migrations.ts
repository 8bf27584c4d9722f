import type { Database } from "./database";

/**
 * The schema's history. A step, once released, is never edited: whoever has a file of version v
 * gets the steps after v, in order. Values are JSON texts, times ISO 8601 in UTC.
 */
export const migrations: readonly (readonly string[])[] = [
  [
    `CREATE TABLE labels (
       id TEXT PRIMARY KEY, task TEXT NOT NULL, kind TEXT NOT NULL, prompt TEXT,
       items TEXT NOT NULL, answer TEXT NOT NULL, annotator TEXT NOT NULL, time TEXT NOT NULL)`,
    `CREATE TABLE predictions (
       id TEXT PRIMARY KEY, question TEXT NOT NULL, unit TEXT NOT NULL, value TEXT NOT NULL,
       annotator TEXT NOT NULL, time TEXT NOT NULL)`,
    `CREATE TABLE reveals (
       id TEXT PRIMARY KEY, question TEXT NOT NULL, result TEXT NOT NULL,
       annotator TEXT NOT NULL, time TEXT NOT NULL)`,
    `CREATE TABLE checks (
       id TEXT PRIMARY KEY, exercise TEXT NOT NULL, part TEXT NOT NULL, passed INTEGER NOT NULL,
       detail TEXT NOT NULL, annotator TEXT NOT NULL, time TEXT NOT NULL)`,
  ],
  [
    // who answered: before this version only people did
    "ALTER TABLE labels ADD COLUMN labeller TEXT NOT NULL DEFAULT 'person'",
    // whether the result had been seen when the prediction was made
    "ALTER TABLE predictions ADD COLUMN after_result INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX labels_by_task ON labels (task, annotator)",
    "CREATE INDEX predictions_by_question ON predictions (question, annotator)",
  ],
];

/**
 * Brings a database to the present version of the schema, each step wholly or not at all, however
 * many processes open it at once.
 *
 * @param upTo the version to stop at; for tests
 * @throws Error when the database was written by a newer version of the course
 */
export async function migrate(database: Database, upTo = migrations.length): Promise<void> {
  await database.transaction(async (inside) => {
    await inside.query("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
    const [row] = await inside.query("SELECT MAX(version) AS version FROM schema_version");
    const present = Number(row?.["version"] ?? 0);
    if (present > migrations.length) {
      throw new Error(
        `The store at ${inside.location} has version ${present}, this copy of the course knows ` +
          `${migrations.length}. Update the course, or point RLHF_STORE to another file.`,
      );
    }
    for (const step of migrations.slice(present, upTo)) {
      for (const statement of step) await inside.query(statement);
    }
    if (present >= upTo) return;
    await inside.query("INSERT INTO schema_version (version) VALUES (?)", [upTo]);
  });
}
