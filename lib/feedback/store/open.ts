import type { Database } from "./database";
import { isPostgres, storeLocation } from "./location";
import { migrate } from "./migrations";
import { openPostgres } from "./postgres";
import { openSqlite } from "./sqlite";

const opened = new Map<string, Promise<Database>>();

/**
 * The database at a location, opened once a process and brought to the present schema.
 *
 * @param location a path or postgres://…; by default what `storeLocation` says
 */
export function openStoreDatabase(location = storeLocation()): Promise<Database> {
  const known = opened.get(location);
  if (known) return known;
  const opening = open(location);
  opened.set(location, opening);
  opening.catch(() => opened.delete(location)); // the next call tries again
  return opening;
}

/** Closes what this process holds open; the next use opens it again. */
export async function closeStores(): Promise<void> {
  const databases = [...opened.values()];
  opened.clear();
  for (const database of databases) await (await database).close();
}

async function open(location: string): Promise<Database> {
  const database = isPostgres(location) ? openPostgres(location) : openSqlite(location);
  try {
    await migrate(database);
    return database;
  } catch (fault) {
    await database.close();
    throw fault;
  }
}
