/** Exercise 03, part 2: the gradient of the log-likelihood. */
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, describe, each, leavesInputs } from "../../judge";
import { drawTables, tableLogLikelihood, winProbability, type Table } from "./tables";

const parameters = ["wins", "theta"];

const workedByHand = byHand<Table, number[]>("agrees with tables worked out by hand", [
  {
    // prettier-ignore
    inputs: [[[0, 1], [0, 0]], [0, 0]],
    answer: [0.5, -0.5],
    because:
      "[0.5, −0.5]: one win where half a win was expected, one loss where half a win was expected",
  },
  {
    // prettier-ignore
    inputs: [[[0, 2], [4, 0]], [Math.log(3), 0]],
    answer: [-2.5, 2.5],
    because: "[−2.5, 2.5]: with odds of 3 : 1 the first should win 4.5 of the 6 battles, and won 2",
  },
]);

const sumsToZero = each<Table, number[]>(
  "sums to zero: what one gains the other loses",
  (rng) => drawTables(rng, [3, 4]),
  (value) => {
    const sum = value.reduce((total, entry) => total + entry, 0);
    return close(sum, 0) ? undefined : `entries that sum to 0; these sum to ${describe(sum)}`;
  },
);

const step = 1e-5;
const slopeTolerance = 1e-5; // a central difference with this step is good to about 1e-8 here

const isTheSlope = each<Table, number[]>(
  "is the slope of the log-likelihood, measured by moving one strength a little",
  (rng) => drawTables(rng, [2, 3, 4]),
  (value, [wins, theta]) => {
    for (const [i, slope] of value.entries()) {
      const moved = (by: number) =>
        theta.map((strength, k) => (k === i ? strength + by : strength));
      const rise = tableLogLikelihood(wins, moved(step)) - tableLogLikelihood(wins, moved(-step));
      const measured = rise / (2 * step);
      if (close(slope, measured, slopeTolerance)) continue;
      return `entry ${i} near ${describe(measured)}, the slope measured there`;
    }
    return undefined;
  },
);

const vanishesAtTheMaximum = each<Table, number[]>(
  "is zero where every pair won as often as the strengths predict",
  () => [
    // prettier-ignore
    [[[0, 3], [1, 0]], [Math.log(3), 0]],
    // prettier-ignore
    [[[0, 4, 6], [2, 0, 3], [3, 3, 0]], [Math.log(2), 0, 0]],
  ],
  (value) =>
    value.every((entry) => close(entry, 0)) ? undefined : "zeros: no strength wants to move",
);

/** Each needs nothing but the notebook's `winProbability`: its text is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "turnsTheSign",
    looksLike: "the sign is turned: this is the gradient of the loss.",
    implementation: (wins: number[][], theta: number[]) =>
      wins.map((row, i) =>
        row.reduce(
          (sum, won, j) => sum + (won + wins[j][i]) * winProbability(theta[i], theta[j]) - won,
          0,
        ),
      ),
  },
  {
    name: "forgetsLostBattles",
    looksLike: "battles that i lost are left out: they pull its strength down.",
    implementation: (wins: number[][], theta: number[]) =>
      wins.map((row, i) =>
        row.reduce((sum, won, j) => sum + won * winProbability(theta[j], theta[i]), 0),
      ),
  },
  {
    name: "predictsTheOpponent",
    looksLike: "the expected wins are those of the opponent: the two strengths are exchanged.",
    implementation: (wins: number[][], theta: number[]) =>
      wins.map((row, i) =>
        row.reduce(
          (sum, won, j) => sum + won - (won + wins[j][i]) * winProbability(theta[j], theta[i]),
          0,
        ),
      ),
  },
  {
    name: "meansOverBattles",
    looksLike: "each entry is divided by the number of i's battles: a mean instead of a sum.",
    implementation: (wins: number[][], theta: number[]) =>
      wins.map((row, i) => {
        let sum = 0;
        let battles = 0;
        for (let j = 0; j < row.length; j++) {
          const n = row[j] + wins[j][i];
          sum += row[j] - n * winProbability(theta[i], theta[j]);
          battles += n;
        }
        return sum / battles;
      }),
  },
  {
    name: "takesTheStep",
    looksLike: "the step is already taken: the strengths after it are returned, not the gradient.",
    implementation: (wins: number[][], theta: number[]) =>
      wins.map((row, i) =>
        row.reduce(
          (sum, won, j) => sum + won - (won + wins[j][i]) * winProbability(theta[i], theta[j]),
          theta[i],
        ),
      ),
  },
  {
    name: "clearsTheta",
    looksLike: "theta itself is changed on the way.",
    implementation: (wins: number[][], theta: number[]) => {
      const gradient = wins.map((row, i) =>
        row.reduce(
          (sum, won, j) => sum + won - (won + wins[j][i]) * winProbability(theta[i], theta[j]),
          0,
        ),
      );
      for (let i = 0; i < theta.length; i++) theta[i] += gradient[i];
      return gradient;
    },
  },
];

/** Part 2 of exercise 03. */
export const gradientExercise: FunctionExercise<Table, number[]> = {
  name: "logLikelihoodGradient",
  exercise: "03-bradley-terry",
  parameters,
  shape: (_, theta) => [theta.length],
  properties: [
    workedByHand,
    sumsToZero,
    isTheSlope,
    vanishesAtTheMaximum,
    leavesInputs((rng) => drawTables(rng, [3]), parameters),
  ],
  mistakes,
  hints: [
    "Entry $i$ compares two numbers: how often $i$ won, and how often the model expected it to win. Where they agree, the slope is 0.",
    "Against $j$, item $i$ played `wins[i][j] + wins[j][i]` battles and won `wins[i][j]` of them. The model expects it to win each with probability `winProbability(theta[i], theta[j])`.",
    "$\\dfrac{d}{d\\theta}\\log\\sigma(\\theta) = 1 - \\sigma(\\theta)$, so a win adds $1 - p$ and a loss $-p$ to entry $i$, with $p$ the probability that $i$ wins. Sum over all $j$, and write the result into a new list.",
  ],
};
