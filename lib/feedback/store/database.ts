/** A value that both databases store and give back unchanged. */
export type SqlValue = string | number | null;
export type Row = Record<string, SqlValue>;

/**
 * What the store asks of a database: statements with `?` for values, and transactions that hold
 * out everybody else's writes. SQLite and PostgreSQL implement it; everything above is written once.
 */
export interface Database {
  /** The file, or the server without its password: for messages and for a student who looks for it. */
  readonly location: string;
  /** Runs one statement; an INSERT … RETURNING or a SELECT gives rows. */
  query(sql: string, values?: readonly SqlValue[]): Promise<Row[]>;
  /**
   * Runs the work as one transaction: all of it is kept or, when it throws, nothing. The database
   * given to the work is the one to use inside.
   */
  transaction<R>(work: (inside: Database) => Promise<R>): Promise<R>;
  close(): Promise<void>;
}

/** Runs tasks one after another, so that what others ask meanwhile does not enter a transaction. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  add<R>(task: () => Promise<R>): Promise<R> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined); // the fault is the caller's; the queue goes on
    return result;
  }
}
