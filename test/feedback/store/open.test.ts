import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStoreDatabase } from "../../../lib/feedback/store/open";
import { onBothDatabases, onDatabase, ownFolder } from "./bothDatabases";

describe("openStoreDatabase", () => {
  it("says which file is no database, and leaves it as it was", async () => {
    const path = join(ownFolder(), "notes.txt");
    const text = "These are my notes of the course, and no database at all.\n".repeat(100);
    writeFileSync(path, text);
    const refused = /cannot be opened at .*notes\.txt: file is not a database\. Give .*RLHF_STORE/;
    await assert.rejects(openStoreDatabase(path), refused);
    assert.equal(readFileSync(path, "utf8"), text);
    const folder = join(ownFolder(), "folder");
    mkdirSync(folder);
    await assert.rejects(openStoreDatabase(folder), /cannot be opened at .*folder/);
  });

  it("says that a server does not answer, without the password, and how to do without it", async () => {
    const nobody = openStoreDatabase("postgres://ada:secret@127.0.0.1:1/course");
    await assert.rejects(nobody, (fault: Error) => {
      assert.match(fault.message, /The store at postgres:\/\/ada@127\.0\.0\.1:1\/course does not/);
      assert.match(fault.message, /does not answer: .*ECONNREFUSED.*\. Check RLHF_STORE, or unset/);
      return !fault.message.includes("secret");
    });
    const unknown = openStoreDatabase("postgres://ada@nowhere.invalid/course");
    await assert.rejects(unknown, /nowhere\.invalid.* does not answer: .*Check RLHF_STORE/);
  });
});

onBothDatabases("a transaction", (location) => {
  it("tells what first went wrong, also where nothing is left to roll back", async () => {
    const database = await openStoreDatabase(location());
    const work = database.transaction(async (inside) => {
      await inside.query("ROLLBACK");
      throw new Error("the disk is full");
    });
    await assert.rejects(work, /the disk is full/);
    assert.deepEqual(await database.query("SELECT 1 AS one"), [{ one: 1 }]);
  });
});

onDatabase("PostgreSQL", "a store", (location) => {
  it("says that there is no such database, or that the password is wrong", async () => {
    const other = location().replace(/[^/]*$/, "no_such_course");
    await assert.rejects(
      openStoreDatabase(other),
      /"no_such_course" does not exist\. Check RLHF_STORE/,
    );
    const wrong = location().replace(/:[^:@]*@/, ":wrong@");
    await assert.rejects(
      openStoreDatabase(wrong),
      /password authentication failed.*Check RLHF_STORE/,
    );
  });

  it("tells what first went wrong when the server ends a connection, and opens another", async () => {
    const database = await openStoreDatabase(location());
    const work = database.transaction((inside) =>
      inside.query("SELECT pg_terminate_backend(pg_backend_pid())"),
    );
    await assert.rejects(work, /terminating connection/);
    assert.deepEqual(await database.query("SELECT 1 AS one"), [{ one: 1 }]);
  });
});
