import assert from "node:assert/strict";

import {
  antiDictatorOf,
  arrowSearch,
  dictatorOf,
  isConstant,
  majorityRule,
} from "../../lib/preference/arrow";
import type { IndependentRule } from "../../lib/preference/arrow";
import { allRankings } from "../../lib/preference/voting";

describe("arrowSearch", () => {
  it("two voters: 94 of 4,096 rules are transitive: 6 constant, 84 partly imposed, 2 dictators, 2 anti-dictators", () => {
    const { candidates, rules } = arrowSearch({ voters: 2 });
    assert.deepEqual([candidates, rules.length], [4096, 94]);
    const kinds = rules.map((rule) => {
      if (isConstant(rule)) return "constant";
      if (dictatorOf(rule) !== undefined) return "dictator";
      if (antiDictatorOf(rule) !== undefined) return "anti-dictator";
      return "imposed";
    });
    const count = (kind: string) => kinds.filter((k) => k === kind).length;
    assert.deepEqual(
      ["constant", "imposed", "dictator", "anti-dictator"].map(count),
      [6, 84, 2, 2],
    );
    // one option is always at the top or at the bottom, the two others are free to follow anything
    const imposed = rules.filter((_, k) => kinds[k] === "imposed");
    const fixed = (f: IndependentRule["ab"]) => f.every((answer) => answer === f[0]);
    assert.ok(imposed.every((rule) => [rule.ab, rule.bc, rule.ca].filter(fixed).length === 2));
  });
  it("with unanimity two are left, both dictators", () => {
    const { rules } = arrowSearch({ voters: 2, unanimity: true });
    assert.deepEqual(rules.map(dictatorOf).sort(), [0, 1]);
  });
  it("with ties allowed 485 of 531,441, and with unanimity again the two dictators", () => {
    const { candidates, rules } = arrowSearch({ voters: 2, ties: true });
    assert.deepEqual([candidates, rules.length], [531441, 485]);
    const unanimous = rules.filter((rule) =>
      [rule.ab, rule.bc, rule.ca].every((f) => f[0] === -1 && f[3] === 1),
    );
    assert.deepEqual(unanimous.map(dictatorOf).sort(), [0, 1]);
    assert.equal(arrowSearch({ voters: 2, ties: true, unanimity: true }).rules.length, 2);
  });
  it("three voters with unanimity: three of 262,144, all dictators", () => {
    const { candidates, rules } = arrowSearch({ voters: 3, unanimity: true });
    assert.equal(candidates, 262144);
    assert.deepEqual(rules.map(dictatorOf).sort(), [0, 1, 2]);
  });
  it("dropping transitivity lets all 4,096 through, majority among them for three voters", () => {
    assert.equal(arrowSearch({ voters: 2, transitivity: false }).rules.length, 4096);
  });
  it("single-peaked preferences leave 1,585, majority rule among them", () => {
    const domain = allRankings(3).filter((ballot) => ballot[2] !== 1); // b, in the middle, is nobody's last
    const { rules } = arrowSearch({ voters: 3, unanimity: true, domain });
    assert.equal(rules.length, 1585);
    const majority = JSON.stringify(majorityRule(3));
    assert.ok(rules.some((rule) => JSON.stringify(rule) === majority));
    const unrestricted = arrowSearch({ voters: 3, unanimity: true }).rules;
    assert.ok(!unrestricted.some((rule) => JSON.stringify(rule) === majority));
  });
  it("refuses what it could not finish", () => {
    assert.throws(() => arrowSearch({ voters: 4 }), /voters must be an integer in \[1, 3\], got 4/);
    assert.throws(() => arrowSearch({ voters: 3, ties: true }), /in \[1, 2\], got 3/);
  });
});
