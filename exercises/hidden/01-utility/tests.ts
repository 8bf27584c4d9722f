/**
 * How exercise 01 is marked. Each test asks for right answers on one kind of input, so that a
 * mistake costs the points of what it gets wrong and no others. Inputs are drawn anew in every run.
 * None of this is released.
 */
import type { Rng } from "../../../lib/core/rng";
import { findExercise } from "../../../lib/course/exercises";
import type { HiddenTest, Marking } from "../../../lib/course/grading/marking";
import { matches, touchesNothing } from "../onePoint";
import { crra, logLikelihood, pick, worth } from "./reference";
import { functional, imperative } from "./right";

const several = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
const parametersOf = (name: string) => findExercise(name).parameters;
const tenth = (x: number) => Math.round(10 * x) / 10;
const sum = (rng: Rng) => 2 + rng.integer(99);
const below = (rng: Rng) => tenth(0.1 + 0.8 * rng.uniform());
const above = (rng: Rng) => tenth(1.2 + 1.8 * rng.uniform());

const crraTests = [
  matches("below 1", "is right for γ below 1", (rng) => several(4, () => [sum(rng), below(rng)] as [number, number]), crra), // prettier-ignore
  matches("above 1", "is right for γ above 1", (rng) => several(4, () => [sum(rng), above(rng)] as [number, number]), crra), // prettier-ignore
  matches("at 1", "is the logarithm at γ = 1", (rng) => several(4, () => [sum(rng), 1] as [number, number]), crra), // prettier-ignore
];

type Lottery = [outcomes: number[], probabilities: number[], gamma: number];

function lotteries(rng: Rng, gamma: () => number, uneven: boolean): Lottery[] {
  return several(4, () => {
    const p = uneven ? (1 + rng.integer(3)) / 10 : 0.5;
    return [[5 + rng.integer(20), 40 + rng.integer(60)], [p, 1 - p], gamma()];
  });
}

const worthTests = [
  matches(
    "even odds",
    "prices lotteries of even odds",
    (rng) => lotteries(rng, () => below(rng), false),
    worth,
  ),
  matches(
    "uneven odds",
    "weighs outcomes by their probabilities",
    (rng) => lotteries(rng, () => above(rng), true),
    worth,
  ),
  matches(
    "logarithm",
    "is the geometric mean at γ = 1",
    (rng) => lotteries(rng, () => 1, false),
    worth,
  ),
  touchesNothing(
    (rng) => lotteries(rng, () => above(rng), false),
    worth,
    parametersOf("sureWorth"),
  ),
];

type Clicks = [gains: number[], took: number[], sensitivity: number, slips: number];

function clicks(rng: Rng, n: number, took: () => number, slips: number): Clicks[] {
  return several(4, () => [
    several(n, () => (1 + rng.integer(20)) / 50),
    several(n, took),
    4 + rng.integer(10),
    slips,
  ]);
}

const clickTests = [
  matches(
    "taken",
    "gives the log-probability of one lottery taken",
    (rng) => clicks(rng, 1, () => 1, 0),
    logLikelihood,
  ),
  matches(
    "left",
    "gives the log-probability of one lottery left",
    (rng) => clicks(rng, 1, () => 0, 0),
    logLikelihood,
  ),
  matches(
    "slips",
    "counts slips, half of them to each side",
    (rng) => clicks(rng, 1, () => 1, 0.1),
    logLikelihood,
  ),
  touchesNothing(
    (rng) => clicks(rng, 6, () => rng.integer(2), 0.04),
    logLikelihood,
    parametersOf("choicesLogLikelihood"),
  ),
];

type Pick = [utilities: number[], uniforms: number[]];

/** Two options of equal utility: the larger uniform number wins. */
const equals = (rng: Rng): Pick[] =>
  several(6, () => {
    const u = tenth(rng.normal());
    const [v, w] = rng.permutation(90).slice(0, 2);
    return [[u, u], [(v + 5) / 100, (w + 5) / 100]]; // prettier-ignore
  });

/** The better one has bad luck, and loses by it, or wins all the same. */
const luck = (rng: Rng, loses: boolean): Pick[] =>
  several(8, () => {
    const gap = loses ? 1 : 3;
    const turned = rng.bernoulli(0.5);
    const [us, vs] = [[gap, 0], [0.2 + 0.1 * rng.uniform(), 0.85 + 0.03 * rng.uniform()]]; // prettier-ignore
    return turned ? [us.reverse(), vs.reverse()] : [us, vs];
  });

const many = (rng: Rng): Pick[] =>
  several(12, () => [
    several(5, () => tenth(rng.normal())),
    several(5, () => (1 + rng.integer(998)) / 1000),
  ]);

const pickTests = [
  matches("equals", "lets the noise decide between equals", equals, pick),
  matches("luck", "lets much better luck win", (rng) => luck(rng, true), pick),
  matches("gap", "lets a much better option win in spite of luck", (rng) => luck(rng, false), pick),
  touchesNothing(many, pick, parametersOf("gumbelPick")),
];

const everything = (tests: readonly HiddenTest[]) => tests.map(({ name }) => name);

/** The marking of exercise 01: three points for the first function, four for each of the others. */
export const marking: Marking = {
  exercise: "01-utility",
  tests: {
    crraUtility: crraTests,
    sureWorth: worthTests,
    choicesLogLikelihood: clickTests,
    gumbelPick: pickTests,
  },
  loses: {
    crraUtility: {
      forgetsToDivide: ["below 1", "above 1"],
      forgetsTheLogarithm: ["at 1"],
      takesGammaForThePower: ["below 1", "above 1"],
      dropsTheSign: ["above 1"],
    },
    sureWorth: {
      returnsTheMean: everything(worthTests),
      returnsTheUtility: everything(worthTests),
      forgetsProbabilities: ["uneven odds"],
      forgetsTheLogarithm: ["logarithm"],
      forgetsToGoBack: ["even odds", "uneven odds", "arguments"],
    },
    choicesLogLikelihood: {
      ignoresWhatWasTaken: ["left", "arguments"],
      takesTheMean: ["arguments"],
      forgetsSlips: ["slips", "arguments"],
      slipsAllToTheLottery: ["slips", "arguments"],
      multipliesProbabilities: everything(clickTests),
    },
    gumbelPick: {
      addsUniformNoise: ["luck", "arguments"],
      ignoresNoise: ["equals", "luck", "arguments"],
      turnsTheNoise: ["equals", "luck", "arguments"],
      takesOneLogarithm: ["arguments"],
      returnsTheAppeal: everything(pickTests),
    },
  },
  right: [functional, imperative],
};
