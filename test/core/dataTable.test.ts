import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { loadTable } from "../../lib/core/dataTable";

const root = join(__dirname, "..", "..");

describe("loadTable", () => {
  const tables = readdirSync(join(root, "data"))
    .filter((file) => file.endsWith(".csv"))
    .map((file) => file.slice(0, -4));

  for (const name of tables) {
    it(`reads ${name}, which agrees with its card and has every column described`, () => {
      const table = loadTable(name);
      assert.ok(table.rows.length > 0);
      assert.deepEqual(Object.keys(table.card.columns), [...table.columns]);
      assert.ok(
        table.card.source.length > 10 &&
          table.card.licence.length > 3 &&
          table.card.made.length > 10,
      );
      assert.ok(readFileSync(join(root, "data", "README.md"), "utf8").includes(`\`${name}\``));
    });
  }

  it("knows the 1987 season: 273 games, 13 between any two teams", () => {
    const table = loadTable("baseball-1987");
    const games = table.numbers("home_wins").map((wins, k) => wins + table.numbers("away_wins")[k]);
    assert.equal(
      games.reduce((a, b) => a + b),
      273,
    );
    const pair = (a: string, b: string) =>
      table.rows.reduce(
        (n, row, k) =>
          [a, b].includes(row.home_team) && [a, b].includes(row.away_team) ? n + games[k] : n,
        0,
      );
    assert.equal(pair("Boston", "Detroit"), 13);
    assert.equal(pair("Baltimore", "Cleveland"), 13);
  });

  it("gives null for a missing entry, and numbers refuses it", () => {
    const table = loadTable("krippendorff-2011");
    assert.deepEqual(table.numbersOrNull("observer_a").slice(8), [2, null, null, null]);
    assert.throws(() => table.numbers("observer_a"), /empty in row 9. Use numbersOrNull/);
  });

  it("says which tables and columns there are not", () => {
    assert.throws(() => loadTable("cricket"), /there is no table "cricket"/);
    assert.throws(() => loadTable("../package"), /there is no table/);
    assert.throws(
      () => loadTable("baseball-1987").strings("wins"),
      /no column "wins". It has home_team/,
    );
    assert.throws(
      () => loadTable("baseball-1987").numbers("home_team"),
      /"Milwaukee" is no number/,
    );
  });

  it("refuses a file that is not what its card says", () => {
    const copy = mkdtempSync(join(tmpdir(), "table-"));
    try {
      cpSync(join(root, "data"), join(copy, "data"), { recursive: true });
      cpSync(join(root, "lib", "core"), join(copy, "lib", "core"), { recursive: true });
      appendFileSync(join(copy, "data", "baseball-1987.csv"), "Milwaukee,Detroit,9,0\n");
      const script = `const { loadTable } = require(${JSON.stringify(join(copy, "lib/core/dataTable.ts"))});
        try { loadTable("baseball-1987"); console.log("accepted"); } catch (error) { console.log(String(error)); }`;
      const options = {
        encoding: "utf8",
        env: { ...process.env, NODE_PATH: join(root, "node_modules") },
      } as const;
      const said = execFileSync(
        process.execPath,
        ["--require", require.resolve("tsx/cjs"), "-e", script],
        options,
      );
      assert.match(said, /has been changed: its SHA-256 is/);
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  it("is found from the compiled library too", function () {
    const compiled = join(root, "lib", "dist", "core", "dataTable.js");
    if (!existsSync(compiled)) this.skip(); // the library has not been compiled yet
    const script = `console.log(require(${JSON.stringify(compiled)}).loadTable("baseball-1987").rows.length)`;
    assert.equal(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).trim(), "42");
  });
});
