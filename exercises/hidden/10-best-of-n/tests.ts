/**
 * How exercise 10 is marked. Each test asks for right answers on one kind of input, so that a
 * mistake costs the points of what it gets wrong and no others. Inputs are drawn anew in every run.
 * None of this is released.
 */
import type { Rng } from "../../../lib/core/rng";
import { findExercise } from "../../../lib/course/exercises";
import type { HiddenTest, Marking } from "../../../lib/course/grading/marking";
import { matches, touchesNothing } from "../onePoint";
import { bestOfN, hump, pile } from "./reference";
import { functional, imperative } from "./right";

const several = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
const parametersOf = (name: string) => findExercise(name).parameters;
const tenth = (x: number): number => Math.round(10 * x) / 10;

type World = [probabilities: number[], rewards: number[], n: number];

/** Uneven probabilities, rewards as given in random order. */
function world(rng: Rng, rewards: number[]): World {
  const weights = rewards.map((_, y) => 2 + rng.integer(5) + 3 * y); // no two groups alike
  const total = weights.reduce((a, b) => a + b, 0);
  return [weights.map((w) => w / total), rng.shuffle(rewards), 3 + rng.integer(5)];
}

const different = (rng: Rng) => several(3, () => world(rng, [-1, 0.5, 2, 3]));
const tied = (rng: Rng) => several(3, () => world(rng, [1, 1, 1, 2, 2]));
const large = (rng: Rng) => several(2, (): World => {
  const [p, r] = world(rng, [0, 1, 2, 4, 7]);
  return [p, r, 200 + rng.integer(100)];
}); // prettier-ignore

const policyTests = [
  matches("different", "is right where all rewards differ", different, bestOfN),
  matches("ties", "lets equal rewards share in proportion", tied, bestOfN),
  matches("large n", "is right for hundreds of draws", large, bestOfN),
  touchesNothing(different, bestOfN, parametersOf("bestOfNPolicy")),
];

type Pile = [scores: number[], values: number[], n: number];

/** Different scores in random order; values that do not follow them. */
function drawPile(rng: Rng, N: number, n: number): Pile {
  const scores = rng.permutation(N).map((rank) => rank * 0.3 - 1);
  return [scores, scores.map(() => rng.integer(50) - 10), n];
}

const pairs = (rng: Rng) => several(3, () => drawPile(rng, 4 + rng.integer(4), 2));
const most = (rng: Rng) => several(3, () => drawPile(rng, 9, 5 + rng.integer(3)));
const thousands = (rng: Rng) => several(1, () => drawPile(rng, 1200, 300 + rng.integer(100)));

const pileTests = [
  matches("pairs", "is the mean over all pairs for n = 2", pairs, pile),
  matches("most", "is the mean over all subsets of most of the pile", most, pile),
  matches("thousands", "stays exact for large piles", thousands, pile),
  touchesNothing(pairs, pile, parametersOf("pileEstimate")),
];

type Points = [distances: number[], gains: number[]];

function points(rng: Rng, noise: number): Points {
  const distances = several(6, () => 0).map((_, k) => tenth(0.4 + 0.4 * k) + rng.integer(3) / 10);
  const [alpha, beta] = [tenth(1 + rng.uniform()), tenth(0.2 + 0.5 * rng.uniform())];
  const noises = distances.map((_, k) => noise * (k % 2 === 0 ? 1 : -1) * (0.5 + rng.uniform()));
  return [distances, distances.map((d, k) => d * (alpha - beta * d) + noises[k])];
}

const exact = (rng: Rng) => several(3, () => points(rng, 0));
const noisy = (rng: Rng) => several(3, () => points(rng, 0.3));

const humpTests = [
  matches("exact", "finds the α and β that made the points", exact, hump),
  matches("noisy", "is the least-squares fit of noisy points", noisy, hump),
  touchesNothing(noisy, hump, parametersOf("fitHump")),
];

const everything = (tests: readonly HiddenTest[]) => tests.map(({ name }) => name);

/** The marking of exercise 10: four, four and three points. */
export const marking: Marking = {
  exercise: "10-best-of-n",
  tests: { bestOfNPolicy: policyTests, pileEstimate: pileTests, fitHump: humpTests },
  loses: {
    bestOfNPolicy: {
      keepsTheWorst: everything(policyTests),
      countsTiesAsBelow: ["ties"],
      sharesEvenly: ["ties"],
      forgetsToSubtract: ["different", "ties", "arguments"],
      tilts: ["different", "ties", "arguments"],
    },
    pileEstimate: {
      takesTheBestOfAll: everything(pileTests),
      drawsWithReplacement: everything(pileTests),
      keepsTheWorst: everything(pileTests),
      averagesTheScores: everything(pileTests),
      meansOfTheTop: everything(pileTests),
    },
    fitHump: {
      turnsBeta: everything(humpTests),
      fitsTheEnds: ["noisy", "arguments"],
      fitsTheRatio: ["noisy", "arguments"],
      addsAConstant: ["noisy", "arguments"],
    },
  },
  right: [functional, imperative],
};
