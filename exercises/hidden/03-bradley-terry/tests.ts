/**
 * How exercise 03 is marked. Each test asks for right answers on one kind of input, so that a
 * mistake costs the points of what it gets wrong and no others, and a constant earns nothing.
 * Inputs are drawn anew in every run. None of this is released.
 */
import type { Rng } from "../../../lib/core/rng";
import {
  drawTables,
  drawTheta,
  drawWins,
  type Table,
} from "../../../lib/course/exercises/bradleyTerry/tables";
import { findExercise } from "../../../lib/course/exercises";
import type { HiddenTest, Marking } from "../../../lib/course/grading/marking";
import { allClose, describe, each } from "../../../lib/course/judge";
import { matches, touchesNothing } from "../onePoint";
import { elo, gradient, kappaOfCounts, logLikelihood, mmStep, scaled } from "./reference";
import { functional, imperative } from "./right";

const parametersOf = (name: string) => findExercise(name).parameters;

/** A table in which item i beat item j `count` times, i before j in the list, and nothing else. */
function onePair(rng: Rng, count: number, spread: number): Table {
  const n = 2 + rng.integer(2);
  const i = rng.integer(n - 1);
  const j = i + 1 + rng.integer(n - 1 - i);
  const wins = Array.from({ length: n }, (_, a) =>
    Array.from({ length: n }, (_, b) => (a === i && b === j ? count : 0)),
  );
  const theta = drawTheta(rng, n).map((strength) => strength * spread);
  theta[i] = theta[j] - spread * (0.5 + Math.round(10 * rng.uniform()) / 10);
  return [wins, theta];
}

const several = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);

const logLikelihoodTests = [
  matches(
    "one battle",
    "gives the log-probability of a single battle",
    (rng) => several(3, () => onePair(rng, 1, 1)),
    logLikelihood,
  ),
  matches(
    "many battles",
    "adds up the battles of a pair",
    (rng) => several(3, () => onePair(rng, 2 + rng.integer(7), 1)),
    logLikelihood,
  ),
  matches(
    "full tables",
    "gives the log-likelihood of full tables",
    (rng) => drawTables(rng, [3, 4, 6]),
    logLikelihood,
  ),
  matches(
    "far apart",
    "stays finite and exact for strengths far apart",
    (rng) => several(3, () => onePair(rng, 1, 1800)),
    logLikelihood,
  ),
];

const equals = (rng: Rng): Table[] =>
  [2, 3, 4].map((n) => [drawWins(rng, n), Array.from({ length: n }, () => 0)]);

/** Single battles between unequal strengths. */
const duels = (rng: Rng): Table[] =>
  several(3, (): Table => {
    const [gap] = drawTheta(rng, 1);
    // prettier-ignore
    return [[[0, 1], [0, 0]], [0.7 + Math.abs(gap), 0.1]];
  });

const gradientTests = [
  matches(
    "equals",
    "compares wins with half the battles where all are equally strong",
    equals,
    gradient,
  ),
  matches("duels", "is the slope after a single battle", duels, gradient),
  matches(
    "full tables",
    "is the slope for full tables and any strengths",
    (rng) => drawTables(rng, [3, 4, 6]),
    gradient,
  ),
  touchesNothing(equals, gradient, parametersOf("logLikelihoodGradient")),
];

const positive = (theta: number[]) => theta.map((x) => Number(Math.exp(x).toPrecision(3)));
const unevenTables = (rng: Rng, sizes: number[]): Table[] =>
  drawTables(rng, sizes).map(([wins, theta]) => [wins, positive(theta.map((x, i) => x + i))]);
const balancedTables = (rng: Rng): Table[] =>
  unevenTables(rng, [3, 4]).map(([wins, p]) => [
    wins.map((row, i) => row.map((count, j) => (i < j ? count : wins[j][i]))),
    p,
  ]);

/** Compares ratios only: whatever the scale, each entry relative to the first. */
function ratios(): HiddenTest {
  const property = each<Table, number[]>(
    "gives strengths in the right ratios",
    (rng) => unevenTables(rng, [3, 4, 5]),
    (value, inputs) => {
      const right = mmStep(...inputs);
      const relative = (p: number[]) => p.map((strength) => strength / p[0]);
      if (allClose(relative(value), relative(right))) return undefined;
      return `strengths in the ratios ${describe(relative(right))}`;
    },
  );
  return { name: "ratios", points: 1, property: property as unknown as HiddenTest["property"] };
}

const mmTests = [
  matches(
    "balanced",
    "makes one step where every pair has won equally often",
    balancedTables,
    (w, p) => scaled(mmStep(w, p)),
  ),
  ratios(),
  matches(
    "full tables",
    "makes one step for full tables",
    (rng) => unevenTables(rng, [3, 4, 6]),
    (w, p) => scaled(mmStep(w, p)),
  ),
  touchesNothing(
    (rng) => unevenTables(rng, [3, 4]),
    (w, p) => scaled(mmStep(w, p)),
    parametersOf("mmUpdate"),
  ),
];

type Game = [ratings: number[], first: number, second: number, score: number, k: number];

