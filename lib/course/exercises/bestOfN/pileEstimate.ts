/** Exercise 10, part 2: best-of-n from one pile of samples. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each, leavesInputs } from "../../judge";

/** Scores of N samples, all different, their values, and n ≤ N. */
type Inputs = [scores: number[], values: number[], n: number];

const parameters = ["scores", "values", "n"];

/** Piles of 3, 5 and 8 samples with different scores. */
function drawInputs(rng: Rng): Inputs[] {
  return [3, 5, 8].map((size): Inputs => [
    rng.permutation(size).map((rank) => rank / 2 - 1),
    Array.from({ length: size }, () => rng.integer(20) - 5),
    2 + rng.integer(size - 2),
  ]);
}

const workedByHand = byHand<Inputs, number>("agrees with piles worked out by hand", [
  {
    inputs: [[1, 2, 3], [10, 20, 60], 2], // prettier-ignore
    answer: 140 / 3,
    because: "46.6667: of the three pairs one has 20 as its best and two have 60",
  },
  {
    inputs: [[0.4, 0.9, 0.1, 0.2], [8, 4, 100, 12], 3], // prettier-ignore
    answer: 5,
    because: "5: of the four triples three have the best sample (value 4) and one has the second (value 8)",
  },
]);

const oneOfPile = each<Inputs, number>(
  "is the mean of all values for n = 1",
  (rng) => drawInputs(rng).map(([s, v]): Inputs => [s, v, 1]),
  (value, [, v]) => {
    const mean = v.reduce((a, b) => a + b, 0) / v.length;
    return close(value, mean) ? undefined : describe(mean);
  },
);

const wholePile = each<Inputs, number>(
  "is the best sample's value for n = N",
  (rng) => drawInputs(rng).map(([s, v]): Inputs => [s, v, s.length]),
  (value, [s, v]) => {
    const best = v[s.indexOf(Math.max(...s))];
    return close(value, best) ? undefined : describe(best);
  },
);

const anyOrder = compared<Inputs, number>(
  "does not care in which order the samples lie",
  (rng) =>
    drawInputs(rng).map(([s, v, n]): [Inputs, Inputs] => [
      [s, v, n],
      [s.slice().reverse(), v.slice().reverse(), n],
    ]),
  (changed, original) => (close(changed, original) ? undefined : describe(original)),
);

const largePile = each<Inputs, number>(
  "stays exact for a thousand samples",
  (rng) => {
    const scores = rng.permutation(1000).map((rank) => rank + 0.5);
    return [[scores, scores.map((s) => s), 500]];
  },
  (value) => {
    // values are rank + ½, so the answer is 500·1001/501 − ½
    const exact = (500 * 1001) / 501 - 0.5;
    return close(value, exact)
      ? undefined
      : `${describe(exact)}: binomial coefficients of a thousand overflow, their ratio does not`;
  },
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "takesTheBestOfAll",
    looksLike: "the best sample of the whole pile is taken, whatever n is.",
    implementation: (s: number[], v: number[]) => v[s.indexOf(Math.max(...s))],
  },
  {
    name: "drawsWithReplacement",
    looksLike: "the n are drawn with replacement, F(r)ⁿ; here they are n *different* samples of the pile.",
    implementation: (s: number[], v: number[], n: number) => {
      const order = s.map((_, i) => i).sort((a, b) => s[a] - s[b]);
      const N = s.length;
      return order.reduce(
        (sum, i, k) => sum + v[i] * (((k + 1) / N) ** n - (k / N) ** n),
        0,
      );
    },
  },
  {
    name: "keepsTheWorst",
    looksLike: "the samples are sorted the wrong way: this is the worst of n.",
    implementation: (s: number[], v: number[], n: number) => {
      const order = s.map((_, i) => i).sort((a, b) => s[b] - s[a]);
      let total = 0;
      let chance = n / s.length;
      for (let i = s.length; i >= 1; i--) {
        total += chance * v[order[i - 1]];
        if (i > 1) chance *= Math.max(0, i - n) / (i - 1);
      }
      return total;
    },
  },
  {
    name: "averagesTheScores",
    looksLike: "scores are averaged in the place of values: that is what the proxy promises, not what one gets.",
    implementation: (s: number[], _v: number[], n: number) => {
      const sorted = s.slice().sort((a, b) => a - b);
      let total = 0;
      let chance = n / s.length;
      for (let i = s.length; i >= 1; i--) {
        total += chance * sorted[i - 1];
        if (i > 1) chance *= Math.max(0, i - n) / (i - 1);
      }
      return total;
    },
  },
  {
    name: "meansOfTheTop",
    looksLike: "the n best are averaged.",
    implementation: (s: number[], v: number[], n: number) => {
      const order = s.map((_, i) => i).sort((a, b) => s[b] - s[a]);
      return order.slice(0, n).reduce((sum, i) => sum + v[i], 0) / n;
    },
  },
];

/** Part 2 of exercise 10. */
export const pileEstimateExercise: FunctionExercise<Inputs, number> = {
  name: "pileEstimate",
  exercise: "10-best-of-n",
  parameters,
  shape: () => [],
  properties: [
    workedByHand,
    oneOfPile,
    wholePile,
    anyOrder,
    largePile,
    leavesInputs(drawInputs, parameters),
  ],
  mistakes,
  hints: [
    "Imagine all subsets of $n$ samples. In how many of them is a given sample the best? Sort by score first.",
    "The $i$-th from below (counted from 1) is the best of a subset if the other $n-1$ come from the $i-1$ below it: $\\binom{i-1}{n-1}$ of $\\binom Nn$ subsets.",
    "For the last, $i=N$, the chance is $n/N$. Going down, that of $i-1$ is that of $i$ times $(i-n)/(i-1)$, and never below 0.",
  ],
};
