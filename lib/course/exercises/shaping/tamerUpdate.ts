/** Exercise 04, part 4: what TAMER learns from one press. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, describe, each, leavesInputs } from "../../judge";

/** Weights [A][F], and for K steps features [K][F], actions [K], credits [K]; the press, and α. */
type Inputs = [
  weights: number[][],
  features: number[][],
  actions: number[],
  credits: number[],
  press: number,
  alpha: number,
];

const parameters = ["weights", "features", "actions", "credits", "press", "alpha"];
const tenth = (x: number) => Math.round(10 * x) / 10;

/** Two actions, three features, `steps` steps in the window. */
function drawInputs(rng: Rng, count: number, steps: number): Inputs[] {
  const row = () => Array.from({ length: 3 }, () => tenth(rng.normal()));
  return Array.from({ length: count }, () => {
    const credits = Array.from({ length: steps }, (_, k) => [0.5, 0.3, 0.2][k]);
    const actions = Array.from({ length: steps }, () => rng.integer(2));
    const features = Array.from({ length: steps }, row);
    return [[row(), row()], features, actions, credits, rng.bernoulli(0.5) ? 1 : -1, 0.4];
  });
}

/** ½ Σ c·(h − w·φ)², for judges: finite differences. */
function loss(weights: number[][], [, features, actions, credits, press]: Inputs): number {
  return features.reduce((sum, phi, k) => {
    const guess = phi.reduce((total, x, i) => total + x * weights[actions[k]][i], 0);
    return sum + 0.5 * credits[k] * (press - guess) ** 2;
  }, 0);
}

const workedByHand = byHand<Inputs, number[][]>("agrees with presses worked out by hand", [
  {
    // prettier-ignore
    inputs: [[[0, 0], [0, 0]], [[1, 2]], [0], [1], 1, 0.5],
    // prettier-ignore
    answer: [[0.5, 1], [0, 0]],
    because: "[[0.5, 1], [0, 0]]: nothing was expected, so half of (1 − 0) times the features",
  },
  {
    // prettier-ignore
    inputs: [[[0.5, 0], [0, 1]], [[1, 0], [0, 2]], [0, 1], [0.6, 0.4], -1, 1],
    // prettier-ignore
    answer: [[-0.4, 0], [0, -1.4]],
    because:
      "[[−0.4, 0], [0, −1.4]]: errors −1 − 0.5 and −1 − 2, times credits 0.6 and 0.4, times the features",
  },
]);

const isTheSlope = each<Inputs, number[][]>(
  "steps α times down the slope of ½ Σ c·(h − Ĥ)², measured by moving one weight a little",
  (rng) => [...drawInputs(rng, 2, 1), ...drawInputs(rng, 2, 3)],
  (value, inputs) => {
    const [weights, , , , , alpha] = inputs;
    for (const [a, row] of weights.entries()) {
      for (const [i, w] of row.entries()) {
        const moved = (by: number) =>
          weights.map((r, b) => r.map((x, j) => (b === a && j === i ? x + by : x)));
        const slope = (loss(moved(1e-5), inputs) - loss(moved(-1e-5), inputs)) / 2e-5;
        const right = w - alpha * slope;
        if (!close(value[a][i], right, 1e-5)) return `entry [${a}][${i}] near ${describe(right)}`;
      }
    }
    return undefined;
  },
);

