/** Exercise 06, part 2: how hard one answer pulls. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each } from "../../judge";
import { drawDifference, type OneAnswer } from "./draws";

const workedByHand = byHand<OneAnswer, number>("agrees with answers worked out by hand", [
  {
    inputs: [0, 1, 0],
    answer: -0.5,
    because: "−0.5: an answer for the first where ½ was expected",
  },
  {
    inputs: [Math.log(3), 1, 0.1],
    answer: -(0.675 / 0.725) * 0.25,
    because: "−0.232759: meant with probability 0.675/0.725, times the surprise ¼",
  },
  {
    inputs: [0, 0.5, 0.1],
    answer: 0,
    because: "0: a tie between equals is no surprise",
  },
]);

const loss = (delta: number, mu: number, errorRate: number): number => {
  const p = (1 - errorRate) / (1 + Math.exp(-delta)) + errorRate / 2;
  return -mu * Math.log(p) - (1 - mu) * Math.log(1 - p);
};

const isTheSlope = each<OneAnswer, number>(
  "is the slope of the loss",
  (rng: Rng) =>
    [1, 0, 0.5, 1, 0].map((mu, i): OneAnswer => [drawDifference(rng), mu, i < 3 ? 0.1 : 0]),
  (value, [delta, mu, errorRate]) => {
    const slope = (loss(delta + 1e-5, mu, errorRate) - loss(delta - 1e-5, mu, errorRate)) / 2e-5;
    return close(value, slope, 1e-5)
      ? undefined
      : `${describe(slope)}, by which the loss changes for a small change of the difference`;
  },
);

const turnedRound = compared<OneAnswer, number>(
  "turns its sign when the segments change places",
  (rng) =>
    [1, 0.5].map((mu): [OneAnswer, OneAnswer] => {
      const delta = drawDifference(rng);
      return [[delta, mu, 0.1], [-delta, 1 - mu, 0.1]]; // prettier-ignore
    }),
  (changed, original) =>
    close(changed, -original) ? undefined : `${describe(-original)}, minus the other way round`,
);

const hardlyListens = each<OneAnswer, number>(
  "stays finite, and hardly listens to an answer against all that is known",
  () => [[-900, 1, 0.1], [900, 0, 0.2]], // prettier-ignore
  (value) => (close(value, 0) ? undefined : "0: such an answer was surely a slip"),
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "turnsTheSign",
    looksLike: "this is the gradient of the log-likelihood; the loss is minus that.",
    implementation: (difference: number, preference: number, errorRate: number) => {
      const sigma = (x: number) => 1 / (1 + Math.exp(-x));
      const pull = (x: number) =>
        (((1 - errorRate) * sigma(x)) / ((1 - errorRate) * sigma(x) + errorRate / 2)) * sigma(-x);
      return preference * pull(difference) - (1 - preference) * pull(-difference);
    },
  },
  {
    name: "forgetsTheSlips",
    looksLike: "every answer is taken as meant: this is the gradient with errorRate 0.",
    implementation: (difference: number, preference: number) =>
      1 / (1 + Math.exp(-difference)) - preference,
  },
  {
    name: "countsTiesForTheSecond",
    looksLike: "a tie is counted as an answer for the second.",
    implementation: (difference: number, preference: number, errorRate: number) => {
      const sigma = (x: number) => 1 / (1 + Math.exp(-x));
      const pull = (x: number) =>
        (((1 - errorRate) * sigma(x)) / ((1 - errorRate) * sigma(x) + errorRate / 2)) * sigma(-x);
      return preference === 1 ? -pull(difference) : pull(-difference);
    },
  },
  {
    name: "forgetsTheLogarithm",
    looksLike: "this is the slope of the probability; the loss is its logarithm.",
    implementation: (difference: number, preference: number, errorRate: number) => {
      const sigma = (x: number) => 1 / (1 + Math.exp(-x));
      const slope = (1 - errorRate) * sigma(difference) * sigma(-difference);
      return (1 - 2 * preference) * slope;
    },
  },
  {
    name: "overflows",
    looksLike: "the logistic function is written so that it overflows: ∞/∞ far from 0.",
    implementation: (difference: number, preference: number, errorRate: number) => {
      const sigma = (x: number) => Math.exp(x) / (1 + Math.exp(x));
      const pull = (x: number) =>
        (((1 - errorRate) * sigma(x)) / ((1 - errorRate) * sigma(x) + errorRate / 2)) * sigma(-x);
      return (1 - preference) * pull(-difference) - preference * pull(difference);
    },
  },
];

/** Part 2 of exercise 06. */
export const answerGradientExercise: FunctionExercise<OneAnswer, number> = {
  name: "answerGradient",
  exercise: "06-deep-rl-from-human-preferences",
  parameters: ["difference", "preference", "errorRate"],
  shape: () => [],
  properties: [workedByHand, isTheSlope, turnedRound, hardlyListens],
  mistakes,
  hints: [
    "Do the case $\\mu = 1$ first: differentiate $-\\log\\hat P$. The chain rule gives $-\\hat P'/\\hat P$.",
    "$\\hat P' = (1-\\varepsilon)\\,\\sigma(\\Delta)\\,\\sigma(-\\Delta)$. An answer for the second is an answer for the first with the segments in the other order: the same with $-\\Delta$, and the sign turned.",
    "Let `pull(x)` be $\\frac{(1-\\varepsilon)\\sigma(x)}{(1-\\varepsilon)\\sigma(x)+\\varepsilon/2}\\,\\sigma(-x)$. The answer is $(1-\\mu)\\,\\mathrm{pull}(-\\Delta) - \\mu\\,\\mathrm{pull}(\\Delta)$.",
  ],
};
