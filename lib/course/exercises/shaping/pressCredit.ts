/** Exercise 04, part 3: what a press was about. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each } from "../../judge";

/** The press's time, when each step began and ended, and the shortest and longest delay; all ms. */
type Inputs = [time: number, starts: number[], ends: number[], low: number, high: number];

const parameters = ["time", "starts", "ends", "low", "high"];

/** Steps of equal length one after another from 0 on, and a press after the longest delay. */
function drawInputs(rng: Rng, count: number): Inputs[] {
  return Array.from({ length: count }, () => {
    const length = 100 + 10 * rng.integer(30);
    const starts = Array.from({ length: 12 }, (_, k) => k * length);
    const time = 850 + 10 * rng.integer(35);
    return [time, starts, starts.map((s) => s + length), 200, 800];
  });
}

const workedByHand = byHand<Inputs, number[]>("agrees with presses worked out by hand", [
  {
    inputs: [1000, [0, 300, 600, 900], [300, 600, 900, 1200], 200, 800],
    answer: [1 / 6, 1 / 2, 1 / 3, 0],
    because:
      "[0.166667, 0.5, 0.333333, 0]: the press is about 200 to 800 ms, of which the steps fill 100, 300, 200 and 0",
  },
  {
    inputs: [500, [0, 450], [450, 900], 0, 200],
    answer: [0.75, 0.25],
    because: "[0.75, 0.25]: about 300 to 500 ms, of which the steps fill 150 and 50",
  },
]);

const addsToOne = each<Inputs, number[]>(
  "adds up to 1 when the steps fill the whole window",
  (rng) => drawInputs(rng, 3),
  (value) => {
    const total = value.reduce((sum, c) => sum + c, 0);
    return close(total, 1)
      ? undefined
      : `credits that add to 1; these add to ${describe(total)}`;
  },
);

const neverNegative = each<Inputs, number[]>(
  "is never below 0, and 0 for what had not been seen yet",
  (rng) => drawInputs(rng, 3),
  (value, [time, starts, , low]) => {
    const k = value.findIndex((c, i) => c < 0 || (starts[i] >= time - low && c !== 0));
    return k < 0 ? undefined : `0 for step ${k}, which began at ${starts[k]} ms`;
  },
);

const clockDoesNotMatter = compared<Inputs, number[]>(
  "does not care when the clock was started",
  (rng) =>
    drawInputs(rng, 2).map(([time, starts, ends, low, high]): [Inputs, Inputs] => [
      [time, starts, ends, low, high],
      [time + 5000, starts.map((s) => s + 5000), ends.map((e) => e + 5000), low, high],
    ]),
  (changed, original) =>
    changed.every((c, k) => close(c, original[k]))
      ? undefined
      : `${describe(original)}, as with all times 5000 ms earlier`,
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "creditsTheStepOnTheScreen",
    looksLike: "all credit goes to the step that was on the screen when the key went down.",
    implementation: (time: number, starts: number[], ends: number[]) =>
      starts.map((start, k) => (time >= start && time < ends[k] ? 1 : 0)),
  },
  {
    name: "dividesByTheStep",
    looksLike: "the overlap is divided by the length of the step, not by that of the window.",
    implementation: (
      time: number,
      starts: number[],
      ends: number[],
      low: number,
      high: number,
    ) =>
      starts.map((start, k) => {
        const overlap = Math.min(ends[k], time - low) - Math.max(start, time - high);
        return Math.max(0, overlap) / (ends[k] - start);
      }),
  },
  {
    name: "allowsNegativeOverlap",
    looksLike: "steps that lie outside the window get negative credit.",
    implementation: (
      time: number,
      starts: number[],
      ends: number[],
      low: number,
      high: number,
    ) =>
      starts.map((start, k) => {
        const overlap = Math.min(ends[k], time - low) - Math.max(start, time - high);
        return overlap / (high - low);
      }),
  },
  {
    name: "looksIntoTheFuture",
    looksLike: "the window lies after the press; people react to what they have seen before.",
    implementation: (
      time: number,
      starts: number[],
      ends: number[],
      low: number,
      high: number,
    ) =>
      starts.map((start, k) => {
        const overlap = Math.min(ends[k], time + high) - Math.max(start, time + low);
        return Math.max(0, overlap) / (high - low);
      }),
  },
  {
    name: "sharesEvenly",
    looksLike: "every step that the window touches gets the same credit, however little of it.",
    implementation: (
      time: number,
      starts: number[],
      ends: number[],
      low: number,
      high: number,
    ) => {
      const touched = starts.map((s, k) => (ends[k] > time - high && s < time - low ? 1 : 0));
      const count = touched.filter((t) => t === 1).length;
      return touched.map((t) => (count === 0 ? 0 : t / count));
    },
  },
];

/** Part 3 of exercise 04. */
export const pressCreditExercise: FunctionExercise<Inputs, number[]> = {
  name: "pressCredit",
  exercise: "04-shaping-and-tamer",
  parameters,
  shape: (_, starts) => [starts.length],
  properties: [workedByHand, addsToOne, neverNegative, clockDoesNotMatter],
  mistakes,
  hints: [
    "The press at time $t$ is about something that was seen between $t - \\text{high}$ and $t - \\text{low}$: a window of fixed length, every moment of it as likely.",
    "A step's credit is the part of that window during which it was on the screen. Two intervals overlap from the later beginning to the earlier end, if that is positive.",
    "overlap $= \\min(\\text{end}_k,\\, t - \\text{low}) - \\max(\\text{start}_k,\\, t - \\text{high})$, at least 0, divided by $\\text{high} - \\text{low}$.",
  ],
};
