import assert from "node:assert/strict";
import { LabelStore } from "../../../lib/feedback/store/labelStore";
import { migrate, migrations } from "../../../lib/feedback/store/migrations";
import type { Database } from "../../../lib/feedback/store/database";
import { openPostgres } from "../../../lib/feedback/store/postgres";
import { openSqlite } from "../../../lib/feedback/store/sqlite";
import { onBothDatabases } from "./bothDatabases";

const oldLabel = `INSERT INTO labels VALUES
  ('a', 'old', 'comparison', NULL, '["x","y"]', '"tie"', 'Ada', '2025-01-01T00:00:00.000Z')`;

onBothDatabases("migrate", (location) => {
  let database: Database;

  beforeEach(() => {
    const at = location();
    database = at.startsWith("postgres:") ? openPostgres(at) : openSqlite(at);
  });
  afterEach(() => database.close());

  const version = async (): Promise<unknown> =>
    (await database.query("SELECT MAX(version) AS v FROM schema_version"))[0]?.["v"];

  it("brings a file of version 1 to the present and keeps its rows", async () => {
    await migrate(database, 1);
    assert.equal(await version(), 1);
    await database.query(oldLabel);
    await migrate(database);
    assert.equal(await version(), migrations.length);
    const [label] = await new LabelStore(() => Promise.resolve(database)).all();
    assert.deepEqual([label?.answer, label?.labeller], ["tie", "person"]);
  });

  it("changes nothing the second time", async () => {
    await migrate(database);
    await migrate(database);
    const rows = await database.query("SELECT version FROM schema_version");
    assert.equal(rows.length, 1);
  });

  it("leaves no half of a step behind when it fails", async () => {
    await migrate(database, 1);
    await database.query("ALTER TABLE predictions ADD COLUMN after_result INTEGER");
    await assert.rejects(migrate(database), /duplicate column|already exists/);
    assert.equal(await version(), 1);
    await database.query(oldLabel);
    const [row] = await database.query("SELECT * FROM labels");
    assert.ok("annotator" in row && !("labeller" in row));
  });

  it("refuses a file that a newer course wrote, and says what to do", async () => {
    await migrate(database);
    await database.query("INSERT INTO schema_version VALUES (99)");
    await assert.rejects(migrate(database), /has version 99.*Update the course/s);
  });
});
