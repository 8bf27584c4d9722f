/**
 * How exercise 05 is marked. Each test asks for right answers on one kind of input, so that a
 * mistake costs the points of what it gets wrong and no others. Inputs are drawn anew in every run.
 * None of this is released.
 */
import type { Rng } from "../../../lib/core/rng";
import { findExercise } from "../../../lib/course/exercises";
import {
  type Actions,
  drawActions,
  drawNumbers,
  drawSteps,
  type Steps,
  tenth,
} from "../../../lib/course/exercises/ppo/draws";
import type { HiddenTest, Marking } from "../../../lib/course/grading/marking";
import { matches, touchesNothing } from "../onePoint";
import {
  advantageEstimates,
  clippedObjective,
  klEstimate,
  rewardsToGo,
  softmaxGradient,
} from "./reference";
import { functional, imperative } from "./right";

const several = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
const parametersOf = (name: string) => findExercise(name).parameters;
const few = (rng: Rng): number => 3 + rng.integer(3);

type Bandit = [preferences: number[], rewards: number[]];

/** Arms whose rewards differ, and whose mean is not 0. */
const rewardsOf = (rng: Rng, n: number): number[] =>
  drawNumbers(rng, n, 2).map((r, a) => tenth(r + 3 + 2 * a));
const even = (rng: Rng) =>
  several(3, (): Bandit => {
    const n = few(rng);
    return [Array.from({ length: n }, () => 0.5), rewardsOf(rng, n)];
  });
const alike = (rng: Rng) =>
  several(3, (): Bandit => {
    const pays = 1 + rng.integer(9);
    const preferences = drawNumbers(rng, few(rng));
    return [preferences, preferences.map(() => pays)];
  });
/** The arm that pays least is the most likely one. */
const uneven = (rng: Rng) =>
  several(3, (): Bandit => {
    const n = few(rng);
    return [Array.from({ length: n }, (_, a) => tenth(-0.8 * a - rng.uniform())), rewardsOf(rng, n)]; // prettier-ignore
  });
const huge = (rng: Rng) =>
  several(2, (): Bandit => [[1000, 1000 + rng.integer(3) + 1, 998], rewardsOf(rng, 3)]);

const gradientTests = [
  matches("even", "is right where all arms are as likely", even, softmaxGradient),
  matches("alike", "is 0 where all arms pay the same", alike, softmaxGradient),
  matches("uneven", "is right for any policy", uneven, softmaxGradient),
  matches("huge", "stays finite for huge preferences", huge, softmaxGradient),
];

type Episode = [rewards: number[], gamma: number, bootstrap: number];

/** Rewards of two or more steps, none of them 0. */
const paid = (rng: Rng): number[] => several(few(rng), () => 1 + rng.integer(9));
const plain = (rng: Rng) => several(3, (): Episode => [paid(rng), 1, 0]);
const discounted = (rng: Rng) => several(3, (): Episode => [paid(rng), 0.8, 0]);
const cutOff = (rng: Rng) => several(3, (): Episode => [paid(rng), 0.9, 2 + rng.integer(8)]);
/** Not the same forwards and backwards. */
const rising = (rng: Rng) =>
  several(3, (): Episode => [paid(rng).map((r, t) => r + 10 * t), 0.5, 0]);

const toGoTests = [
  matches("plain", "adds up what is to come", (rng) => plain(rng).map(([r]) => [r.map((x, t) => x + 10 * t), 1, 0] as Episode), rewardsToGo), // prettier-ignore
  matches("discounted", "discounts what comes later", discounted, rewardsToGo),
  matches("cut off", "adds the value of the state where time ran out", cutOff, rewardsToGo),
  touchesNothing(rising, rewardsToGo, parametersOf("rewardsToGo")),
];

const oneStep = (rng: Rng) => several(3, () => drawSteps(rng, 4, 0));
const goingOn = (rng: Rng) => several(3, () => drawSteps(rng, 4, 0.8));
const ended = (rng: Rng) => several(3, (): Steps => drawSteps(rng, 4, 0.7, { 3: "terminated" }));
const clock = (rng: Rng) => several(3, (): Steps => drawSteps(rng, 4, 0.7, { 3: "truncated" }));
const more = (rng: Rng) =>
  several(3, (): Steps => drawSteps(rng, 9, 0.8, { 2: "truncated", 5: "terminated" }));

const advantageTests = [
  matches("one step", "is the TD error at λ = 0", oneStep, advantageEstimates),
  matches("going on", "weighs later TD errors by γλ", goingOn, advantageEstimates),
  matches("terminated", "counts nothing after a termination", ended, advantageEstimates),
  matches("truncated", "counts the value after a truncation", clock, advantageEstimates),
  matches("episodes", "keeps episodes apart", more, advantageEstimates),
];

