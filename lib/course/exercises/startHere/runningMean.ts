/** Lesson 00: a mean that is kept up to date without keeping the numbers. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, each } from "../../judge";

/** The mean so far, the number of values with the new one counted, the new value. */
type Inputs = [mean: number, count: number, value: number];

const workedByHand = byHand<Inputs, number>("agrees with means worked out by hand", [
  { inputs: [0, 1, 7], answer: 7, because: "7: the mean of one value is that value" },
  { inputs: [4, 2, 8], answer: 6, because: "6: the mean of 4 and 8" },
  { inputs: [5, 3, 11], answer: 7, because: "7: two values with mean 5 and an 11 are 21 in 3" },
  { inputs: [-2, 4, -2], answer: -2, because: "−2: a value equal to the mean leaves it" },
]);

const totalIsKept = each<Inputs, number>(
  "keeps the total: count · mean is the sum of all values",
  (rng: Rng) =>
    Array.from({ length: 6 }, () => [rng.normal(), 1 + rng.integer(20), 5 * rng.normal()]),
  (value, [mean, count, x]) =>
    close(value * count, mean * (count - 1) + x)
      ? undefined
      : `a mean of ${(mean * (count - 1) + x) / count}, so that ${count} values still add up`,
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "addsWithoutTakingAway",
    looksLike: "a share of the new value is added, and nothing of the old mean is taken away.",
    implementation: (mean: number, count: number, value: number) => mean + value / count,
  },
  {
    name: "countsTooLate",
    looksLike: "it divides as if the new value had not been counted; `count` includes it.",
    implementation: (mean: number, count: number, value: number) =>
      mean + (value - mean) / (count + 1),
  },
  {
    name: "alwaysHalfway",
    looksLike: "it moves halfway each time; the step has to shrink as the count grows.",
    implementation: (mean: number, _count: number, value: number) => (mean + value) / 2,
  },
  {
    name: "wrongWay",
    looksLike: "it moves away from the new value: the difference has the wrong sign.",
    implementation: (mean: number, count: number, value: number) => mean + (mean - value) / count,
  },
];

/** The one function of lesson 00. */
export const runningMeanExercise: FunctionExercise<Inputs, number> = {
  name: "runningMean",
  exercise: "00-start-here",
  parameters: ["mean", "count", "value"],
  shape: () => [],
  properties: [workedByHand, totalIsKept],
  mistakes,
  hints: [
    "If the new value equals the mean, nothing may change. So what moves the mean is their *difference*.",
    "The more values there are, the less one of them weighs: the difference counts for one part in `count`.",
    "$m \\leftarrow m + \\frac{1}{n}(x - m)$: old value plus step size times (new − old). You will meet this line in every lesson.",
  ],
};
