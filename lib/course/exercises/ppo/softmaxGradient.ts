/** Exercise 05, part 1: the gradient of a bandit's expected reward. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { allClose, byHand, compared, describe, each } from "../../judge";
import { drawNumbers } from "./draws";

type Inputs = [preferences: number[], rewards: number[]];

const drawInputs = (rng: Rng): Inputs[] =>
  [2, 3, 5].map((n) => [drawNumbers(rng, n), drawNumbers(rng, n, 2)]);

const workedByHand = byHand<Inputs, number[]>("agrees with bandits worked out by hand", [
  {
    inputs: [[0, 0], [1, 0]], // prettier-ignore
    answer: [0.25, -0.25],
    because: "[0.25, −0.25]: both arms have probability ½ and J = ½, so ½·(1 − ½) and ½·(0 − ½)",
  },
  {
    inputs: [[Math.LN2, 0], [3, 0]], // prettier-ignore
    answer: [2 / 3, -2 / 3],
    because: "[0.667, −0.667]: probabilities ⅔ and ⅓, J = 2; ⅔·(3 − 2) and ⅓·(0 − 2)",
  },
]);

const sumsToZero = each<Inputs, number[]>(
  "sums to 0: what one arm gains in probability the others lose",
  drawInputs,
  (value) =>
    allClose(value.reduce((a, b) => a + b, 0), 0) // prettier-ignore
      ? undefined
      : "entries that sum to 0",
);

const baselineFree = compared<Inputs, number[]>(
  "does not change when every arm pays 10 more",
  (rng) =>
    drawInputs(rng).map(([z, r]): [Inputs, Inputs] => [
      [z, r],
      [z, r.map((x) => x + 10)],
    ]),
  (changed, original) =>
    allClose(changed, original) ? undefined : `${describe(original)}, as with 10 less for each`,
);

const huge = byHand<Inputs, number[]>("stays finite for huge preferences", [
  {
    inputs: [[900, 900, -900], [1, 0, 5]], // prettier-ignore
    answer: [0.25, -0.25, 0],
    because: "[0.25, −0.25, 0]: two arms with probability ½, and one that is never pulled",
  },
]);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "forgetsTheBaseline",
    looksLike: "each arm is credited with what it pays, not with what it pays more than J.",
    implementation: (preferences: number[], rewards: number[]) => {
      const top = Math.max(...preferences);
      const weights = preferences.map((z) => Math.exp(z - top));
      const total = weights.reduce((a, b) => a + b, 0);
      return weights.map((w, a) => (w / total) * rewards[a]);
    },
  },
  {
    name: "forgetsTheProbability",
    looksLike: "arms count alike, however rarely they are pulled.",
    implementation: (preferences: number[], rewards: number[]) => {
      const top = Math.max(...preferences);
      const weights = preferences.map((z) => Math.exp(z - top));
      const total = weights.reduce((a, b) => a + b, 0);
      const J = weights.reduce((sum, w, a) => sum + (w / total) * rewards[a], 0);
      return rewards.map((r) => r - J);
    },
  },
  {
    name: "takesThePlainMean",
    looksLike: "the baseline is the plain mean of the rewards, not the policy's.",
    implementation: (preferences: number[], rewards: number[]) => {
      const top = Math.max(...preferences);
      const weights = preferences.map((z) => Math.exp(z - top));
      const total = weights.reduce((a, b) => a + b, 0);
      const usual = rewards.reduce((a, b) => a + b, 0) / rewards.length;
      return weights.map((w, a) => (w / total) * (rewards[a] - usual));
    },
  },
  {
    name: "turnsTheSign",
    looksLike: "the sign is turned: this is the way down.",
    implementation: (preferences: number[], rewards: number[]) => {
      const top = Math.max(...preferences);
      const weights = preferences.map((z) => Math.exp(z - top));
      const total = weights.reduce((a, b) => a + b, 0);
      const J = weights.reduce((sum, w, a) => sum + (w / total) * rewards[a], 0);
      return weights.map((w, a) => (w / total) * (J - rewards[a]));
    },
  },
  {
    name: "overflows",
    looksLike: "exp of a large preference is infinite; take off the largest first.",
    implementation: (preferences: number[], rewards: number[]) => {
      const weights = preferences.map((z) => Math.exp(z));
      const total = weights.reduce((a, b) => a + b, 0);
      const J = weights.reduce((sum, w, a) => sum + (w / total) * rewards[a], 0);
      return weights.map((w, a) => (w / total) * (rewards[a] - J));
    },
  },
];

/** Part 1 of exercise 05. */
export const softmaxGradientExercise: FunctionExercise<Inputs, number[]> = {
  name: "softmaxGradient",
  exercise: "05-policy-gradients-and-ppo",
  parameters: ["preferences", "rewards"],
  shape: (preferences) => [preferences.length],
  properties: [workedByHand, sumsToZero, baselineFree, huge],
  mistakes,
  hints: [
    "First the probabilities $\\pi_a$, then the reward $J$ that they earn on average, then one line.",
    "An arm's preference should rise if it pays more than $J$, in proportion to how often it is pulled.",
    "$\\partial J/\\partial z_a = \\pi_a\\,(r_a - J)$ with $\\pi_a = e^{z_a - m}/\\sum_j e^{z_j - m}$ and $m$ the largest preference.",
  ],
};
