/**
 * How exercise 08 is marked. Each test asks for right answers on one kind of input, so that a
 * mistake costs the points of what it gets wrong and no others. Inputs are drawn anew in every run.
 * None of this is released.
 */
import type { Rng } from "../../../lib/core/rng";
import { findExercise } from "../../../lib/course/exercises";
import {
  drawPromises,
  drawRewards,
  type Promises,
  type RewardPairs,
} from "../../../lib/course/exercises/rewardModel/draws";
import type { HiddenTest, Marking } from "../../../lib/course/grading/marking";
import { matches, touchesNothing } from "../onePoint";
import { calibrationError, rankingLoss, rewardLoss } from "./reference";
import { functional, imperative } from "./right";

const several = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
const parametersOf = (name: string) => findExercise(name).parameters;

/** A batch whose rewards are never all alike. */
const batch = (rng: Rng, n: number): RewardPairs => [
  drawRewards(rng, n).map((r) => r + 0.75),
  drawRewards(rng, n),
];
const single = (rng: Rng) => several(3, () => batch(rng, 1));
const batches = (rng: Rng) => [2, 4, 7].map((n) => batch(rng, n));
const farPairs = (rng: Rng) => several(2, (): RewardPairs => [[-2000 - rng.integer(500)], [3]]);

const lossTests = [
  matches("one pair", "is right for one pair", single, rewardLoss),
  matches("batches", "is the mean over a batch", batches, rewardLoss),
  matches("far off", "stays finite for differences without measure", farPairs, rewardLoss),
  touchesNothing(single, rewardLoss, parametersOf("rewardLoss")),
];

type Ranked = [ranked: number[]];

/** Rankings with an end that surely differs from the rest. */
const ranked = (rng: Rng, K: number): Ranked => [[...drawRewards(rng, K - 1), 6.3]];
const two = (rng: Rng) => several(3, () => ranked(rng, 2));
const three = (rng: Rng) => several(3, () => ranked(rng, 3));
const longer = (rng: Rng) => [4, 6, 9].map((K) => ranked(rng, K));

const rankingTests = [
  matches("two", "is the pairwise loss for two replies", two, rankingLoss),
  matches("three", "takes all pairs of three replies", three, rankingLoss),
  matches("longer", "takes all pairs of a longer ranking", longer, rankingLoss),
  touchesNothing(two, rankingLoss, parametersOf("rankingLoss")),
];

/** One stretch low and over-promised, one high and under-promised, of different sizes. */
function mixed(rng: Rng): Promises {
  const low = several(5 + rng.integer(3), () => 0.3 + rng.integer(10) / 100);
  const high = several(2, () => 0.8 + rng.integer(10) / 100);
  return [[...low, ...high], [...low.map((_, n) => Number(n === 0)), 1, 1], 2];
}

const together = (rng: Rng) => drawPromises(rng, [4, 6, 9], 1);
const stretches = (rng: Rng) => several(3, () => mixed(rng));
const certain = (rng: Rng) =>
  several(2, (): Promises => [[1, 1, 1, 1], [0, Number(rng.bernoulli(0.5)), 1, 1], 5]);

const calibrationTests = [
  matches("one stretch", "compares the means of one stretch", together, calibrationError),
  matches("stretches", "weighs stretches by their size", stretches, calibrationError),
  matches("certain", "counts promises of 1", certain, calibrationError),
  touchesNothing(together, calibrationError, parametersOf("calibrationError")),
];

const everything = (tests: readonly HiddenTest[]) => tests.map(({ name }) => name);

/** The marking of exercise 08: four points for each of three functions. */
export const marking: Marking = {
  exercise: "08-reward-models",
  tests: { rewardLoss: lossTests, rankingLoss: rankingTests, calibrationError: calibrationTests },
  loses: {
    rewardLoss: {
      turnsTheSign: everything(lossTests),
      addsTheRewards: everything(lossTests),
      sumsOverTheBatch: ["batches"],
      forgetsTheLogarithm: everything(lossTests),
      takesLogOfZero: ["far off"],
    },
    rankingLoss: {
      takesNeighboursOnly: ["three", "longer"],
      sumsThePairs: ["three", "longer"],
      dividesByK: ["two", "longer", "arguments"],
      turnsTheRanking: everything(rankingTests),
    },
    calibrationError: {
      weighsStretchesAlike: ["stretches"],
      comparesOneByOne: ["one stretch", "stretches", "arguments"],
      forgetsTheAbsoluteValue: everything(calibrationTests),
      losesTheLastEdge: ["certain"],
    },
  },
  right: [functional, imperative],
};
