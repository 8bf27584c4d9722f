/** Exercise 07, part 2: the loss on the tokens that count. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each, leavesInputs } from "../../judge";

/** Scores of every next token, the tokens that came, and which of them count. */
type Inputs = [logits: number[][], targets: number[], mask: number[]];

const parameters = ["logits", "targets", "mask"];

/** T rows of V scores; `counts` says which count. */
export function drawRows(rng: Rng, counts: readonly number[], vocabulary = 4): Inputs {
  const logits = counts.map(() =>
    Array.from({ length: vocabulary }, () => Math.round(20 * rng.normal()) / 10),
  );
  return [logits, counts.map(() => rng.integer(vocabulary)), [...counts]];
}

const draw = (rng: Rng): Inputs[] => [
  drawRows(rng, [1, 1, 1]),
  drawRows(rng, [0, 0, 1, 1]),
  drawRows(rng, [0, 1, 1, 0, 0]),
];
const ln = Math.log;

const workedByHand = byHand<Inputs, number>("agrees with rows worked out by hand", [
  {
    inputs: [[[0, ln(3)], [0, 0]], [1, 0], [1, 1]], // prettier-ignore
    answer: (ln(4 / 3) + ln(2)) / 2,
    because: "0.490415: the mean of −ln ¾ and −ln ½",
  },
  {
    inputs: [[[5, -5], [0, ln(3)]], [1, 0], [0, 1]], // prettier-ignore
    answer: ln(4),
    because: "1.386294: −ln ¼; the first token does not count",
  },
]);

const blank = each<Inputs, number>(
  "is the logarithm of the vocabulary's size for a model that knows nothing",
  (rng) => draw(rng).map(([l, t, m]): Inputs => [l.map((row) => row.map(() => 2)), t, m]),
  (value, [logits]) =>
    close(value, ln(logits[0].length)) ? undefined : `ln ${logits[0].length}, whatever came`,
);

const shifts = compared<Inputs, number>(
  "does not change when a number is added to all scores of a token, however large",
  (rng) =>
    draw(rng).map(([logits, targets, mask]): [Inputs, Inputs] => [
      [logits, targets, mask],
      [logits.map((row) => row.map((z) => z + 1000)), targets, mask],
    ]),
  (changed, original) => (close(changed, original) ? undefined : describe(original)),
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "dividesByTheLength",
    looksLike: "the sum is divided by all tokens; only those that count are to be counted.",
    implementation: (logits: number[][], targets: number[], mask: number[]) => {
      let total = 0;
      for (let t = 0; t < mask.length; t++) {
        const top = Math.max(...logits[t]);
        const sum = logits[t].reduce((s, z) => s + Math.exp(z - top), 0);
        total += mask[t] * (top + Math.log(sum) - logits[t][targets[t]]);
      }
      return total / mask.length;
    },
  },
  {
    name: "ignoresTheMask",
    looksLike: "all tokens count, the prompt's too.",
    implementation: (logits: number[][], targets: number[]) => {
      let total = 0;
      for (let t = 0; t < targets.length; t++) {
        const top = Math.max(...logits[t]);
        const sum = logits[t].reduce((s, z) => s + Math.exp(z - top), 0);
        total += top + Math.log(sum) - logits[t][targets[t]];
      }
      return total / targets.length;
    },
  },
  {
    name: "turnsTheSign",
    looksLike: "this is the mean log-probability; a loss is its negative.",
    implementation: (logits: number[][], targets: number[], mask: number[]) => {
      let [total, count] = [0, 0];
      for (let t = 0; t < mask.length; t++) {
        const top = Math.max(...logits[t]);
        const sum = logits[t].reduce((s, z) => s + Math.exp(z - top), 0);
        total += mask[t] * (logits[t][targets[t]] - top - Math.log(sum));
        count += mask[t];
      }
      return total / count;
    },
  },
  {
    name: "forgetsToNormalise",
    looksLike: "the score itself is taken for the log-probability; the softmax is left out.",
    implementation: (logits: number[][], targets: number[], mask: number[]) => {
      let [total, count] = [0, 0];
      for (let t = 0; t < mask.length; t++) {
        total -= mask[t] * logits[t][targets[t]];
        count += mask[t];
      }
      return total / count;
    },
  },
  {
    name: "overflows",
    looksLike: "exponentials of large scores overflow: take off the largest first.",
    implementation: (logits: number[][], targets: number[], mask: number[]) => {
      let [total, count] = [0, 0];
      for (let t = 0; t < mask.length; t++) {
        const sum = logits[t].reduce((s, z) => s + Math.exp(z), 0);
        total += mask[t] * (Math.log(sum) - logits[t][targets[t]]);
        count += mask[t];
      }
      return total / count;
    },
  },
];

/** Part 2 of exercise 07. */
export const maskedLossExercise: FunctionExercise<Inputs, number> = {
  name: "maskedLoss",
  exercise: "07-instruction-tuning",
  parameters,
  shape: () => [],
  properties: [workedByHand, blank, shifts, leavesInputs(draw, parameters)],
  mistakes,
  hints: [
    "Begin with one token: how surprised is the model? $-\\log p = \\log\\sum_u e^{z_u} - z_y$.",
    "Take the largest score off before exponentiating: $\\log\\sum_u e^{z_u} = m + \\log\\sum_u e^{z_u-m}$.",
    "Add up the surprises of the tokens with mask 1, and divide by the number of those.",
  ],
};
