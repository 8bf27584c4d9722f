import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { Queue, type Database, type Row, type SqlValue } from "./database";

/** The part of libsql (better-sqlite3's interface, with its binary inside the npm package) we use. */
interface SqliteConnection {
  prepare(sql: string): { all(...values: SqlValue[]): Row[] };
  exec(sql: string): void;
  close(): void;
}
type SqliteConstructor = new (path: string) => SqliteConnection;

/** How long a write waits for another notebook's, in ms. */
const patience = 15000;

/**
 * Opens a SQLite file, and makes it and its folder where there is none.
 *
 * WAL lets one notebook write while others read; FULL flushes each commit to the disk, so that a
 * click is safe once it was acknowledged; overwritten rows are zeroed, so that forgetting forgets.
 * The journal needs shared memory: a network file system is no place for it.
 *
 * @throws Error when the folder cannot be written, or the file is no database
 */
export function openSqlite(path: string): Database {
  try {
    return new SqliteDatabase(path, connect(path));
  } catch (fault) {
    throw new Error(
      `The store cannot be opened at ${path}: ${(fault as Error).message}. Give the environment ` +
        "variable RLHF_STORE the path of a store, or of a new file that can be written.",
      { cause: fault },
    );
  }
}

class SqliteDatabase implements Database {
  readonly #queue = new Queue();
  readonly #direct: Database;

  constructor(
    readonly location: string,
    readonly connection: SqliteConnection,
  ) {
    this.#direct = {
      location,
      query: (sql, values = []) => this.#run(sql, values),
      transaction: (work) => work(this.#direct),
      close: () => this.close(),
    };
  }

  query(sql: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return this.#queue.add(() => this.#run(sql, values));
  }

  transaction<R>(work: (inside: Database) => Promise<R>): Promise<R> {
    return this.#queue.add(async () => {
      // IMMEDIATE takes the write lock now and waits for it; a later upgrade would fail at once
      whileLocked(() => this.connection.exec("BEGIN IMMEDIATE"));
      try {
        const result = await work(this.#direct);
        this.connection.exec("COMMIT");
        return result;
      } catch (fault) {
        this.#rollBack();
        throw fault;
      }
    });
  }

  #rollBack(): void {
    try {
      this.connection.exec("ROLLBACK");
    } catch {
      // SQLite has done so by itself, as after a full disk: what is to be told is the first fault
    }
  }

  close(): Promise<void> {
    return this.#queue.add(() => Promise.resolve(this.connection.close()));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a fault is to be a rejection
  async #run(sql: string, values: readonly SqlValue[]): Promise<Row[]> {
    return whileLocked(() => this.connection.prepare(sql).all(...values));
  }
}

function connect(path: string): SqliteConnection {
  const Sqlite = createRequire(__filename)("libsql") as SqliteConstructor;
  mkdirSync(dirname(path), { recursive: true });
  const connection = new Sqlite(path);
  connection.exec(`PRAGMA busy_timeout = ${patience}`);
  whileLocked(() => connection.exec("PRAGMA journal_mode = WAL"));
  connection.exec("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON");
  return connection;
}

/** Tries again while another process holds the lock: changing to WAL does not wait by itself. */
function whileLocked<R>(action: () => R): R {
  const end = Date.now() + patience;
  for (;;) {
    try {
      return action();
    } catch (fault) {
      if (!/database is locked|SQLITE_BUSY/.test(String(fault)) || Date.now() > end) throw fault;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20); // sleep, as SQLite does
    }
  }
}
