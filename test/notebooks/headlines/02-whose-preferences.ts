import assert from "node:assert/strict";
import { near, type Headline } from "../headline";

interface SocialChoiceProbe {
  probe: Record<string, string>;
  correlation: number;
  circles: number;
  three: number;
  many: number;
  exact: number[][];
  arrow: { candidates: number; survive: number }[];
  kinds: number[];
  ownSearch: number[];
  majority: boolean;
  overturned: number;
  asBorda: number;
  asMean: number;
  populations: number;
  chosen: number[];
  cliffs: number[];
  apart: number[];
  nash: string[];
  utilitarian: string[];
  liable: Record<string, number>;
  ballot: number[];
  voters: number;
}

export const headline: Headline = {
  probe: `{
    probe,
    correlation,
    circles: circles / 1e6,
    three: mean(shares["3 options"].map((run) => run[0])),
    many,
    exact: small.map(({ without, profiles }) => [without, profiles]),
    arrow: searches.map(({ candidates, rules }) => ({ candidates, survive: rules.length })),
    kinds: [constant, dictators, reversed],
    ownSearch: [withoutCircles.length, unanimous.length],
    majority: sameRule,
    overturned,
    asBorda: asBorda.length,
    asMean: asMean.length,
    populations,
    chosen,
    cliffs: rewards.map((reward) => reward[15] - mean(reward.slice(16))),
    apart: apart.map((reward) => strengths[reward.indexOf(Math.max(...reward))]),
    nash: choices.map((choice) => (choice as unknown as { Nash: string }).Nash),
    utilitarian: choices.map((choice) => (choice as unknown as { utilitarian: string }).utilitarian),
    liable: Object.fromEntries(liable.map(({ rule, profiles }) => [rule, profiles])),
    ballot: yourself.ballot,
    voters: voters.length,
  }`,
  check(value: SocialChoiceProbe) {
    // Malkevitch 1990
    const { plurality, "run-off": runOff, Borda, Condorcet } = value.probe;
    assert.deepEqual([plurality, runOff, Borda, Condorcet], ["A", "C", "D", "E"]);
    near(value.correlation, -1 / 3, 1e-12, "correlation of two margins");
    near(value.circles, 0.08774, 0.0015, "circles of a million draws (5 sd)");
    near(value.three, 12 / 216, 0.008, "three people, 20,000 elections (4 sd)");
    near(value.many, 0.08774, 0.008, "very many people, 100,000 draws (9 sd)");
    assert.deepEqual(value.exact, [
      [12, 216],
      [540, 7776],
      [1536, 13824],
    ]);
    assert.deepEqual(value.ownSearch, [94, 2]);
    assert.deepEqual(
      value.arrow.map(({ survive }) => survive),
      [2, 3, 2, 94, 64, 1585],
    );
    assert.deepEqual(value.kinds, [6, 2, 2]);
    assert.ok(value.majority, "majority among the rules for single-peaked orders");
    assert.equal(value.overturned, 240);
    assert.equal(value.asBorda, value.populations, "a pooled reward model is in Borda's order");
    near(value.asMean / value.populations, 0.5, 0.2, "order of mean utility (4 sd of 100)");
    for (const best of value.chosen) assert.ok(best < 0.8, `the pot's best is ${best}`);
    for (const cliff of value.cliffs) assert.ok(cliff > 1, `the cliff is ${cliff}`); // 2.1 ± .3
    near(value.apart[1], 1, 1e-12, "the best of those who like it twice as much");
    assert.ok(value.apart[0] < 0.8, "the best of those to whom it is worthless");
    assert.equal(new Set(value.nash).size, 1, "Nash's choice does not depend on a unit");
    assert.ok(new Set(value.utilitarian).size > 1, "the sum's does");
    const expected = { plurality: 36, "run-off": 24, Borda: 51, Schulze: 24, dictator: 0 };
    assert.deepEqual(value.liable, expected);
    assert.deepEqual([...value.ballot].sort(), [0, 1, 2, 3]);
    assert.equal(value.voters, 15);
  },
};
