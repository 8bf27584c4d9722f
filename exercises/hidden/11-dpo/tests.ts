/**
 * How exercise 11 is marked. Each test asks for right answers on one kind of input, so that a
 * mistake costs the points of what it gets wrong and no others. Inputs are drawn anew in every run.
 * None of this is released.
 */
import type { Rng } from "../../../lib/core/rng";
import { findExercise } from "../../../lib/course/exercises";
import { drawLogps, type Pairs, tenth } from "../../../lib/course/exercises/dpo/draws";
import type { HiddenTest, Marking } from "../../../lib/course/grading/marking";
import { matches, touchesNothing } from "../onePoint";
import { dpo, ipo, responseLogp, tilt } from "./reference";
import { functional, imperative } from "./right";

const several = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
const parametersOf = (name: string) => findExercise(name).parameters;

type Sequence = [logp: number[], mask: number[]];

/** Prompt, reply, padding of so many tokens. */
function sequence(rng: Rng, ...parts: [number, number, number]): Sequence {
  const mask = parts.flatMap((n, part) => Array.from({ length: n }, () => (part === 1 ? 1 : 0)));
  return [drawLogps(rng, mask.length - 1), mask];
}

const few = (rng: Rng): number => 2 + rng.integer(3);
const oneToken = (rng: Rng) => several(3, () => sequence(rng, few(rng), 1, few(rng)));
const toTheEnd = (rng: Rng) => several(3, () => sequence(rng, 1, few(rng), 0));
const padded = (rng: Rng) => several(3, () => sequence(rng, few(rng), few(rng), few(rng)));

const responseTests = [
  matches("one token", "finds the log-probability of a reply of one token", oneToken, responseLogp),
  matches("to the end", "adds up a reply that follows the first token", toTheEnd, responseLogp),
  matches("padded", "leaves out prompt and padding", padded, responseLogp),
  touchesNothing(padded, responseLogp, parametersOf("responseLogp")),
];

/** Pairs whose reference prefers neither reply (or does), β as given. */
function batch(rng: Rng, n: number, beta: number, indifferent: boolean): Pairs {
  const [w, l, rw, rl] = several(4, () => drawLogps(rng, n));
  return [w.map((x) => x + 0.05), l, rw, indifferent ? rw.slice() : rl, beta];
}

const someBeta = (rng: Rng): number => (1 + rng.integer(8)) / 10;
const indifferent = (rng: Rng) => several(3, () => batch(rng, 1, someBeta(rng), true));
const single = (rng: Rng) => several(3, () => batch(rng, 1, 1, false));
const batches = (rng: Rng) => [2, 4, 7].map((n) => batch(rng, n, someBeta(rng), false));
const far = (rng: Rng) =>
  several(2, (): Pairs => [[-3000 - rng.integer(500)], [-5], [-6], [-4], 1]); // prettier-ignore

const dpoTests = [
  matches("one pair", "is right for one pair with β = 1", single, dpo),
  matches("β", "weighs the margin by β", indifferent, dpo),
  matches("batches", "is the mean over a batch", batches, dpo),
  matches("far off", "stays finite for margins without measure", far, dpo),
  touchesNothing(single, dpo, parametersOf("dpoLoss")),
];

/** One pair whose margin lies short of its target, or beyond it. */
function offTarget(rng: Rng, by: () => number): Pairs {
  const [beta, h] = [someBeta(rng) + 0.05, by()];
  const [l, rw, rl] = several(3, () => drawLogps(rng, 1)[0]);
  return [[tenth(1e3 * (l - rl + rw + 0.5 / beta + h)) / 1e3], [l], [rw], [rl], beta];
}

const short = (rng: Rng) => several(3, () => offTarget(rng, () => -1 - rng.integer(3)));
const beyond = (rng: Rng) => several(3, () => offTarget(rng, () => 1 + rng.integer(3)));

const ipoTests = [
  matches("short", "is right where the margin has not reached its target", short, ipo),
  matches("beyond", "is right where the margin has gone beyond", beyond, ipo),
  matches("batches", "is the mean over a batch", batches, ipo),
  touchesNothing(short, ipo, parametersOf("ipoLoss")),
];

type World = [logpReference: number[], rewards: number[], beta: number];

function world(rng: Rng, n: number, beta: number, { even = false, scale = 1 } = {}): World {
  const weights = several(n, () => (even ? 1 : 1 + rng.integer(9)));
  if (!even) weights[0] = 20; // never all alike
  const total = weights.reduce((a, b) => a + b, 0);
  const rewards = weights.map((_, y) => tenth(scale * (rng.normal() + y)));
  return [weights.map((w) => Math.log(w / total)), rewards, beta];
}

const even = (rng: Rng) => several(3, () => world(rng, 4, 1, { even: true }));
const uneven = (rng: Rng) => several(3, () => world(rng, 3 + rng.integer(3), 1));
const betas = (rng: Rng) => several(3, () => world(rng, 4, someBeta(rng), { even: true }));
const huge = (rng: Rng) => several(2, () => world(rng, 3, 1, { even: true, scale: 2000 }));

const tiltTests = [
  matches("even", "tilts a reference that is even", even, tilt),
  matches("uneven", "keeps what the reference prefers", uneven, tilt),
  matches("β", "divides the reward by β", betas, tilt),
  matches("huge", "stays finite for huge rewards", huge, tilt),
  touchesNothing(even, tilt, parametersOf("tilt")),
];

const everything = (tests: readonly HiddenTest[]) => tests.map(({ name }) => name);

/** The marking of exercise 11: four or five points for each of four functions. */
export const marking: Marking = {
  exercise: "11-dpo",
  tests: {
    responseLogp: responseTests,
    dpoLoss: dpoTests,
    ipoLoss: ipoTests,
    tilt: tiltTests,
  },
  loses: {
    responseLogp: {
      takesTheMean: ["to the end", "padded", "arguments"],
      ignoresTheMask: ["one token", "padded", "arguments"],
      isOffByOne: everything(responseTests),
      turnsTheMask: everything(responseTests),
      addsProbabilities: everything(responseTests),
    },
    dpoLoss: {
      forgetsTheReference: ["one pair", "batches", "far off", "arguments"],
      turnsTheSign: everything(dpoTests),
      forgetsBeta: ["β", "batches"],
      sumsOverTheBatch: ["batches"],
      takesLogOfZero: ["far off"],
    },
    ipoLoss: {
      aimsAtOneOverBeta: everything(ipoTests),
      scalesTheMargin: everything(ipoTests),
      stopsAtTheTarget: ["beyond", "batches"],
      forgetsTheReference: everything(ipoTests),
      turnsTheSign: everything(ipoTests),
    },
    tilt: {
      multipliesByBeta: ["β"],
      forgetsZ: everything(tiltTests),
      forgetsTheReference: ["uneven"],
      returnsProbabilities: everything(tiltTests),
      overflows: ["huge"],
    },
  },
  right: [functional, imperative],
};