const nothingToLearn = each<Inputs, number[][]>(
  "changes nothing when the press is what was expected",
  // prettier-ignore
  () => [[[[1, 0], [0, 2]], [[1, 5], [3, 0.5]], [0, 1], [0.5, 0.5], 1, 0.3]],
  (value, [weights]) =>
    value.every((row, a) => row.every((w, i) => close(w, weights[a][i])))
      ? undefined
      : describe(weights),
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "addsThePress",
    looksLike: "the press itself is added, as a reward would be, and not its surprise h − Ĥ.",
    implementation: (
      weights: number[][],
      features: number[][],
      actions: number[],
      credits: number[],
      press: number,
      alpha: number,
    ) => {
      const out = weights.map((row) => [...row]);
      features.forEach((phi, k) =>
        phi.forEach((x, i) => (out[actions[k]][i] += alpha * credits[k] * press * x)),
      );
      return out;
    },
  },
  {
    name: "ignoresTheCredits",
    looksLike: "every step counts in full, whatever its credit.",
    implementation: (
      weights: number[][],
      features: number[][],
      actions: number[],
      _: number[],
      press: number,
      alpha: number,
    ) => {
      const out = weights.map((row) => [...row]);
      features.forEach((phi, k) => {
        const guess = phi.reduce((sum, x, i) => sum + x * weights[actions[k]][i], 0);
        phi.forEach((x, i) => (out[actions[k]][i] += alpha * (press - guess) * x));
      });
      return out;
    },
  },
  {
    name: "teachesAllActions",
    looksLike: "the weights of all actions are moved; the press is about the one that was taken.",
    implementation: (
      weights: number[][],
      features: number[][],
      actions: number[],
      credits: number[],
      press: number,
      alpha: number,
    ) => {
      const out = weights.map((row) => [...row]);
      features.forEach((phi, k) => {
        const guess = phi.reduce((sum, x, i) => sum + x * weights[actions[k]][i], 0);
        for (const row of out)
          phi.forEach((x, i) => (row[i] += alpha * credits[k] * (press - guess) * x));
      });
      return out;
    },
  },
  {
    name: "expectsWithNewWeights",
    looksLike:
      "steps later in the list are predicted with weights that the same press has already moved.",
    implementation: (
      weights: number[][],
      features: number[][],
      actions: number[],
      credits: number[],
      press: number,
      alpha: number,
    ) => {
      const out = weights.map((row) => [...row]);
      features.forEach((phi, k) => {
        const guess = phi.reduce((sum, x, i) => sum + x * out[actions[k]][i], 0);
        phi.forEach((x, i) => (out[actions[k]][i] += alpha * credits[k] * (press - guess) * x));
      });
      return out;
    },
  },
  {
    name: "writesIntoWeights",
    looksLike: "the given weights are changed and returned; new ones were asked for.",
    implementation: (
      weights: number[][],
      features: number[][],
      actions: number[],
      credits: number[],
      press: number,
      alpha: number,
    ) => {
      const guesses = features.map((phi, k) =>
        phi.reduce((sum, x, i) => sum + x * weights[actions[k]][i], 0),
      );
      features.forEach((phi, k) =>
        phi.forEach(
          (x, i) => (weights[actions[k]][i] += alpha * credits[k] * (press - guesses[k]) * x),
        ),
      );
      return weights;
    },
  },
];

/** Part 4 of exercise 04. */
export const tamerUpdateExercise: FunctionExercise<Inputs, number[][]> = {
  name: "tamerUpdate",
  exercise: "04-shaping-and-tamer",
  parameters,
  shape: (weights) => [weights.length, weights[0].length],
  properties: [
    workedByHand,
    isTheSlope,
    nothingToLearn,
    leavesInputs((rng) => drawInputs(rng, 2, 2), parameters),
  ],
  mistakes,
  hints: [
    "For each step in the window: what did the model expect the person to say, and what did they say? The difference is what there is to learn.",
    "What was expected is $\\hat H = \\sum_i w_{a,i}\\,\\varphi_i$ with the weights of the action that was taken. The step is the difference times $\\alpha$, times the credit, times each feature.",
    "$w_{a_k} \\mathrel{+}= \\alpha\\,c_k\\,(h - \\hat H(s_k, a_k))\\,\\varphi(s_k)$ for every $k$, all $\\hat H$ with the *old* weights. Copy first: `weights.map((row) => [...row])`.",
  ],
};
