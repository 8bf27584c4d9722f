/** Exercise 03, part 1: the log-likelihood of a win table. */
import type { FunctionExercise, Mistake, Property } from "../../exercise";
import { byHand, close, compared, describe, each } from "../../judge";
import { drawTables, reorder, winProbability, type Table } from "./tables";

const workedByHand = byHand<Table, number>("agrees with tables worked out by hand", [
  {
    // prettier-ignore
    inputs: [[[0, 1], [0, 0]], [0, 0]],
    answer: Math.log(1 / 2),
    because: "one battle between equals: either result has probability ½, so ln ½ = −0.693147",
  },
  {
    // prettier-ignore
    inputs: [[[0, 0], [3, 0]], [1, 0]],
    answer: 3 * Math.log(1 / (1 + Math.E)),
    because:
      "the weaker one, behind by 1, wins with probability 0.268941 and did so three times: 3 ln 0.268941 = −3.939785",
  },
]);

const anyOrder = compared<Table, number>(
  "does not depend on the order in which the items are listed",
  (rng) =>
    drawTables(rng, [3, 4]).map(([wins, theta]): [Table, Table] => {
      const order = wins.map((_, i) => wins.length - 1 - i);
      return [
        [wins, theta],
        [reorder(wins, order), order.map((i) => theta[i])],
      ];
    }),
  (changed, original) =>
    close(changed, original)
      ? undefined
      : `${describe(original)}, as for the same battles with the items listed the other way round`,
);

const everyBattle = compared<Table, number>(
  "adds up over battles: every result twice gives twice the log-likelihood",
  (rng) =>
    drawTables(rng, [2, 3]).map(([wins, theta]): [Table, Table] => [
      [wins, theta],
      [wins.map((row) => row.map((count) => 2 * count)), theta],
    ]),
  (changed, original) =>
    close(changed, 2 * original)
      ? undefined
      : `twice the ${describe(original)} of the table with half these counts`,
);

const onlyDifferences = compared<Table, number>(
  "knows only differences of strengths: 5 more for everybody changes nothing",
  (rng) =>
    drawTables(rng, [2, 3]).map(([wins, theta]): [Table, Table] => [
      [wins, theta],
      [wins, theta.map((strength) => strength + 5)],
    ]),
  (changed, original) =>
    close(changed, original)
      ? undefined
      : `still ${describe(original)}, as with 5 less for everybody`,
);

const farApart: Property<Table, number> = each(
  "stays finite for strengths far apart",
  () => [
    // prettier-ignore
    [[[0, 1], [1, 0]], [800, 0]],
    // prettier-ignore
    [[[0, 0, 2], [0, 0, 0], [0, 0, 0]], [-750, 0, 10]],
  ],
  (value, [, theta]) => {
    const known = theta.length === 2 ? -800 : -1520;
    return close(value, known) ? undefined : `${known}: a great surprise, but a finite one`;
  },
);

/** Each needs nothing but the notebook's `winProbability`: its text is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "readsHalfTheTable",
    looksLike:
      "only half of the table is read: battles won by the item listed later are not counted.",
    implementation: (wins: number[][], theta: number[]) => {
      let total = 0;
      for (let i = 0; i < wins.length; i++) {
        for (let j = i + 1; j < wins.length; j++) {
          const d = theta[i] - theta[j];
          total += wins[i][j] * (Math.min(d, 0) - Math.log1p(Math.exp(-Math.abs(d))));
        }
      }
      return total;
    },
  },
  {
    name: "meansOverBattles",
    looksLike:
      "the sum is divided by the number of battles: that is a mean, not the log-likelihood.",
    implementation: (wins: number[][], theta: number[]) => {
      let total = 0;
      let battles = 0;
      for (let i = 0; i < wins.length; i++) {
        for (let j = 0; j < wins.length; j++) {
          const d = theta[i] - theta[j];
          total += wins[i][j] * (Math.min(d, 0) - Math.log1p(Math.exp(-Math.abs(d))));
          battles += wins[i][j];
        }
      }
      return total / battles;
    },
  },
  {
    name: "forgetsTheLogarithm",
    looksLike: "probabilities are added, not their logarithms.",
    implementation: (wins: number[][], theta: number[]) => {
      let total = 0;
      wins.forEach((row, i) =>
        row.forEach((count, j) => (total += count * winProbability(theta[i], theta[j]))),
      );
      return total;
    },
  },
  {
    name: "returnsTheLoss",
    looksLike:
      "the sign is turned: this is the loss one minimises; the log-likelihood is never above 0.",
    implementation: (wins: number[][], theta: number[]) => {
      let loss = 0;
      for (let i = 0; i < wins.length; i++) {
        for (let j = 0; j < wins.length; j++) {
          const d = theta[j] - theta[i];
          loss += wins[i][j] * (Math.max(d, 0) + Math.log1p(Math.exp(-Math.abs(d))));
        }
      }
      return loss;
    },
  },
  {
    name: "takesLogOfZero",
    looksLike: "the logarithm of a probability that has become 0 is taken.",
    implementation: (wins: number[][], theta: number[]) => {
      let total = 0;
      for (let i = 0; i < wins.length; i++) {
        for (let j = 0; j < wins.length; j++) {
          if (wins[i][j] > 0) total += wins[i][j] * Math.log(winProbability(theta[i], theta[j]));
        }
      }
      return total;
    },
  },
  {
    name: "dividesByTheSum",
    looksLike: "theta is taken for the strengths themselves; it holds their logarithms.",
    implementation: (wins: number[][], theta: number[]) => {
      let total = 0;
      for (let i = 0; i < wins.length; i++) {
        for (let j = 0; j < wins.length; j++) {
          if (wins[i][j] > 0) total += wins[i][j] * Math.log(theta[i] / (theta[i] + theta[j]));
        }
      }
      return total;
    },
  },
];

/** Part 1 of exercise 03. */
export const logLikelihoodExercise: FunctionExercise<Table, number> = {
  name: "logLikelihood",
  exercise: "03-bradley-terry",
  parameters: ["wins", "theta"],
  shape: () => [],
  properties: [workedByHand, anyOrder, everyBattle, onlyDifferences, farApart],
  mistakes,
  hints: [
    "The probability of the whole table is a product over battles, so its logarithm is a sum. Look at one ordered pair $(i, j)$: $i$ won `wins[i][j]` battles against $j$. What does one of them add?",
    "One battle won by $i$ adds $\\log\\sigma(\\theta_i - \\theta_j)$. Two nested loops over all $i$ and all $j$, both directions, add `wins[i][j]` times that.",
    "Far below 0, $\\sigma(d)$ is 0 in floating point, and its logarithm $-\\infty$. The same number without that trap: $\\log\\sigma(d) = \\min(d, 0) - \\log(1 + e^{-|d|})$, with `Math.log1p` for the last part.",
  ],
};
