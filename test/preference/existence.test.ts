import assert from "node:assert/strict";

import fc from "fast-check";

import { bradleyTerry } from "../../lib/preference/bradleyTerry";
import { countsFromMatrix, countsFromRows } from "../../lib/preference/countTables";
import { checkMaximumExists, NoMaximumError } from "../../lib/preference/existence";
import type { MissingMaximum } from "../../lib/preference/existence";

/** Counts in which each [i, j] is one win of i over j. */
const beats = (names: string, wins: [number, number][]) =>
  countsFromRows(
    names.split(" "),
    wins.map(([i, j]) => [i, j, 1, 0, 0]),
  );

const missing = (
  counts: ReturnType<typeof beats>,
  reason: MissingMaximum,
  items: string[],
  says: RegExp,
) =>
  assert.throws(
    () => bradleyTerry(counts),
    (error: NoMaximumError) => {
      assert.ok(error instanceof NoMaximumError);
      assert.deepEqual([error.reason, [...error.items].sort()], [reason, items]);
      assert.match(error.message, says);
      assert.match(error.message, /priorPrecision: 0.01/);
      return true;
    },
  );

describe("checkMaximumExists", () => {
  it("accepts a ring: each beat the next", () =>
    checkMaximumExists(
      "test",
      beats("A B C", [
        [0, 1],
        [1, 2],
        [2, 0],
      ]),
    ));

  it("names the undefeated", () =>
    missing(
      beats("A B C", [
        [0, 1],
        [0, 2],
        [1, 2],
        [2, 1],
      ]),
      "undefeated",
      ["A"],
      /"A" is undefeated/,
    ));
  it("names the winless", () =>
    missing(
      beats("A B C", [
        [0, 1],
        [1, 0],
        [0, 2],
        [1, 2],
      ]),
      "winless",
      ["C"],
      /"C" is without a win/,
    ));
  it("names who was never compared", () =>
    missing(
      beats("A B C D", [
        [0, 1],
        [1, 0],
      ]),
      "never compared",
      ["C", "D"],
      /"C", "D" are never compared/,
    ));
  it("names two leagues that never met", () =>
    missing(
      beats("A B C D", [
        [0, 1],
        [1, 0],
        [2, 3],
        [3, 2],
      ]),
      "disconnected",
      ["C", "D"],
      /\{"A", "B"\} and \{"C", "D"\} were never compared with each other/,
    ));
  it("names a one-way bridge, from either side", () => {
    const leagues: [number, number][] = [
      [0, 1],
      [1, 0],
      [2, 3],
      [3, 2],
    ];
    const says = /nobody in \{"C", "D"\} has ever beaten anybody in \{"A", "B"\}/;
    missing(beats("A B C D", [...leagues, [0, 2]]), "one-way", ["A", "B"], says);
    const other = /nobody in \{"A", "B"\} has ever beaten anybody in \{"C", "D"\}/;
    missing(beats("A B C D", [...leagues, [3, 1]]), "one-way", ["C", "D"], other);
  });
  it("takes a tie and a soft label as a win for both", () => {
    checkMaximumExists("test", countsFromRows(["A", "B"], [[0, 1, 0, 0, 1]]));
    checkMaximumExists("test", countsFromRows(["A", "B"], [[0, 1, 0.9, 0.1, 0]]));
  });
  it("names five of many and counts the rest", () => {
    const names = Array.from({ length: 9 }, (_, i) => `m${i}`).join(" ");
    assert.throws(
      () =>
        checkMaximumExists(
          "test",
          beats(names, [
            [0, 1],
            [1, 0],
          ]),
        ),
      /"m6", 2 more are never compared/,
    );
  });

  it("is Ford's condition: it fails just when some group was never beaten by the others", () => {
    const table = fc.array(fc.array(fc.nat(1), { minLength: 4, maxLength: 4 }), {
      minLength: 4,
      maxLength: 4,
    });
    fc.assert(
      fc.property(table, (cells) => {
        const wins = cells.map((row, i) => row.map((won, j) => (i === j ? 0 : won)));
        let exists = true;
        for (let group = 1; group < 15; group++) {
          const inside = (i: number) => ((group >> i) & 1) === 1; // each of the 14 true subsets
          const beaten = wins.some((row, i) =>
            row.some((won, j) => won > 0 && !inside(i) && inside(j)),
          );
          if (!beaten) exists = false;
        }
        const check = () =>
          checkMaximumExists("test", countsFromMatrix(["A", "B", "C", "D"], wins));
        if (exists) check();
        else assert.throws(check, NoMaximumError);
      }),
      { numRuns: 500 },
    );
  });
});
