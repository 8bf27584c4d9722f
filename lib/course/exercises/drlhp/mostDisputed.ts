/** Exercise 06, part 4: which questions to ask. */
import type { FunctionExercise, Mistake } from "../../exercise";
import { allClose, byHand, compared, describe, leavesInputs } from "../../judge";
import { drawDoubts, type Doubts } from "./draws";

const workedByHand = byHand<Doubts, number[]>("agrees with lists worked out by hand", [
  {
    inputs: [[[0.5, 0.5], [0.2, 0.8], [0.9, 0.9]], 1], // prettier-ignore
    answer: [1],
    because: "[1]: on pair 1 the networks contradict each other; on pair 0 they agree not to know",
  },
  {
    inputs: [[[0.4, 0.6], [0.1, 0.9], [0.3, 0.7], [1, 1]], 3], // prettier-ignore
    answer: [1, 2, 0],
    because: "[1, 2, 0]: variances 0.01, 0.16, 0.04 and 0, the largest first",
  },
]);

const anyCount = compared<Doubts, number[]>(
  "begins with the same pairs, however many are asked for",
  (rng) =>
    [1, 2].map((count): [Doubts, Doubts] => {
      const [chances] = drawDoubts(rng, 4);
      return [[chances, 4], [chances, count]]; // prettier-ignore
    }),
  (changed, original) =>
    allClose(changed, original.slice(0, changed.length))
      ? undefined
      : `${describe(original.slice(0, changed.length))}, as when four are asked for`,
);

const eitherSide = compared<Doubts, number[]>(
  "does not care which segment of a pair is called the first",
  (rng) =>
    [2, 3].map((count): [Doubts, Doubts] => {
      const [chances] = drawDoubts(rng, count);
      return [[chances, count], [chances.map((p) => p.map((x) => 1 - x)), count]]; // prettier-ignore
    }),
  (changed, original) =>
    allClose(changed, original) ? undefined : `${describe(original)}, as with the places changed`,
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "takesTheLeastDisputed",
    looksLike: "the pairs on which the networks agree come first.",
    implementation: (chances: number[][], count: number) => {
      const variance = (xs: number[]) => {
        const m = xs.reduce((a, b) => a + b, 0) / xs.length;
        return xs.reduce((a, x) => a + (x - m) ** 2, 0) / xs.length;
      };
      const order = chances.map((_, i) => i);
      order.sort((i, j) => variance(chances[i]) - variance(chances[j]));
      return order.slice(0, count);
    },
  },
  {
    name: "takesTheNearestToHalf",
    looksLike: "pairs are chosen whose mean is near ½. Not to know is not to disagree.",
    implementation: (chances: number[][], count: number) => {
      const far = (xs: number[]) => Math.abs(xs.reduce((a, b) => a + b, 0) / xs.length - 0.5);
      const order = chances.map((_, i) => i);
      order.sort((i, j) => far(chances[i]) - far(chances[j]));
      return order.slice(0, count);
    },
  },
  {
    name: "returnsTheVariances",
    looksLike: "the variances themselves are returned; their places in the list were asked for.",
    implementation: (chances: number[][], count: number) => {
      const variance = (xs: number[]) => {
        const m = xs.reduce((a, b) => a + b, 0) / xs.length;
        return xs.reduce((a, x) => a + (x - m) ** 2, 0) / xs.length;
      };
      return chances
        .map(variance)
        .sort((a, b) => b - a)
        .slice(0, count);
    },
  },
  {
    name: "keepsTheOrderOfTheList",
    looksLike: "the right pairs are in the order of the list; the most disputed comes first.",
    implementation: (chances: number[][], count: number) => {
      const variance = (xs: number[]) => {
        const m = xs.reduce((a, b) => a + b, 0) / xs.length;
        return xs.reduce((a, x) => a + (x - m) ** 2, 0) / xs.length;
      };
      const order = chances.map((_, i) => i);
      order.sort((i, j) => variance(chances[j]) - variance(chances[i]));
      return order.slice(0, count).sort((a, b) => a - b);
    },
  },
  {
    name: "reordersTheChances",
    looksLike: "the given list itself is sorted; a later cell would find its pairs exchanged.",
    implementation: (chances: number[][], count: number) => {
      const variance = (xs: number[]) => {
        const m = xs.reduce((a, b) => a + b, 0) / xs.length;
        return xs.reduce((a, x) => a + (x - m) ** 2, 0) / xs.length;
      };
      const before = [...chances];
      chances.sort((a, b) => variance(b) - variance(a));
      return chances.slice(0, count).map((pair) => before.indexOf(pair));
    },
  },
];

const parameters = ["chances", "count"];

/** Part 4 of exercise 06. */
export const mostDisputedExercise: FunctionExercise<Doubts, number[]> = {
  name: "mostDisputed",
  exercise: "06-deep-rl-from-human-preferences",
  parameters,
  shape: (_, count) => [count],
  properties: [
    workedByHand,
    anyCount,
    eitherSide,
    leavesInputs((rng) => [drawDoubts(rng, 2)], parameters),
  ],
  mistakes,
  hints: [
    "Three networks that all say ½ do not disagree: they agree that they do not know. Measure how far the numbers of one pair are from *each other*.",
    "The variance of a pair's numbers: the mean of $(p_e-\\bar p)^2$ over the networks. Then sort the places 0, 1, 2, …, and not the list itself.",
    "`const order = chances.map((_, i) => i)`, sorted with `(i, j) => variance(chances[j]) - variance(chances[i])`, and the first `count` of it.",
  ],
};
