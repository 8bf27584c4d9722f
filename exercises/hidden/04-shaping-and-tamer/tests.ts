/**
 * How exercise 04 is marked. Each test asks for right answers on one kind of input, so that a
 * mistake costs the points of what it gets wrong and no others. Inputs are drawn anew in every run.
 * None of this is released.
 */
import type { Rng } from "../../../lib/core/rng";
import { findExercise } from "../../../lib/course/exercises";
import type { HiddenTest, Marking } from "../../../lib/course/grading/marking";
import { matches, touchesNothing } from "../onePoint";
import { credit, learned, shaping, taught } from "./reference";
import { functional, imperative } from "./right";

const several = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
const parametersOf = (name: string) => findExercise(name).parameters;
const everything = (tests: readonly HiddenTest[]) => tests.map(({ name }) => name);
/** A number of one decimal, and never 0. */
const number = (rng: Rng) => (1 + rng.integer(40)) / 10;
const signed = (rng: Rng) => number(rng) * (rng.bernoulli(0.5) ? 1 : -1);

type Shaping = [potentials: number[], state: number, next: number, over: boolean, gamma: number];

function walks(rng: Rng, over: boolean, gamma: () => number): Shaping[] {
  return several(4, () => {
    const potentials = several(5, () => signed(rng)).map((p, s) => p + s / 100);
    const [state, next] = rng.permutation(5);
    return [potentials, state, next, over, gamma()];
  });
}

const discount = (rng: Rng) => (1 + rng.integer(9)) / 10;
const shapingTests = [
  matches("no discount", "is the difference of heights at γ = 1", (rng) => walks(rng, false, () => 1), shaping), // prettier-ignore
  matches("discount", "discounts the height that is reached", (rng) => walks(rng, false, () => discount(rng)), shaping), // prettier-ignore
  matches("end", "takes the height after the end for 0", (rng) => walks(rng, true, () => discount(rng)), shaping), // prettier-ignore
];

type Step = [
  q: number[][],
  state: number,
  action: number,
  reward: number,
  next: number,
  over: boolean,
  alpha: number,
  gamma: number,
];

/** Steps in a table of four states, whose values lie well apart. */
function steps(rng: Rng, over: boolean, gamma: number, empty = false): Step[] {
  return several(4, () => {
    const q = several(4, () => rng.shuffle([1, 2, 4]).map((x) => x + number(rng)));
    const [state, next] = rng.permutation(4);
    const action = q[next].indexOf(Math.min(...q[next])); // not the best one afterwards
    if (empty) q[state] = [0, 0, 0];
    return [q, state, action, number(rng), next, over, discount(rng), gamma];
  });
}

const qTests = [
  matches("reward", "moves an empty entry towards the reward when γ = 0", (rng) => steps(rng, false, 0, true), learned), // prettier-ignore
  matches("best", "adds what the best next action is worth", (rng) => steps(rng, false, 0.9), learned), // prettier-ignore
  matches("end", "adds nothing after the end", (rng) => steps(rng, true, 0.9), learned),
  touchesNothing((rng) => steps(rng, false, 0, true), learned, parametersOf("qUpdate")),
];

type Window = [time: number, starts: number[], ends: number[], low: number, high: number];

/** Steps of one length; the press comes late enough for a full window, unless it is early. */
function windows(rng: Rng, length: () => number, early = false): Window[] {
  return several(4, () => {
    const ms = length();
    const starts = several(20, () => 0).map((_, k) => k * ms);
    const time = (early ? 350 : 1010) + 10 * rng.integer(early ? 20 : 40);
    return [time, starts, starts.map((s) => s + ms), 200, 800];
  });
}

/** A single step that fills the window, or one that ended before it or began after it. */
function single(rng: Rng, shift: number): Window[] {
  return several(3, () => {
    const time = 3000 + rng.integer(500);
    return [time, [time - 850 + shift], [time - 150 + shift], 200, 800];
  });
}

const creditTests = [
  matches("full", "gives all credit to a step that fills the window", (rng) => single(rng, 0), credit), // prettier-ignore
  matches("outside", "gives none to a step outside it", (rng) => [...single(rng, 900), ...single(rng, -900)], credit), // prettier-ignore
  matches("short steps", "shares among steps shorter than the window", (rng) => windows(rng, () => 130 + 10 * rng.integer(6)), credit), // prettier-ignore
  matches("early", "credits less where part of the window lies before the start", (rng) => windows(rng, () => 90 + 10 * rng.integer(6), true), credit), // prettier-ignore
];

type Press = [
  weights: number[][],
  features: number[][],
  actions: number[],
  credits: number[],
  press: number,
  alpha: number,
];

/** Presses about K steps of two actions in turn, or of one; what was expected is 0 or not. */
function presses(rng: Rng, count: number, options: { known?: boolean; one?: boolean }): Press[] {
  const { known = true, one = false } = options;
  return several(4, () => {
    const row = () => several(3, () => (known ? number(rng) / 2 : 0));
    const features = several(count, () => several(3, () => number(rng)));
    const actions = features.map((_, k) => (one ? 0 : k % 2));
    const credits = count === 1 ? [1] : features.map((_, k) => [0.4, 0.35, 0.25][k]);
    return [[row(), row()], features, actions, credits, rng.bernoulli(0.5) ? 1 : -1, 0.3];
  });
}

const tamerTests = [
  matches("one step", "learns from one step that it knows nothing of", (rng) => presses(rng, 1, { known: false }), taught), // prettier-ignore
  matches("expected", "learns only what was not expected", (rng) => presses(rng, 1, {}), taught),
  matches("several", "shares among steps by their credit", (rng) => presses(rng, 2, {}), taught),
  matches("same action", "expects with the old weights throughout", (rng) => presses(rng, 3, { one: true }), taught), // prettier-ignore
  touchesNothing((rng) => presses(rng, 1, { known: false }), taught, parametersOf("tamerUpdate")),
];

/** The marking of exercise 04. */
export const marking: Marking = {
  exercise: "04-shaping-and-tamer",
  tests: {
    shapingReward: shapingTests,
    qUpdate: qTests,
    pressCredit: creditTests,
    tamerUpdate: tamerTests,
  },
  loses: {
    shapingReward: {
      forgetsGamma: ["discount"],
      paysAtTheEnd: ["end"],
      addsNothingAtTheEnd: ["end"],
      discountsBoth: ["discount", "end"],
      turnsTheSign: everything(shapingTests),
    },
    qUpdate: {
      bootstrapsAfterTheEnd: ["end"],
      takesTheSameActionNext: ["best"],
      averagesOverActions: ["best"],
      forgetsWhatItHad: ["best", "end"],
      writesIntoQ: ["arguments"],
    },
    pressCredit: {
      creditsTheStepOnTheScreen: ["full", "short steps", "early"],
      dividesByTheStep: ["full", "short steps", "early"],
      allowsNegativeOverlap: ["outside", "short steps", "early"],
      looksIntoTheFuture: everything(creditTests),
      sharesEvenly: ["short steps", "early"],
    },
    tamerUpdate: {
      addsThePress: ["expected", "several", "same action"],
      ignoresTheCredits: ["several", "same action"],
      teachesAllActions: everything(tamerTests),
      expectsWithNewWeights: ["same action"],
      writesIntoWeights: ["arguments"],
    },
  },
  right: [functional, imperative],
};
