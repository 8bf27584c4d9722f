/** Exercise 08, part 2: InstructGPT's loss of a ranking. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each, leavesInputs } from "../../judge";
import { drawRewards } from "./draws";

/** Rewards of K replies to one prompt, the best-liked first. */
type Inputs = [ranked: number[]];

const parameters = ["ranked"];

/** Rankings of two, three and five replies. */
function drawInputs(rng: Rng): Inputs[] {
  return [2, 3, 5].map((K): Inputs => [drawRewards(rng, K)]);
}

const ln = Math.log;

const workedByHand = byHand<Inputs, number>("agrees with rankings worked out by hand", [
  {
    inputs: [[ln(3), 0]],
    answer: ln(4 / 3),
    because: "0.287682: two replies are one pair, −ln σ(ln 3) = −ln ¾",
  },
  {
    inputs: [[ln(3), 0, ln(3)]],
    answer: (ln(4 / 3) + ln(2) + ln(4)) / 3,
    because: "0.789040: the mean over three pairs, −ln ¾, −ln ½ and −ln ¼",
  },
]);

const startsAtLn2 = each<Inputs, number>(
  "is ln 2 when all replies have the same reward, however many there are",
  () => [[[1, 1]], [[0, 0, 0]], [[2, 2, 2, 2, 2]]],
  (value) => (close(value, Math.LN2) ? undefined : "ln 2 = 0.693147"),
);

const anyZero = compared<Inputs, number>(
  "does not care where the reward's zero is",
  (rng) =>
    drawInputs(rng).map(([ranked]): [Inputs, Inputs] => [[ranked], [ranked.map((r) => r - 3)]]),
  (changed, original) => (close(changed, original) ? undefined : describe(original)),
);

const farOff = byHand<Inputs, number>("stays finite for differences without measure", [
  { inputs: [[-1000, 1000]], answer: 2000, because: "2000: −log σ(−2000) = 2000" },
]);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "takesNeighboursOnly",
    looksLike: "only neighbours in the ranking are compared; every earlier reply beats every later one.",
    implementation: (ranked: number[]) => {
      let total = 0;
      for (let i = 0; i + 1 < ranked.length; i++) {
        const d = ranked[i] - ranked[i + 1];
        total += Math.max(-d, 0) + Math.log1p(Math.exp(-Math.abs(d)));
      }
      return total / (ranked.length - 1);
    },
  },
  {
    name: "sumsThePairs",
    looksLike: "the pairs are added up; their mean is asked for, so that long rankings do not count for more.",
    implementation: (ranked: number[]) => {
      let total = 0;
      for (let i = 0; i < ranked.length; i++)
        for (let j = i + 1; j < ranked.length; j++) {
          const d = ranked[i] - ranked[j];
          total += Math.max(-d, 0) + Math.log1p(Math.exp(-Math.abs(d)));
        }
      return total;
    },
  },
  {
    name: "dividesByK",
    looksLike: "the sum is divided by the number of replies and not of pairs.",
    implementation: (ranked: number[]) => {
      let total = 0;
      for (let i = 0; i < ranked.length; i++)
        for (let j = i + 1; j < ranked.length; j++) {
          const d = ranked[i] - ranked[j];
          total += Math.max(-d, 0) + Math.log1p(Math.exp(-Math.abs(d)));
        }
      return total / ranked.length;
    },
  },
  {
    name: "turnsTheRanking",
    looksLike: "the last reply is taken for the best.",
    implementation: (ranked: number[]) => {
      let total = 0;
      let pairs = 0;
      for (let i = 0; i < ranked.length; i++)
        for (let j = i + 1; j < ranked.length; j++) {
          const d = ranked[j] - ranked[i];
          total += Math.max(-d, 0) + Math.log1p(Math.exp(-Math.abs(d)));
          pairs += 1;
        }
      return total / pairs;
    },
  },
];

/** Part 2 of exercise 08. */
export const rankingLossExercise: FunctionExercise<Inputs, number> = {
  name: "rankingLoss",
  exercise: "08-reward-models",
  parameters,
  shape: () => [],
  properties: [workedByHand, startsAtLn2, anyZero, farOff, leavesInputs(drawInputs, parameters)],
  mistakes,
  hints: [
    "How many pairs does a ranking of $K$ replies hold? In each of them you know who was preferred: the one that stands earlier.",
    "The answer is the mean of $-\\log\\sigma(r_i-r_j)$ over all pairs with $i<j$; there are $K(K-1)/2$.",
    "Two loops, `for i` and `for j = i + 1`; add up $\\max(-d,0)+\\log(1+e^{-|d|})$ with $d=r_i-r_j$, count the pairs, divide.",
  ],
};
