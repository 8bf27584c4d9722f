import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeStores } from "../../../lib/feedback/store/open";
import { startPostgres, type PostgresServer } from "./postgresServer";

let folder: string;
let server: PostgresServer | undefined;

before(async function () {
  this.timeout(60000);
  folder = mkdtempSync(join(tmpdir(), "store-"));
  server = await startPostgres();
});

after(async function () {
  this.timeout(30000);
  await closeStores();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A folder of a test's own, which goes when all tests are done. */
export function ownFolder(): string {
  return mkdtempSync(join(folder, "test-"));
}

const fresh = {
  SQLite: () => join(ownFolder(), "store.sqlite"),
  PostgreSQL: () => server?.database(),
};

/**
 * Describes the same on SQLite and on a real PostgreSQL; every test gets a fresh, empty database.
 *
 * @param tests is given where the database of the running test is
 */
export function onBothDatabases(title: string, tests: (location: () => string) => void): void {
  onDatabase("SQLite", title, tests);
  onDatabase("PostgreSQL", title, tests);
}

/** As `onBothDatabases`, on one of them alone. */
export function onDatabase(
  name: keyof typeof fresh,
  title: string,
  tests: (location: () => string) => void,
): void {
  describe(`${title} on ${name}`, function () {
    this.timeout(60000);
    let location: string;
    beforeEach(async function () {
      const made = await fresh[name]();
      if (made === undefined) {
        console.log("      PostgreSQL is not installed (Debian: apt-get install postgresql)");
        this.skip();
      }
      location = made;
    });
    tests(() => location);
  });
}
