/** Exercise 06, part 3: one reward from several networks. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { allClose, byHand, compared, describe, each, leavesInputs } from "../../judge";
import { drawOutputs } from "./draws";

type Inputs = [outputs: number[][]];

const workedByHand = byHand<Inputs, number[]>("agrees with networks worked out by hand", [
  {
    inputs: [[[1, 3]]],
    answer: [-1, 1],
    because: "[−1, 1]: mean 2, standard deviation 1 (the root of the mean square, over both)",
  },
  {
    inputs: [[[1, 3], [100, 80]]], // prettier-ignore
    answer: [0, 0],
    because: "[0, 0]: the two networks say opposite things, each in a unit of its own",
  },
  {
    inputs: [[[0, 0, 6], [5, 5, 5]]], // prettier-ignore
    answer: [-0.5 / Math.SQRT2, -0.5 / Math.SQRT2, 1 / Math.SQRT2],
    because: "[−0.353553, −0.353553, 0.707107]: the second network says nothing and counts as 0",
  },
]);

const anyUnit = compared<Inputs, number[]>(
  "does not know the unit of a network, nor its zero",
  (rng: Rng) =>
    [2, 3].map((E): [Inputs, Inputs] => {
      const outputs = drawOutputs(rng, E, 4);
      return [[outputs], [outputs.map((row, e) => (e === 0 ? row.map((r) => 7 * r - 20) : row))]];
    }),
  (changed, original) =>
    allClose(changed, original)
      ? undefined
      : `${describe(original)}, as before the first network was multiplied by 7 and lowered by 20`,
);

const centred = each<Inputs, number[]>(
  "has mean 0",
  (rng) => [1, 2, 3].map((E): Inputs => [drawOutputs(rng, E, 5)]),
  (value) => {
    const total = value.reduce((a, b) => a + b, 0);
    return Math.abs(total) < 1e-9 ? undefined : "rewards that add up to 0";
  },
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "averagesFirst",
    looksLike: "the networks are averaged first and normalised together: the loudest one wins.",
    implementation: (outputs: number[][]) => {
      const n = outputs[0].length;
      const means = outputs[0].map((_, b) => outputs.reduce((a, r) => a + r[b], 0));
      const m = means.reduce((a, b) => a + b, 0) / n;
      const sd = Math.sqrt(means.reduce((a, r) => a + (r - m) ** 2, 0) / n);
      return means.map((r) => (sd === 0 ? 0 : (r - m) / sd));
    },
  },
  {
    name: "forgetsTheMean",
    looksLike: "outputs are divided by their standard deviation, but their mean is not taken off.",
    implementation: (outputs: number[][]) => {
      const total = outputs[0].map(() => 0);
      for (const row of outputs) {
        const m = row.reduce((a, b) => a + b, 0) / row.length;
        const sd = Math.sqrt(row.reduce((a, r) => a + (r - m) ** 2, 0) / row.length);
        row.forEach((r, b) => (total[b] += sd === 0 ? 0 : r / sd / outputs.length));
      }
      return total;
    },
  },
  {
    name: "dividesByTheVariance",
    looksLike: "outputs are divided by their variance; the standard deviation is its root.",
    implementation: (outputs: number[][]) => {
      const total = outputs[0].map(() => 0);
      for (const row of outputs) {
        const m = row.reduce((a, b) => a + b, 0) / row.length;
        const v = row.reduce((a, r) => a + (r - m) ** 2, 0) / row.length;
        row.forEach((r, b) => (total[b] += v === 0 ? 0 : (r - m) / v / outputs.length));
      }
      return total;
    },
  },
  {
    name: "addsThemUp",
    looksLike: "the normalised networks are added up, and not averaged.",
    implementation: (outputs: number[][]) => {
      const total = outputs[0].map(() => 0);
      for (const row of outputs) {
        const m = row.reduce((a, b) => a + b, 0) / row.length;
        const sd = Math.sqrt(row.reduce((a, r) => a + (r - m) ** 2, 0) / row.length);
        row.forEach((r, b) => (total[b] += sd === 0 ? 0 : (r - m) / sd));
      }
      return total;
    },
  },
  {
    name: "dividesByZero",
    looksLike: "a network that always says the same is divided by its standard deviation, 0.",
    implementation: (outputs: number[][]) => {
      const total = outputs[0].map(() => 0);
      for (const row of outputs) {
        const m = row.reduce((a, b) => a + b, 0) / row.length;
        const sd = Math.sqrt(row.reduce((a, r) => a + (r - m) ** 2, 0) / row.length);
        row.forEach((r, b) => (total[b] += (r - m) / sd / outputs.length));
      }
      return total;
    },
  },
  {
    name: "writesIntoOutputs",
    looksLike: "the given outputs are normalised in place; a later cell would work with them.",
    implementation: (outputs: number[][]) => {
      for (const row of outputs) {
        const m = row.reduce((a, b) => a + b, 0) / row.length;
        const sd = Math.sqrt(row.reduce((a, r) => a + (r - m) ** 2, 0) / row.length);
        row.forEach((r, b) => (row[b] = sd === 0 ? 0 : (r - m) / sd));
      }
      return outputs[0].map((_, b) => outputs.reduce((a, r) => a + r[b], 0) / outputs.length);
    },
  },
];

const parameters = ["outputs"];

/** Part 3 of exercise 06. */
export const ensembleRewardExercise: FunctionExercise<Inputs, number[]> = {
  name: "ensembleReward",
  exercise: "06-deep-rl-from-human-preferences",
  parameters,
  shape: (outputs) => [outputs[0].length],
  properties: [
    workedByHand,
    anyUnit,
    centred,
    leavesInputs((rng) => [[drawOutputs(rng, 2, 3)]], parameters),
  ],
  mistakes,
  hints: [
    "Two steps, and their order matters: first every network by itself, then all together.",
    "For one network take the mean $m$ and the standard deviation $s=\\sqrt{\\frac1n\\sum_b (r_b-m)^2}$ of its outputs, and turn each output into $(r_b-m)/s$.",
    "Add $(r_b-m)/s$, divided by the number of networks, to a fresh list of zeros. Skip a network with $s = 0$.",
  ],
};
