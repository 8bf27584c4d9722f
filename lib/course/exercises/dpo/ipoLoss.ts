/** Exercise 11, part 3: IPO's loss. */
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each, leavesInputs } from "../../judge";
import { drawPairs, pairParameters, type Pairs } from "./draws";

const workedByHand = byHand<Pairs, number>("agrees with pairs worked out by hand", [
  {
    inputs: [[-2], [-5], [-3], [-4], 0.5],
    answer: 1,
    because: "1: the margin is 2, its target 1/(2·½) = 1, and (2 − 1)² = 1",
  },
  {
    inputs: [[-2, -6], [-5, -3], [-3, -5], [-4, -4], 0.25],
    answer: 8,
    because: "8: margins 2 and −2, target 2, so the mean of 0 and 16",
  },
]);

const startsFarOff = each<Pairs, number>(
  "is 1/(4β²) when the policy is the reference",
  (rng) => drawPairs(rng).map(([w, l, , , beta]): Pairs => [w, l, w, l, beta]),
  (value, [, , , , beta]) =>
    close(value, 1 / (4 * beta * beta))
      ? undefined
      : `${describe(1 / (4 * beta * beta))}: every margin is 0`,
);

const punishesTooMuch = compared<Pairs, number>(
  "costs as much for a margin that is too large as for one that is too small",
  (rng) =>
    drawPairs(rng, [1, 1, 1]).map(([w, l, rw, rl, beta]): [Pairs, Pairs] => {
      const target = 1 / (2 * beta);
      const h = w[0] - rw[0] - l[0] + rl[0];
      return [
        [w, l, rw, rl, beta],
        [[w[0] + 2 * (target - h)], l, rw, rl, beta],
      ];
    }),
  (changed, original) => (close(changed, original) ? undefined : describe(original)),
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "aimsAtOneOverBeta",
    looksLike: "the target is taken to be 1/β; it is half of that.",
    implementation: (w: number[], l: number[], rw: number[], rl: number[], beta: number) =>
      w.reduce((s, x, i) => s + (x - rw[i] - l[i] + rl[i] - 1 / beta) ** 2, 0) / w.length,
  },
  {
    name: "scalesTheMargin",
    looksLike: "the margin is multiplied by β as in DPO; here β stands in the target only.",
    implementation: (w: number[], l: number[], rw: number[], rl: number[], beta: number) =>
      w.reduce((s, x, i) => s + (beta * (x - rw[i] - l[i] + rl[i]) - 1 / (2 * beta)) ** 2, 0) / w.length, // prettier-ignore
  },
  {
    name: "stopsAtTheTarget",
    looksLike: "a margin beyond its target costs nothing: that is a hinge. IPO pulls it back.",
    implementation: (w: number[], l: number[], rw: number[], rl: number[], beta: number) =>
      w.reduce((s, x, i) => s + Math.max(0, 1 / (2 * beta) - (x - rw[i] - l[i] + rl[i])) ** 2, 0) / w.length, // prettier-ignore
  },
  {
    name: "forgetsTheReference",
    looksLike: "the reference is left out.",
    implementation: (w: number[], l: number[], _rw: number[], _rl: number[], beta: number) =>
      w.reduce((s, x, i) => s + (x - l[i] - 1 / (2 * beta)) ** 2, 0) / w.length,
  },
  {
    name: "turnsTheSign",
    looksLike: "the margin has the wrong sign: the rejected reply is drawn up.",
    implementation: (w: number[], l: number[], rw: number[], rl: number[], beta: number) =>
      w.reduce((s, x, i) => s + (l[i] - rl[i] - x + rw[i] - 1 / (2 * beta)) ** 2, 0) / w.length,
  },
];

/** Part 3 of exercise 11. */
export const ipoLossExercise: FunctionExercise<Pairs, number> = {
  name: "ipoLoss",
  exercise: "11-dpo",
  parameters: pairParameters,
  shape: () => [],
  properties: [
    workedByHand,
    startsFarOff,
    punishesTooMuch,
    leavesInputs(drawPairs, pairParameters),
  ],
  mistakes,
  hints: [
    "The margin $h$ is the one of DPO. Only what is done with it differs.",
    "IPO wants every margin to be the same number, $1/(2\\beta)$, neither less nor more.",
    "The mean over the pairs of $(h-\\frac{1}{2\\beta})^2$.",
  ],
};
