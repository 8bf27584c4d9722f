/**
 * How exercise 02 is marked. Each test asks for right answers on one kind of input, so that a
 * mistake costs the points of what it gets wrong and no others. Inputs are drawn anew in every run.
 * None of this is released.
 */
import type { Rng } from "../../../lib/core/rng";
import { findExercise } from "../../../lib/course/exercises";
import {
  drawBallots,
  renamed,
  type Ballots,
} from "../../../lib/course/exercises/socialChoice/profiles";
import type { HiddenTest, Marking } from "../../../lib/course/grading/marking";
import { matches, touchesNothing } from "../onePoint";
import { borda, condorcet, disagreements, nash } from "./reference";
import { functional, imperative } from "./right";

const several = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
const parametersOf = (name: string) => findExercise(name).parameters;

/** The options under other numbers. */
const mixed = (rng: Rng, ballots: Ballots): [Ballots] => [
  renamed(ballots, rng.permutation(ballots[0].length)),
];

/** Everybody's second choice beats all; few put it first. */
// prettier-ignore
const compromise = [[0, 1, 2], [0, 1, 2], [0, 1, 2], [2, 1, 0], [2, 1, 0], [2, 1, 0], [1, 0, 2]];
const circle = [
  [0, 1, 2],
  [1, 2, 0],
  [2, 0, 1],
];
// prettier-ignore
const drawn = [[0, 1, 2], [0, 1, 2], [1, 0, 2], [1, 0, 2]];

const condorcetTests = [
  matches(
    "compromise",
    "finds the option that beats all without many first places",
    (rng) => several(4, () => mixed(rng, compromise)),
    condorcet,
  ),
  matches(
    "circle",
    "says −1 where majorities run in a circle",
    (rng) => several(4, () => mixed(rng, circle)),
    condorcet,
  ),
  matches(
    "half",
    "takes half for no majority",
    (rng) => several(4, () => mixed(rng, drawn)),
    condorcet,
  ),
  touchesNothing(
    (rng) => several(8, (): [Ballots] => [drawBallots(rng, 5, 4)]),
    condorcet,
    parametersOf("condorcetChoice"),
  ),
];

const bordaTests = [
  matches(
    "one ballot",
    "gives the places of one ballot their points",
    // no ballot that is its own inverse, so that options and places cannot be confused
    (rng) => several(4, () => [[rng.bernoulli(0.5) ? [1, 2, 3, 0] : [2, 3, 1, 0]]] as [Ballots]),
    borda,
  ),
  matches(
    "three options",
    "adds up over ballots on three options",
    (rng) => several(4, () => [[[1, 2, 0], ...drawBallots(rng, 5, 3)]] as [Ballots]),
    borda,
  ),
  matches(
    "five options",
    "adds up over ballots on five options",
    (rng) => several(4, () => [[[1, 2, 3, 4, 0], ...drawBallots(rng, 6, 5)]] as [Ballots]),
    borda,
  ),
  touchesNothing(
    (rng) => several(3, () => [[[1, 2, 3, 0], ...drawBallots(rng, 4, 4)]] as [Ballots]),
    borda,
    parametersOf("bordaPoints"),
  ),
];

type Contested = [ranking: number[], ballots: Ballots];

/** The first ballot is the ranking itself, the second its reverse, the others are drawn. */
const contested = (rng: Rng, more: number, m: number): Contested[] =>
  several(4, () => {
    const ranking = rng.permutation(m);
    return [ranking, [ranking, [...ranking].reverse(), ...drawBallots(rng, more, m)]];
  });

/** One ballot that has the first option last. */
const moved = (rng: Rng): Contested[] =>
  several(4, () => {
    const ranking = rng.permutation(5);
    return [ranking, [[...ranking.slice(1), ranking[0]]]];
  });

const contradictionTests = [
  matches("one moved", "counts an option that fell to the end", moved, disagreements),
  matches(
    "three options",
    "counts over ballots on three options",
    (rng) => contested(rng, 4, 3),
    disagreements,
  ),
  matches(
    "five options",
    "counts over ballots on five options",
    (rng) => contested(rng, 5, 5),
    disagreements,
  ),
  touchesNothing((rng) => contested(rng, 3, 4), disagreements, parametersOf("contradictions")),
];

type Plan = [utilities: number[], fallback: number[], shares: number[]];

const plans = (rng: Rng, fallback: () => number, shares: number[]): Plan[] =>
  several(4, () => {
    const zero = shares.map(fallback);
    return [zero.map((d, t) => d + 2 + 2 * t + rng.integer(2)), zero, shares];
  });

const nashTests = [
  matches(
    "no fallback",
    "weighs equal groups that had nothing",
    (rng) => plans(rng, () => 0, [0.5, 0.5]),
    nash,
  ),
  matches(
    "fallback",
    "counts what is gained over the fallback",
    (rng) => plans(rng, () => 1 + rng.integer(5), [0.5, 0.5]),
    nash,
  ),
  matches(
    "shares",
    "weighs kinds by their shares",
    (rng) => plans(rng, () => 0, [0.6, 0.3, 0.1]),
    nash,
  ),
  touchesNothing(
    (rng) => plans(rng, () => 1 + rng.integer(5), [0.2, 0.3, 0.5]),
    nash,
    parametersOf("nashGain"),
  ),
];

const everything = (tests: readonly HiddenTest[]) => tests.map(({ name }) => name);

/** The marking of exercise 02: four points for each of four functions. */
export const marking: Marking = {
  exercise: "02-whose-preferences",
  tests: {
    condorcetChoice: condorcetTests,
    bordaPoints: bordaTests,
    contradictions: contradictionTests,
    nashGain: nashTests,
  },
  loses: {
    condorcetChoice: {
      countsFirstPlaces: ["compromise", "circle", "half", "arguments"],
      takesTies: ["half"],
      findsTheLoser: ["compromise", "half", "arguments"],
      alwaysHasAWinner: ["circle", "half", "arguments"],
    },
    bordaPoints: {
      pointsByPlace: everything(bordaTests),
      worstGetsMost: everything(bordaTests),
      startsAtOne: everything(bordaTests),
      readsOptionsAsPlaces: everything(bordaTests),
      onlyFirstPlaces: everything(bordaTests),
    },
    contradictions: {
      countsPairsTwice: everything(contradictionTests),
      countsPlaces: everything(contradictionTests),
      countsAgreements: everything(contradictionTests),
      neighboursOnly: everything(contradictionTests),
      firstBallotOnly: ["three options", "five options", "arguments"],
    },
    nashGain: {
      forgetsTheFallback: ["fallback", "arguments"],
      addsGains: everything(nashTests),
      forgetsShares: ["shares", "arguments"],
      logarithmOfTheSum: everything(nashTests),
      returnsTheProduct: everything(nashTests),
    },
  },
  right: [functional, imperative],
};
