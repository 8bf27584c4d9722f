import assert from "node:assert/strict";

import fc from "fast-check";

import { Rng } from "../../lib/core/rng";
import {
  battlesFrom,
  battlesFromColumns,
  battlesFromWins,
  reorderBattles,
} from "../../lib/preference/battles";
import { swapComparison } from "../../lib/preference/comparison";
import type { Comparison, Preference } from "../../lib/preference/comparison";
import {
  countsFromColumns,
  countsFromMatrix,
  countsFromRows,
  expandCounts,
} from "../../lib/preference/countTables";
import {
  battleTotals,
  countBattles,
  countComparisons,
  dropTies,
  forgetOrder,
  winMatrix,
  winTotals,
} from "../../lib/preference/pairCounts";
import { baseball } from "./cases";

const answer = (first: string, second: string, preference: Preference): Comparison<string> => ({
  first,
  second,
  preference,
  annotator: "ann",
  time: "2026-01-01T00:00:00.000Z",
});

describe("countComparisons", () => {
  // A–B: A wins, B wins once shown first; tie. B–C: soft .75 for C shown first. A–C: cannot tell.
  const answers = [
    answer("A", "B", 1),
    answer("B", "A", 1),
    answer("A", "B", "tie"),
    answer("C", "B", 0.75),
    answer("A", "C", "cannot tell"),
  ];

  it("adds wins, soft labels and ties by distinct pair, and leaves out what is no judgement", () => {
    const counts = countComparisons(answers);
    assert.deepEqual(counts.names, ["A", "B", "C"]);
    assert.deepEqual([...counts.first], [0, 1]);
    assert.deepEqual([...counts.second], [1, 2]);
    assert.deepEqual([...counts.firstWins], [1, 0.25]);
    assert.deepEqual([...counts.secondWins], [1, 0.75]);
    assert.deepEqual([...counts.ties], [1, 0]);
    assert.equal(counts.orderKept, false);
  });

  it("keeps who was first apart when asked", () => {
    const counts = countComparisons(answers, { keepOrder: true });
    assert.deepEqual([...counts.first], [0, 1, 2]);
    assert.deepEqual([...counts.second], [1, 0, 1]);
    assert.deepEqual([...counts.firstWins], [1, 1, 0.75]);
    assert.deepEqual([...counts.ties], [1, 0, 0]);
    assert.equal(counts.orderKept, true);
  });

  it("weighs answers", () => {
    const counts = countComparisons(answers, { weight: (c) => (c.first === "B" ? 3 : 1) });
    assert.deepEqual([...counts.secondWins], [3, 0.75]);
  });

  it("names objects by the function given, and asks for it otherwise", () => {
    const reply = (model: string) => ({ model });
    const first = { ...answer("", "", 1), first: reply("x"), second: reply("y") };
    assert.deepEqual(countComparisons([first], { name: (r) => r.model }).names, ["x", "y"]);
    assert.throws(() => countComparisons([first]), /say how they are called: countComparisons/);
  });

  it("refuses what cannot be counted, saying which row", () => {
    assert.throws(
      () => countComparisons([answer("A", "A", 1)]),
      /comparisons\[0\] compares "A" with itself/,
    );
    assert.throws(
      () => countComparisons([answer("A", "B", 2)]),
      /comparisons\[0\].preference must be a number in \[0, 1\]/,
    );
    assert.throws(
      () => countComparisons([answer("A", "B", 1)], { names: ["A"] }),
      /"B", which is not among the names/,
    );
    assert.throws(
      () => countComparisons([answer("A", "B", 1)], { weight: () => -1 }),
      /weight must be a finite number of at least 0, got -1/,
    );
    assert.throws(() => countComparisons([answer("A", "B", 1)], { names: ["A", "A"] }), /distinct/);
  });
});

describe("swapComparison", () => {
  it("turns the preference with the two things, and counts the same", () => {
    const soft = answer("A", "B", 0.8);
    const swapped = swapComparison(soft);
    assert.equal(swapped.first, "B");
    assert.ok(Math.abs((swapped.preference as number) - 0.2) < 1e-15);
    assert.equal(swapComparison(answer("A", "B", "tie")).preference, "tie");
    assert.deepEqual(
      countComparisons([swapped], { names: ["A", "B"] }).firstWins,
      countComparisons([soft], { names: ["A", "B"] }).firstWins,
    );
  });
});

describe("countBattles", () => {
  const battle = fc.record({
    i: fc.nat(5),
    step: fc.integer({ min: 1, max: 5 }),
    preference: fc.oneof(fc.constantFrom<Preference>(0, 1, "tie"), fc.constant<Preference>(0.25)),
  });
  const names = ["a", "b", "c", "d", "e", "f"];
  const made = (battles: { i: number; step: number; preference: Preference }[], shown = names) =>
    battlesFromColumns(
      battles.map((b) => b.i),
      battles.map((b) => (b.i + b.step) % 6),
      battles.map((b) => b.preference),
      { names: shown },
    );

  it("gives the same counts whatever the order of the battles", () => {
    fc.assert(
      fc.property(fc.array(battle, { minLength: 1 }), fc.integer(), (battles, seed) => {
        const columns = made(battles);
        const order = new Rng(seed).permutation(battles.length);
        assert.deepEqual(countBattles(reorderBattles(columns, order)), countBattles(columns));
      }),
    );
  });

  it("counts by hash where a table of all pairs would be too large, with the same result", () => {
    fc.assert(
      fc.property(fc.array(battle, { minLength: 1 }), fc.boolean(), (battles, keepOrder) => {
        const many = [...names, ...Array.from({ length: 2000 }, (_, i) => `unseen ${i}`)];
        const { names: all, ...sparse } = countBattles(made(battles, many), { keepOrder });
        const { names: few, ...dense } = countBattles(made(battles), { keepOrder });
        assert.deepEqual([all.length, few.length], [2006, 6]);
        assert.deepEqual(sparse, dense);
      }),
    );
  });

  it("gives the same totals with and without order", () => {
    fc.assert(
      fc.property(fc.array(battle, { minLength: 1 }), (battles) => {
        const ordered = countBattles(made(battles), { keepOrder: true });
        const plain = countBattles(made(battles));
        assert.deepEqual(winTotals(ordered), winTotals(plain));
        assert.deepEqual(winMatrix(ordered), winMatrix(plain));
        assert.deepEqual(battleTotals(ordered), battleTotals(plain));
      }),
    );
  });
});

