import type { Database } from "./database";
import type { StoredLabel } from "./records";

/** Writes labels in one transaction and leaves alone those that are there; says how many were new. */
export function insertUnlessThere(
  database: Database,
  labels: readonly StoredLabel[],
): Promise<number> {
  return database.transaction(async (inside) => {
    let added = 0;
    for (const label of labels) {
      const rows = await inside.query(
        `INSERT INTO labels (id, task, kind, prompt, items, answer, annotator, time, labeller)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING id`,
        [
          label.id,
          label.task,
          label.kind,
          label.prompt ?? null,
          JSON.stringify(label.items),
          JSON.stringify(label.answer),
          label.annotator,
          label.time,
          label.labeller,
        ],
      );
      added += rows.length;
    }
    return added;
  });
}

/** Deletes a person's rows in every table; says how many there were. */
export function forgetRows(database: Database, annotator: string): Promise<number> {
  return database.transaction(async (inside) => {
    let forgotten = 0;
    for (const table of ["labels", "predictions", "reveals", "checks"]) {
      const rows = await inside.query(`DELETE FROM ${table} WHERE annotator = ? RETURNING id`, [
        annotator,
      ]);
      forgotten += rows.length;
    }
    return forgotten;
  });
}
