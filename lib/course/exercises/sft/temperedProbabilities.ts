/** Exercise 07, part 4: temperature. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, describe, each, leavesInputs } from "../../judge";

/** Scores of the tokens, and T > 0. */
type Inputs = [logits: number[], temperature: number];

const parameters = ["logits", "temperature"];

/** V different scores. */
export function drawScores(rng: Rng, temperature: number, size = 4): Inputs {
  const logits = Array.from({ length: size }, (_, v) => v + Math.round(10 * rng.uniform()) / 10);
  return [rng.shuffle(logits), temperature];
}

const draw = (rng: Rng): Inputs[] => [0.5, 1, 2].map((temperature) => drawScores(rng, temperature));
const ln = Math.log;

const workedByHand = byHand<Inputs, number[]>("agrees with scores worked out by hand", [
  {
    inputs: [[0, ln(3)], 1],
    answer: [0.25, 0.75],
    because: "[0.25, 0.75]: weights 1 and 3",
  },
  {
    inputs: [[0, ln(3)], 0.5],
    answer: [0.1, 0.9],
    because: "[0.1, 0.9]: at T = ½ the weights are squared, 1 and 9",
  },
  {
    inputs: [[0, ln(9)], 2],
    answer: [0.25, 0.75],
    because: "[0.25, 0.75]: at T = 2 the weights' square roots are taken, 1 and 3",
  },
]);

const sumsToOne = each<Inputs, number[]>(
  "sums to 1",
  draw,
  (value) => {
    const sum = value.reduce((a, b) => a + b, 0);
    return close(sum, 1) ? undefined : `probabilities; these sum to ${describe(sum)}`;
  },
);

const almostGreedy = each<Inputs, number[]>(
  "puts everything on the best token when T is tiny",
  (rng) => [drawScores(rng, 1e-3), drawScores(rng, 1e-4, 6)],
  (value, [logits]) => {
    const best = logits.indexOf(Math.max(...logits));
    return close(value[best], 1) ? undefined : `1 at entry ${best}, which has the highest score`;
  },
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "multipliesByTemperature",
    looksLike: "scores are multiplied by T: then a high temperature makes the writer careful.",
    implementation: (logits: number[], temperature: number) => {
      const top = Math.max(...logits);
      const weights = logits.map((z) => Math.exp((z - top) * temperature));
      const total = weights.reduce((a, b) => a + b, 0);
      return weights.map((w) => w / total);
    },
  },
  {
    name: "dividesProbabilities",
    looksLike: "the probabilities are divided by T and normalised again, which changes nothing.",
    implementation: (logits: number[], temperature: number) => {
      const top = Math.max(...logits);
      const weights = logits.map((z) => Math.exp(z - top) / temperature);
      const total = weights.reduce((a, b) => a + b, 0);
      return weights.map((w) => w / total);
    },
  },
  {
    name: "overflows",
    looksLike: "exponentials overflow at small temperatures: take off the largest score first.",
    implementation: (logits: number[], temperature: number) => {
      const weights = logits.map((z) => Math.exp(z / temperature));
      const total = weights.reduce((a, b) => a + b, 0);
      return weights.map((w) => w / total);
    },
  },
  {
    name: "forgetsToNormalise",
    looksLike: "these are weights; probabilities sum to 1.",
    implementation: (logits: number[], temperature: number) => {
      const top = Math.max(...logits);
      return logits.map((z) => Math.exp((z - top) / temperature));
    },
  },
];

/** Part 4 of exercise 07. */
export const temperedProbabilitiesExercise: FunctionExercise<Inputs, number[]> = {
  name: "temperedProbabilities",
  exercise: "07-instruction-tuning",
  parameters,
  shape: (logits) => [logits.length],
  properties: [workedByHand, sumsToOne, almostGreedy, leavesInputs(draw, parameters)],
  mistakes,
  hints: [
    "Temperature acts on the scores, before they become probabilities.",
    "$p(v)\\propto e^{z_v/T}$. Take the largest score off first, or a small $T$ overflows.",
    "Weights $e^{(z_v-\\max z)/T}$, each divided by their sum.",
  ],
};