describe("battlesFromWins", () => {
  it("takes names or indices", () => {
    const named = battlesFromWins(["A", "B"], ["B", "C"]);
    const indexed = battlesFromWins([0, 1], [1, 2], { names: ["A", "B", "C"] });
    assert.deepEqual(named, indexed);
    assert.deepEqual([...named.preference], [1, 1]);
  });
  it("refuses bad columns", () => {
    assert.throws(() => battlesFromWins([0], [1]), /names must be given: names\[i\] is item i/);
    assert.throws(
      () => battlesFromWins([0, 1], [1], { names: ["A", "B"] }),
      /winners has 2, losers has 1/,
    );
    assert.throws(
      () => battlesFromWins([0], [2], { names: ["A", "B"] }),
      /second column\[0\] must be an integer in \[0, 1\], got 2/,
    );
    assert.throws(() => battlesFromWins(["A"], ["A"]), /row 0 compares "A" with itself/);
    assert.throws(
      () => battlesFromWins(["A"], ["B"], { weights: [-1] }),
      /weights\[0\] must be at least 0, got -1/,
    );
    assert.throws(() => battlesFromColumns(["A"], ["B"], ["cannot tell"]), /Leave that row out/);
  });
  it("weighs battles", () => {
    const counts = countBattles(battlesFromWins(["A", "A"], ["B", "B"], { weights: [2, 0.5] }));
    assert.deepEqual([...counts.firstWins], [2.5]);
  });
});

describe("battlesFrom", () => {
  it("keeps the order of the answers", () => {
    const battles = battlesFrom([answer("B", "A", 0), answer("A", "B", "tie")]);
    assert.deepEqual(battles.names, ["B", "A"]);
    assert.deepEqual([...battles.preference], [0, 0.5]);
    assert.deepEqual([...battles.tied], [0, 1]);
  });
});

describe("countsFromMatrix, countsFromRows, countsFromColumns, expandCounts", () => {
  const wins = [
    [0, 3, 1],
    [2, 0, 0],
    [0, 4, 0],
  ];
  it("read a table and give it back", () => {
    const counts = countsFromMatrix(["A", "B", "C"], wins);
    assert.deepEqual(
      winMatrix(counts).map((row) => [...row]),
      wins,
    );
    assert.deepEqual([...winTotals(counts)], [4, 2, 4]);
    assert.deepEqual([...battleTotals(counts)], [6, 9, 5]);
  });
  it("expand into single battles that count to the same", () => {
    const counts = countsFromRows(["A", "B"], [[0, 1, 2, 1, 3]]);
    const battles = expandCounts(counts);
    assert.equal(battles.first.length, 6);
    assert.deepEqual(countBattles(battles, { keepOrder: true }), counts);
    const season = baseball();
    assert.equal(expandCounts(season).first.length, 273);
    assert.deepEqual(countBattles(expandCounts(season)), forgetOrder(season));
  });
  it("reproduce Agresti's table without home and away: Milwaukee–Detroit 7 to 6, Boston–Baltimore 12 to 1", () => {
    const season = baseball();
    const table = winMatrix(season);
    const at = (a: string, b: string) => table[season.names.indexOf(a)][season.names.indexOf(b)];
    assert.deepEqual([at("Milwaukee", "Detroit"), at("Detroit", "Milwaukee")], [7, 6]);
    assert.deepEqual([at("Boston", "Baltimore"), at("Baltimore", "Boston")], [12, 1]);
  });
  it("drop ties", () =>
    assert.equal(dropTies(countsFromRows(["A", "B"], [[0, 1, 2, 1, 3]])).ties[0], 0));
  it("refuse tables that are none", () => {
    assert.throws(() => countsFromMatrix(["A", "B"], [[0, 1]]), /must have 2 entries, got 1/);
    assert.throws(() => countsFromMatrix(["A", "A"], [[0, 1], [1, 0]]), /distinct.* another A/); // prettier-ignore
    assert.throws(
      () =>
        countsFromMatrix(
          ["A", "B"],
          [
            [1, 1],
            [1, 0],
          ],
        ),
      /nobody meets themselves/,
    );
    assert.throws(
      () =>
        countsFromMatrix(
          ["A", "B"],
          [
            [0, 1],
            [1, 0],
          ],
          [
            [0, 1],
            [2, 0],
          ],
        ),
      /symmetric/,
    );
    assert.throws(
      () => countsFromRows(["A", "B"], [[0, 2, 1, 1, 0]]),
      /rows\[0\]\[1\] must be in \[0, 1\], got 2/,
    );
    assert.throws(() => countsFromRows(["A", "B"], [[0, 1, -1, 1, 0]]), /got -1/);
    assert.throws(
      () => expandCounts(countsFromRows(["A", "B"], [[0, 1, 0.5, 0.5, 1]])),
      /whole number, got 0.5/,
    );
    const columns = { first: ["A"], second: ["B"], firstWins: [1], secondWins: [1] };
    assert.throws(() => countsFromColumns(columns, ["A", "C"]), /"B" is not among the names/);
  });
});
