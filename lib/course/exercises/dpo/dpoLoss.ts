/** Exercise 11, part 2: DPO's loss. */
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each, leavesInputs } from "../../judge";
import { drawPairs, pairParameters, type Pairs } from "./draws";

const ln = Math.log;

const workedByHand = byHand<Pairs, number>("agrees with pairs worked out by hand", [
  {
    inputs: [[-2], [-5], [-3], [-4], ln(3) / 2],
    answer: ln(4 / 3),
    because: "0.287682: the margin is (−2 − −3) − (−5 − −4) = 2, and σ(2·½ ln 3) = ¾",
  },
  {
    inputs: [[-2, -6], [-5, -3], [-3, -5], [-4, -4], ln(3) / 2],
    answer: (ln(4 / 3) + ln(4)) / 2,
    because: "0.836988: the mean of −ln ¾ (margin 2) and −ln ¼ (margin −2)",
  },
]);

const startsAtLn2 = each<Pairs, number>(
  "is ln 2 when the policy is the reference",
  (rng) => drawPairs(rng).map(([w, l, , , beta]): Pairs => [w, l, w, l, beta]),
  (value) => (close(value, Math.LN2) ? undefined : "ln 2 = 0.693147, whatever β is"),
);

const onlyTheMargin = compared<Pairs, number>(
  "looks at the margin alone: 3 nats more for both replies of the policy change nothing",
  (rng) =>
    drawPairs(rng).map(([w, l, rw, rl, beta]): [Pairs, Pairs] => [
      [w, l, rw, rl, beta],
      [w.map((x) => x + 3), l.map((x) => x + 3), rw, rl, beta],
    ]),
  (changed, original) => (close(changed, original) ? undefined : describe(original)),
);

const farOff = byHand<Pairs, number>("stays finite for margins without measure", [
  {
    inputs: [[-2000], [-1], [-1], [-2000], 1],
    answer: 3998,
    because: "3998: the margin is −3998, and −log σ(−3998) = 3998, a great but finite loss",
  },
]);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "forgetsTheReference",
    looksLike: "the reference is left out: then nothing holds the policy, and the first loss is not ln 2.",
    implementation: (w: number[], l: number[], _rw: number[], _rl: number[], beta: number) =>
      w.reduce((sum, x, i) => {
        const z = beta * (x - l[i]);
        return sum + Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      }, 0) / w.length,
  },
  {
    name: "turnsTheSign",
    looksLike: "the rejected reply is made more likely: the margin has the wrong sign.",
    implementation: (w: number[], l: number[], rw: number[], rl: number[], beta: number) =>
      w.reduce((sum, x, i) => {
        const z = -beta * (x - rw[i] - (l[i] - rl[i]));
        return sum + Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      }, 0) / w.length,
  },
  {
    name: "forgetsBeta",
    looksLike: "β is left out.",
    implementation: (w: number[], l: number[], rw: number[], rl: number[]) =>
      w.reduce((sum, x, i) => {
        const z = x - rw[i] - (l[i] - rl[i]);
        return sum + Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      }, 0) / w.length,
  },
  {
    name: "sumsOverTheBatch",
    looksLike: "the losses are added up; their mean is asked for, so that the step does not grow with the batch.",
    implementation: (w: number[], l: number[], rw: number[], rl: number[], beta: number) =>
      w.reduce((sum, x, i) => {
        const z = beta * (x - rw[i] - (l[i] - rl[i]));
        return sum + Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      }, 0),
  },
  {
    name: "takesLogOfZero",
    looksLike: "the logarithm of a probability that has become 0 is taken.",
    implementation: (w: number[], l: number[], rw: number[], rl: number[], beta: number) =>
      w.reduce((sum, x, i) => {
        const z = beta * (x - rw[i] - (l[i] - rl[i]));
        return sum - Math.log(1 / (1 + Math.exp(-z)));
      }, 0) / w.length,
  },
];

/** Part 2 of exercise 11. */
export const dpoLossExercise: FunctionExercise<Pairs, number> = {
  name: "dpoLoss",
  exercise: "11-dpo",
  parameters: pairParameters,
  shape: () => [],
  properties: [
    workedByHand,
    startsAtLn2,
    onlyTheMargin,
    farOff,
    leavesInputs(drawPairs, pairParameters),
  ],
  mistakes,
  hints: [
    "Begin with one pair. How much more likely has the policy made the chosen reply than the reference finds it, in nats? And the rejected one? The margin $h$ is the difference of the two.",
    "The loss of a pair is $-\\log\\sigma(\\beta h)$; the answer is the mean over the pairs.",
    "$-\\log\\sigma(z)=\\max(-z,0)+\\log(1+e^{-|z|})$ never overflows; `Math.log1p` for the second part.",
  ],
};
