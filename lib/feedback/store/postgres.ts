import { createRequire } from "node:module";
import type { Pool, PoolClient } from "pg";
import type { Database, Row, SqlValue } from "./database";

/** What a student can mend in RLHF_STORE: nobody there, wrong password, user or database. */
const unreachable = [
  ...["ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"],
  ...["ENOTFOUND", "EAI_AGAIN", "28P01", "28000", "3D000"],
];

/**
 * Opens a PostgreSQL database, for a class that shares one store.
 *
 * @param url postgres://user:password@host:port/database; where nobody answers, the first query says so
 */
export function openPostgres(url: string): Database {
  const pg = createRequire(__filename)("pg") as typeof import("pg");
  pg.types.setTypeParser(pg.types.builtins.INT8, Number); // counts fit a double
  const pool = new pg.Pool({ connectionString: url, max: 3, allowExitOnIdle: true });
  pool.on("error", () => undefined); // an idle connection broke: the next query opens another
  pool.on("connect", (client) => client.on("error", () => undefined)); // one in use: its query says so
  return new PostgresDatabase(withoutPassword(url), pool);
}

class PostgresDatabase implements Database {
  constructor(
    readonly location: string,
    readonly pool: Pool,
  ) {}

  query(sql: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return run(this.pool, sql, values, this.location);
  }

  async transaction<R>(work: (inside: Database) => Promise<R>): Promise<R> {
    const client = await answered(this.pool.connect(), this.location);
    let broken = false;
    const inside: Database = {
      location: this.location,
      query: (sql, values = []) => run(client, sql, values, this.location),
      transaction: (nested) => nested(inside),
      close: () => Promise.resolve(),
    };
    try {
      await client.query("BEGIN");
      await client.query("SELECT pg_advisory_xact_lock(7145)"); // one writer, as in SQLite
      const result = await work(inside);
      await client.query("COMMIT");
      return result;
    } catch (fault) {
      await client.query("ROLLBACK").catch(() => (broken = true)); // gone with its transaction
      throw fault;
    } finally {
      client.release(broken);
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

async function run(
  on: Pool | PoolClient,
  sql: string,
  values: readonly SqlValue[],
  location: string,
): Promise<Row[]> {
  let position = 0;
  const numbered = sql.replace(/\?/g, () => `$${(position += 1)}`);
  return (await answered(on.query<Row>(numbered, [...values]), location)).rows;
}

async function answered<R>(asked: Promise<R>, location: string): Promise<R> {
  try {
    return await asked;
  } catch (fault) {
    const { code = "", message } = fault as Error & { code?: string };
    if (!unreachable.includes(code)) throw fault;
    throw new Error(
      `The store at ${location} does not answer: ${message || code}. Check RLHF_STORE, or unset it to ` +
        "keep labels in a file of this project.",
      { cause: fault },
    );
  }
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.password = "";
  return parsed.toString();
}
