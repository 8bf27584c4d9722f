/**
 * How exercise 06 is marked. Each test asks for right answers on one kind of input, so that a
 * mistake costs the points of what it gets wrong and no others. Inputs are drawn anew in every run.
 * None of this is released.
 */
import type { Rng } from "../../../lib/core/rng";
import { findExercise } from "../../../lib/course/exercises";
import {
  type Doubts,
  drawDifference,
  drawDoubts,
  drawOutputs,
  drawRewards,
  drawSegments,
  type OneAnswer,
  type TwoSegments,
} from "../../../lib/course/exercises/drlhp/draws";
import type { HiddenTest, Marking } from "../../../lib/course/grading/marking";
import { matches, touchesNothing } from "../onePoint";
import { disputed, ensemble, probability, slope } from "./reference";
import { functional, imperative } from "./right";

const several = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
const parametersOf = (name: string) => findExercise(name).parameters;

const segments = (L: number, errorRate: number) => (rng: Rng) =>
  several(3, () => drawSegments(rng, L, errorRate));
const farApart = (rng: Rng) =>
  several(2, (): TwoSegments => {
    const high = 800 + rng.integer(200);
    return rng.bernoulli(0.5) ? [[high], [0], 0.1] : [[0], [high], 0.1];
  });

const probabilityTests = [
  matches("one step", "is right for segments of one step", segments(1, 0), probability),
  matches("sums", "adds up the rewards of a segment", segments(4, 0), probability),
  matches("slips", "allows for answers at random", segments(1, 0.2), probability),
  matches("far apart", "stays finite for segments far apart", farApart, probability),
];

const answers = (preferences: number[], errorRate: number) => (rng: Rng) =>
  preferences.map((mu): OneAnswer => [drawDifference(rng), mu, errorRate]);
const contradicting = (rng: Rng) =>
  [1, 0].map((mu): OneAnswer => [(mu === 1 ? -1 : 1) * (800 + rng.integer(200)), mu, 0.1]);

const gradientTests = [
  matches("no slips", "is the slope where nobody slips", answers([1, 0, 1, 0], 0), slope),
  matches("slips", "is the slope where some answers are slips", answers([1, 0, 1, 0], 0.2), slope),
  matches("ties", "counts a tie as half an answer for each", answers([0.5, 0.5, 0.5], 0), slope),
  matches("far apart", "hardly listens to what contradicts all", contradicting, slope),
];

type Outputs = [outputs: number[][]];

const one = (rng: Rng) => several(3, (): Outputs => [drawOutputs(rng, 1, 4)]);
const scales = (rng: Rng) => [2, 3].map((E): Outputs => [drawOutputs(rng, E, 5)]);
const silent = (rng: Rng) =>
  several(2, (): Outputs => {
    const says = rng.integer(9);
    return [[...drawOutputs(rng, 2, 4), drawRewards(rng, 4).map(() => says)]];
  });

const ensembleTests = [
  matches("one network", "normalises a single network", one, ensemble),
  matches("scales", "lets each network count the same, whatever its scale", scales, ensemble),
  matches("silent", "counts a network that always says the same as 0", silent, ensemble),
  touchesNothing(one, ensemble, parametersOf("ensembleReward")),
];

const doubts = (counts: number[]) => (rng: Rng) =>
  counts.map((count): Doubts => drawDoubts(rng, count));

const disputedTests = [
  matches("one", "finds the most disputed pair", doubts([1, 1, 1]), disputed),
  matches("several", "puts the most disputed first", doubts([2, 3, 4]), disputed),
  matches("all", "puts all pairs in order", doubts([6, 6]), disputed),
  touchesNothing(doubts([1, 1]), disputed, parametersOf("mostDisputed")),
];

const everything = (tests: readonly HiddenTest[]) => tests.map(({ name }) => name);

/** The marking of exercise 06; every function is worth 4 points. */
export const marking: Marking = {
  exercise: "06-deep-rl-from-human-preferences",
  tests: {
    segmentProbability: probabilityTests,
    answerGradient: gradientTests,
    ensembleReward: ensembleTests,
    mostDisputed: disputedTests,
  },
  loses: {
    segmentProbability: {
      takesMeans: ["sums"],
      forgetsTheSlips: ["slips", "far apart"],
      countsAllSlipsForTheFirst: ["slips", "far apart"],
      takesTheOther: everything(probabilityTests),
      overflows: ["far apart"],
    },
    answerGradient: {
      turnsTheSign: ["no slips", "slips", "ties"],
      forgetsTheSlips: ["slips", "far apart"],
      countsTiesForTheSecond: ["ties"],
      forgetsTheLogarithm: ["no slips", "slips", "ties"],
      overflows: ["far apart"],
    },
    ensembleReward: {
      averagesFirst: ["scales", "silent"],
      forgetsTheMean: everything(ensembleTests),
      dividesByTheVariance: everything(ensembleTests),
      addsThemUp: ["scales", "silent"],
      dividesByZero: ["silent"],
      writesIntoOutputs: ["arguments"],
    },
    mostDisputed: {
      takesTheLeastDisputed: everything(disputedTests),
      takesTheNearestToHalf: everything(disputedTests),
      returnsTheVariances: everything(disputedTests),
      keepsTheOrderOfTheList: ["several", "all"],
      reordersTheChances: ["arguments"],
    },
  },
  right: [functional, imperative],
};