/** Games between players whose ratings differ by 0 or by 50–450 points, either of them ahead. */
function games(rng: Rng, score: () => number, equal: boolean): Game[] {
  return several(4, () => {
    const ratings = several(5, () => 1300 + rng.integer(400));
    const [first, second] = rng.permutation(5);
    const gap = (50 + rng.integer(400)) * (rng.bernoulli(0.5) ? 1 : -1);
    ratings[second] = ratings[first] + (equal ? 0 : gap);
    return [ratings, first, second, score(), 8 + rng.integer(25)];
  });
}

const eloTests = [
  matches(
    "equals",
    "moves two equals by half of K",
    (rng) => games(rng, () => rng.integer(2), true),
    elo,
  ),
  matches(
    "favourites",
    "expects more of the favourite, on Elo's scale",
    (rng) => games(rng, () => rng.integer(2), false),
    elo,
  ),
  matches("draws", "counts a draw as half a win", (rng) => games(rng, () => 0.5, false), elo),
  touchesNothing((rng) => games(rng, () => rng.integer(2), true), elo, parametersOf("eloUpdate")),
];

/** Label lists in random order from a table of counts. */
function labelled(rng: Rng, counts: number[][]): [string[], string[]] {
  const names = rng.shuffle(["left", "right", "tie", "cannot tell"]);
  const pairs = counts.flatMap((row, a) =>
    row.flatMap((count, b) => several(count, () => [names[a], names[b]] as const)),
  );
  const order = rng.shuffle(pairs);
  return [order.map(([first]) => first), order.map(([, second]) => second)];
}

function kappaOf(first: string[], second: string[]): number {
  const names = [...new Set([...first, ...second])];
  const counts = names.map((a) =>
    names.map((b) => first.filter((label, i) => label === a && second[i] === b).length),
  );
  return kappaOfCounts(counts);
}

/** Tables of 40: the rows sum to `a` and 40 − a, the columns to `b` and 40 − b. */
function twoLabels(rng: Rng, a: number, b: number): number[][] {
  const both =
    Math.max(0, a + b - 40) + 2 + rng.integer(Math.min(a, b) - Math.max(0, a + b - 40) - 3);
  return [
    [both, a - both],
    [b - both, 40 - a - b + both],
  ];
}

const threeLabels = (rng: Rng): number[][] =>
  several(3, () => several(3, () => 1 + rng.integer(6))).map((row, a) =>
    row.map((count, b) => (a === b ? count + 8 + 3 * a : a < b ? count + 3 : count)),
  );

const kappaTests = [
  matches(
    "equal labels",
    "takes off one half where both use two labels equally often",
    (rng) => several(3, () => labelled(rng, twoLabels(rng, 20, 20))),
    kappaOf,
  ),
  matches(
    "frequent label",
    "takes off more where both prefer one label",
    (rng) => [27, 29, 31].map((a) => labelled(rng, twoLabels(rng, a, a))),
    kappaOf,
  ),
  matches(
    "different habits",
    "keeps the habits of the two annotators apart",
    (rng) => [26, 29, 32].map((a) => labelled(rng, twoLabels(rng, a, a - 14))),
    kappaOf,
  ),
  matches(
    "three labels",
    "works for more than two labels",
    (rng) => several(3, () => labelled(rng, threeLabels(rng))),
    kappaOf,
  ),
];

const everything = (tests: readonly HiddenTest[]) => tests.map(({ name }) => name);

/** The marking of exercise 03: four points for each of five functions. */
export const marking: Marking = {
  exercise: "03-bradley-terry",
  tests: {
    logLikelihood: logLikelihoodTests,
    logLikelihoodGradient: gradientTests,
    mmUpdate: mmTests,
    eloUpdate: eloTests,
    kappa: kappaTests,
  },
  loses: {
    logLikelihood: {
      readsHalfTheTable: ["full tables"],
      meansOverBattles: ["many battles", "full tables"],
      forgetsTheLogarithm: everything(logLikelihoodTests),
      returnsTheLoss: everything(logLikelihoodTests),
      takesLogOfZero: ["far apart"],
      dividesByTheSum: everything(logLikelihoodTests),
    },
    logLikelihoodGradient: {
      turnsTheSign: everything(gradientTests),
      forgetsLostBattles: everything(gradientTests),
      predictsTheOpponent: ["duels", "full tables"],
      meansOverBattles: ["equals", "full tables", "arguments"],
      takesTheStep: ["duels", "full tables"],
      clearsTheta: ["arguments"],
    },
    mmUpdate: {
      countsOnlyWonBattles: ["ratios", "full tables", "arguments"],
      forgetsToScale: ["balanced", "full tables", "arguments"],
      scalesToSumOne: ["balanced", "full tables", "arguments"],
      usesNewStrengthsAtOnce: everything(mmTests),
      countsLosses: ["ratios", "full tables", "arguments"],
    },
    eloUpdate: {
      forgetsTheScale: ["favourites", "draws"],
      usesEInsteadOfTen: ["favourites", "draws"],
      movesOnlyTheFirst: everything(eloTests),
      expectsTheOpposite: ["favourites", "draws"],
      countsDrawsAsLosses: ["draws"],
      writesIntoRatings: ["arguments"],
    },
    kappa: {
      countsAgreement: everything(kappaTests),
      assumesEqualLabels: ["frequent label", "different habits", "three labels"],
      poolsTheAnnotators: ["different habits", "three labels"],
      usesOneAnnotator: ["different habits", "three labels"],
      forgetsToDivide: everything(kappaTests),
    },
  },
  right: [functional, imperative],
};