const unmoved = (rng: Rng) => several(3, () => drawActions(rng, few(rng), [1], 1));
const held = (rng: Rng): Actions[] => [
  ...several(2, () => drawActions(rng, 1, [1.5, 2, 3], 1)),
  ...several(2, () => drawActions(rng, 1, [0.3, 0.5, 0.6], -1)),
];
const calledBack = (rng: Rng): Actions[] => [
  ...several(2, () => drawActions(rng, 1, [0.3, 0.5, 0.6], 1)),
  ...several(2, () => drawActions(rng, 1, [1.5, 2, 3], -1)),
];
/** All four kinds in each batch. */
const mixedBatches = (rng: Rng) =>
  several(3, (): Actions => {
    const parts = [held(rng), calledBack(rng), unmoved(rng)].flat();
    const join = (k: 0 | 1 | 2) => parts.flatMap((part) => part[k]);
    return [join(0), join(1), join(2), 0.2];
  });

const objectiveTests = [
  matches("unmoved", "is the mean advantage where nothing has moved", unmoved, clippedObjective),
  matches("held", "holds what has gone far the way that pays", held, clippedObjective),
  matches("called back", "calls back what went the other way", calledBack, clippedObjective),
  matches("batches", "is right for batches of all kinds", mixedBatches, clippedObjective),
];

type Samples = [logpP: number[], logpQ: number[]];

/** Log-ratios between −1.2 and −0.4: k1, k2 and k3 differ. */
function samples(rng: Rng, n: number): Samples {
  const logpP = several(n, () => -tenth(0.5 + rng.uniform()));
  return [logpP, logpP.map((l) => tenth(l - 0.4 - 0.8 * rng.uniform()))];
}
const same = (rng: Rng) =>
  several(2, (): Samples => {
    const [logp] = samples(rng, 3);
    return [logp, logp.slice()];
  });
const one = (rng: Rng) => several(3, () => samples(rng, 1));
const many = (rng: Rng) => several(3, () => samples(rng, few(rng)));

const klTests = [
  matches("the same", "is 0 where the two are the same", same, klEstimate),
  matches("one", "is right for one sample", one, klEstimate),
  matches("many", "is the mean over samples", many, klEstimate),
];

const everything = (tests: readonly HiddenTest[]) => tests.map(({ name }) => name);

/** The marking of exercise 05: three to five points for each of five functions. */
export const marking: Marking = {
  exercise: "05-policy-gradients-and-ppo",
  tests: {
    softmaxGradient: gradientTests,
    rewardsToGo: toGoTests,
    advantageEstimates: advantageTests,
    clippedObjective: objectiveTests,
    klEstimate: klTests,
  },
  loses: {
    softmaxGradient: {
      forgetsTheBaseline: everything(gradientTests),
      forgetsTheProbability: ["even", "uneven", "huge"],
      takesThePlainMean: ["uneven", "huge"],
      turnsTheSign: ["even", "uneven", "huge"],
      overflows: ["huge"],
    },
    rewardsToGo: {
      looksBack: everything(toGoTests),
      forgetsToDiscount: ["discounted", "cut off", "arguments"],
      forgetsTheBootstrap: ["cut off"],
      discountsFromTheStart: ["discounted", "cut off", "arguments"],
      addsTheBootstrapAsItIs: ["cut off"],
      turnsTheList: ["arguments"],
    },
    advantageEstimates: {
      takesTheClockForTheEnd: ["truncated", "episodes"],
      bootstrapsBeyondTheEnd: ["terminated", "episodes"],
      leaksOverTruncations: ["episodes"],
      forgetsGammaInTheSum: ["going on", "terminated", "truncated", "episodes"],
      returnsTheTarget: everything(advantageTests),
    },
    clippedObjective: {
      takesTheMaximum: ["held", "called back", "batches"],
      clipsWithoutTheMinimum: ["called back", "batches"],
      forgetsToClip: ["held", "batches"],
      takesTheRatioUpsideDown: ["held", "called back", "batches"],
      forgetsTheExponential: everything(objectiveTests),
      sumsOverTheBatch: ["unmoved", "batches"],
    },
    klEstimate: {
      turnsTheRatio: ["one", "many"],
      returnsK1: ["one", "many"],
      returnsK2: ["one", "many"],
      forgetsTheOne: everything(klTests),
      sumsOverSamples: ["many"],
    },
  },
  right: [functional, imperative],
};
