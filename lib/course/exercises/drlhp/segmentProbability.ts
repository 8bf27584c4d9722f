/** Exercise 06, part 1: equation 1 of the paper, with its errors. */
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each } from "../../judge";
import { drawSegments, type TwoSegments } from "./draws";

const workedByHand = byHand<TwoSegments, number>("agrees with segments worked out by hand", [
  {
    inputs: [[Math.log(3)], [0], 0],
    answer: 0.75,
    because: "0.75: Δ = ln 3, odds of 3 to 1, and nobody slips",
  },
  {
    inputs: [[1, 1, 1], [2, 0, 1], 0.1],
    answer: 0.5,
    because: "0.5: both add up to 3",
  },
  {
    inputs: [[Math.log(3), 1], [0.5, 0.5], 0.2],
    answer: 0.7,
    because: "0.7: Δ = ln 3, so 0.8 · 0.75 + 0.1",
  },
]);

const turnedRound = compared<TwoSegments, number>(
  "gives what is left to 1 when the segments change places",
  (rng) =>
    [0, 0.1, 0.3].map((errorRate): [TwoSegments, TwoSegments] => {
      const [first, second] = drawSegments(rng, 3, errorRate);
      return [[first, second, errorRate], [second, first, errorRate]]; // prettier-ignore
    }),
  (changed, original) =>
    close(changed, 1 - original) ? undefined : `${describe(1 - original)}, 1 minus the other way`,
);

const neverSurer = each<TwoSegments, number>(
  "is never surer than the slips allow, and stays finite for segments far apart",
  () => [[[900, 100], [0, 0], 0.1], [[0], [1000], 0.2]], // prettier-ignore
  (value, [, , errorRate]) => {
    const right = errorRate === 0.1 ? 0.95 : 0.1;
    return close(value, right) ? undefined : `${right}, and a finite number`;
  },
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "takesMeans",
    looksLike: "rewards are averaged over the steps; equation 1 adds them up.",
    implementation: (first: number[], second: number[], errorRate: number) => {
      const mean = (xs: number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
      return (1 - errorRate) / (1 + Math.exp(mean(second) - mean(first))) + errorRate / 2;
    },
  },
  {
    name: "forgetsTheSlips",
    looksLike: "the answers given at random are forgotten.",
    implementation: (first: number[], second: number[]) => {
      const sum = (xs: number[]) => xs.reduce((a, b) => a + b, 0);
      return 1 / (1 + Math.exp(sum(second) - sum(first)));
    },
  },
  {
    name: "countsAllSlipsForTheFirst",
    looksLike: "all random answers go to the first; half of them do.",
    implementation: (first: number[], second: number[], errorRate: number) => {
      const sum = (xs: number[]) => xs.reduce((a, b) => a + b, 0);
      return (1 - errorRate) / (1 + Math.exp(sum(second) - sum(first))) + errorRate;
    },
  },
  {
    name: "takesTheOther",
    looksLike: "this is the probability that the second is preferred.",
    implementation: (first: number[], second: number[], errorRate: number) => {
      const sum = (xs: number[]) => xs.reduce((a, b) => a + b, 0);
      return (1 - errorRate) / (1 + Math.exp(sum(first) - sum(second))) + errorRate / 2;
    },
  },
  {
    name: "overflows",
    looksLike: "exponentials of whole sums are taken, which overflow for segments far apart.",
    implementation: (first: number[], second: number[], errorRate: number) => {
      const weight = (xs: number[]) => Math.exp(xs.reduce((a, b) => a + b, 0));
      const share = weight(first) / (weight(first) + weight(second));
      return (1 - errorRate) * share + errorRate / 2;
    },
  },
];

/** Part 1 of exercise 06. */
export const segmentProbabilityExercise: FunctionExercise<TwoSegments, number> = {
  name: "segmentProbability",
  exercise: "06-deep-rl-from-human-preferences",
  parameters: ["first", "second", "errorRate"],
  shape: () => [],
  properties: [workedByHand, turnedRound, neverSurer],
  mistakes,
  hints: [
    "Only one number about the two segments matters: how far the sums of their rewards are apart. Compute $\\Delta$ first.",
    "Of all answers, a share of $1-\\varepsilon$ is meant and follows the logistic function of $\\Delta$. The share $\\varepsilon$ is a coin flip: how much of it goes to the first?",
    "$(1-\\varepsilon)\\,/\\,(1+e^{-\\Delta}) + \\varepsilon/2$. Written like this, with one exponential of the difference, nothing overflows.",
  ],
};
