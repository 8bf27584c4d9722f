/** Exercise 03, part 3: one step of the MM algorithm. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { allClose, byHand, close, compared, describe, each, leavesInputs } from "../../judge";
import { drawTables, tableLogLikelihood } from "./tables";

/** A win matrix [n, n] and strengths [n], all above 0. */
type Inputs = [wins: number[][], strengths: number[]];

const parameters = ["wins", "strengths"];
const root2 = Math.SQRT2;
const root3 = Math.sqrt(3);

/** Random tables with strengths of geometric mean 1, in the first entry rounded to two digits. */
function drawInputs(rng: Rng, sizes: readonly number[]): Inputs[] {
  return drawTables(rng, sizes).map(([wins, theta]) => [
    wins,
    theta.map((strength) => Number(Math.exp(strength).toPrecision(2))),
  ]);
}

const workedByHand = byHand<Inputs, number[]>("agrees with tables worked out by hand", [
  {
    // prettier-ignore
    inputs: [[[0, 2], [1, 0]], [1, 1]],
    answer: [root2, 1 / root2],
    because:
      "[1.41421, 0.707107]: 2 wins over 3 battles / (1 + 1), and 1 over the same, is 4/3 and 2/3; divided by their geometric mean",
  },
  {
    // prettier-ignore
    inputs: [[[0, 1], [1, 0]], [2, 0.5]],
    answer: [1, 1],
    because: "[1, 1]: one win each, so equals, whatever the start",
  },
]);

const geometricMeanOne = each<Inputs, number[]>(
  "gives strengths of geometric mean 1",
  (rng) => drawInputs(rng, [3, 4]),
  (value) => {
    const mean = Math.exp(value.reduce((sum, p) => sum + Math.log(p), 0) / value.length);
    return close(mean, 1) ? undefined : `geometric mean 1; here it is ${describe(mean)}`;
  },
);

const neverLowers = each<Inputs, number[]>(
  "never lowers the likelihood",
  (rng) => drawInputs(rng, [2, 3, 4, 5]),
  (value, [wins, strengths]) => {
    const before = tableLogLikelihood(wins, strengths.map(Math.log));
    const after = tableLogLikelihood(wins, value.map(Math.log));
    return after >= before - 1e-9
      ? undefined
      : `a log-likelihood of at least ${describe(before)}, as before the step; after it, it is ${describe(after)}`;
  },
);

const staysAtTheMaximum = each<Inputs, number[]>(
  "stays where it is at the maximum",
  () => [
    // prettier-ignore
    [[[0, 3], [1, 0]], [root3, 1 / root3]],
    // prettier-ignore
    [[[0, 4, 4], [2, 0, 3], [2, 3, 0]], [2, 1, 1].map((p) => p / Math.cbrt(2))],
  ],
  (value, [, strengths]) => (allClose(value, strengths) ? undefined : describe(strengths)),
);

const anyScale = compared<Inputs, number[]>(
  "knows only ratios of strengths: all of them times 7 give the same result",
  (rng) =>
    drawInputs(rng, [2, 3]).map(([wins, strengths]): [Inputs, Inputs] => [
      [wins, strengths],
      [wins, strengths.map((p) => 7 * p)],
    ]),
  (changed, original) =>
    allClose(changed, original)
      ? undefined
      : `${describe(original)}, as with strengths 7 times smaller`,
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "countsOnlyWonBattles",
    looksLike: "the denominator counts only battles that i won, not all its battles against j.",
    implementation: (wins: number[][], strengths: number[]) => {
      const next = wins.map((row, i) => {
        const won = row.reduce((sum, count) => sum + count, 0);
        return won / row.reduce((sum, n, j) => sum + n / (strengths[i] + strengths[j]), 0);
      });
      const mean = Math.exp(next.reduce((sum, p) => sum + Math.log(p), 0) / next.length);
      return next.map((p) => p / mean);
    },
  },
  {
    name: "forgetsToScale",
    looksLike: "the strengths are not scaled to geometric mean 1 at the end.",
    implementation: (wins: number[][], strengths: number[]) =>
      wins.map((row, i) => {
        const won = row.reduce((sum, count) => sum + count, 0);
        const weight = row.reduce(
          (sum, n, j) => sum + (n + wins[j][i]) / (strengths[i] + strengths[j]),
          0,
        );
        return won / weight;
      }),
  },
  {
    name: "scalesToSumOne",
    looksLike: "the strengths are scaled to sum 1 instead of geometric mean 1.",
    implementation: (wins: number[][], strengths: number[]) => {
      const next = wins.map((row, i) => {
        const won = row.reduce((sum, count) => sum + count, 0);
        const weight = row.reduce(
          (sum, n, j) => sum + (n + wins[j][i]) / (strengths[i] + strengths[j]),
          0,
        );
        return won / weight;
      });
      const total = next.reduce((sum, p) => sum + p, 0);
      return next.map((p) => p / total);
    },
  },
  {
    name: "usesNewStrengthsAtOnce",
    looksLike:
      "strengths updated earlier in the same step are used at once; a step uses the old ones throughout.",
    implementation: (wins: number[][], strengths: number[]) => {
      const next = [...strengths];
      for (let i = 0; i < next.length; i++) {
        const won = wins[i].reduce((sum, count) => sum + count, 0);
        const weight = wins[i].reduce(
          (sum, n, j) => sum + (n + wins[j][i]) / (next[i] + next[j]),
          0,
        );
        next[i] = won / weight;
      }
      const mean = Math.exp(next.reduce((sum, p) => sum + Math.log(p), 0) / next.length);
      return next.map((p) => p / mean);
    },
  },
  {
    name: "countsLosses",
    looksLike: "the numerator counts losses: a column of the table where the row was meant.",
    implementation: (wins: number[][], strengths: number[]) => {
      const next = wins.map((row, i) => {
        const lost = wins.reduce((sum, other) => sum + other[i], 0);
        return (
          lost /
          row.reduce((sum, n, j) => sum + (n + wins[j][i]) / (strengths[i] + strengths[j]), 0)
        );
      });
      const mean = Math.exp(next.reduce((sum, p) => sum + Math.log(p), 0) / next.length);
      return next.map((p) => p / mean);
    },
  },
];

/** Part 3 of exercise 03. */
export const mmUpdateExercise: FunctionExercise<Inputs, number[]> = {
  name: "mmUpdate",
  exercise: "03-bradley-terry",
  parameters,
  shape: (_, strengths) => [strengths.length],
  properties: [
    workedByHand,
    geometricMeanOne,
    neverLowers,
    staysAtTheMaximum,
    anyScale,
    leavesInputs((rng) => drawInputs(rng, [3]), parameters),
  ],
  mistakes,
  hints: [
    "Do it in two passes: first the new strength of every item from the old strengths, then the scale. The old list stays as it is until the end.",
    "For item $i$ the numerator is its number of wins, the sum of its row. The denominator sums, over opponents $j$, all battles of the two, won and lost, divided by $p_i + p_j$.",
    "The geometric mean of $n$ numbers is $\\exp\\left(\\frac1n \\sum_i \\log p_i\\right)$. Divide every new strength by it.",
  ],
};
