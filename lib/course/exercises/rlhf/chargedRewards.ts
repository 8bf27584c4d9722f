/** Exercise 09, part 1: what each word of a reply earns and costs. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, describe, each, leavesInputs } from "../../judge";
import { drawNumbers, drawWordLogps } from "./draws";

/** log π and log π_ref of a reply's words, the reply's score, and β. */
type Inputs = [logp: number[], logpReference: number[], score: number, beta: number];

const parameters = ["logp", "logpReference", "score", "beta"];

function drawInputs(rng: Rng, sizes: readonly number[] = [1, 3, 5]): Inputs[] {
  return sizes.map((n): Inputs => {
    const [logp, logpReference] = [drawWordLogps(rng, n), drawWordLogps(rng, n)];
    return [logp, logpReference, drawNumbers(rng, 1)[0], (1 + rng.integer(9)) / 10];
  });
}

const workedByHand = byHand<Inputs, number[]>("agrees with replies worked out by hand", [
  {
    inputs: [[-1, -2, -3], [-1.5, -2, -2], 10, 2],
    answer: [-1, 0, 12],
    because: "[−1, 0, 12]: log-ratios ½, 0 and −1, each times −2; the last word collects 10 as well",
  },
  {
    inputs: [[-1], [-3], 4, 0.5],
    answer: [3],
    because: "[3]: one word is the last one too: 4 − 0.5·2",
  },
]);

const sumsUp = each<Inputs, number[]>(
  "adds up to the score less β times the log-ratio of the whole reply",
  drawInputs,
  (value, [logp, logpReference, score, beta]) => {
    const sum = (xs: number[]): number => xs.reduce((a, b) => a + b, 0);
    const right = score - beta * (sum(logp) - sum(logpReference));
    return close(sum(value), right) ? undefined : `numbers that add up to ${describe(right)}`;
  },
);

const freeIsTheScore = each<Inputs, number[]>(
  "is the score on the last word, and nothing else, where nothing has moved",
  (rng) => drawInputs(rng).map(([logp, , score, beta]): Inputs => [logp, [...logp], score, beta]),
  (value, [logp, , score]) =>
    value.every((r, t) => close(r, t === logp.length - 1 ? score : 0))
      ? undefined
      : `0 for every word but the last, and ${describe(score)} there`,
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "paysEveryWord",
    looksLike: "the score is paid at every word; a reply is worth it once.",
    implementation: (logp: number[], logpReference: number[], score: number, beta: number) =>
      logp.map((l, t) => score - beta * (l - logpReference[t])),
  },
  {
    name: "turnsTheSign",
    looksLike: "departing from the reference is rewarded: the charge has the wrong sign.",
    implementation: (logp: number[], logpReference: number[], score: number, beta: number) =>
      logp.map(
        (l, t) => beta * (l - logpReference[t]) + (t === logp.length - 1 ? score : 0),
      ),
  },
  {
    name: "averagesTheCharge",
    looksLike: "the charge is averaged over the words, so that a nat costs only a part of β.",
    implementation: (logp: number[], logpReference: number[], score: number, beta: number) =>
      logp.map(
        (l, t) =>
          (-beta * (l - logpReference[t])) / logp.length + (t === logp.length - 1 ? score : 0),
      ),
  },
  {
    name: "forgetsTheScore",
    looksLike: "nobody is paid the score: the policy would only learn to stay where it is.",
    implementation: (logp: number[], logpReference: number[], _score: number, beta: number) =>
      logp.map((l, t) => -beta * (l - logpReference[t])),
  },
  {
    name: "chargesProbabilities",
    looksLike: "a difference of probabilities is charged; KL is made of differences of logarithms.",
    implementation: (logp: number[], logpReference: number[], score: number, beta: number) =>
      logp.map(
        (l, t) =>
          -beta * (Math.exp(l) - Math.exp(logpReference[t])) +
          (t === logp.length - 1 ? score : 0),
      ),
  },
  {
    name: "forgetsTheReference",
    looksLike: "the reference is left out: likely words are charged, wherever they come from.",
    implementation: (logp: number[], _logpReference: number[], score: number, beta: number) =>
      logp.map((l, t) => -beta * l + (t === logp.length - 1 ? score : 0)),
  },
];

/** Part 1 of exercise 09. */
export const chargedRewardsExercise: FunctionExercise<Inputs, number[]> = {
  name: "chargedRewards",
  exercise: "09-rlhf-with-ppo",
  parameters,
  shape: (logp) => [logp.length],
  properties: [workedByHand, sumsUp, freeIsTheScore, leavesInputs(drawInputs, parameters)],
  mistakes,
  hints: [
    "Two things are added up for each word. One every word has, the other only the last.",
    "Every word is charged β for each nat by which the policy finds it likelier than the reference does: $-\\beta(\\log\\pi-\\log\\pi_{\\text{ref}})$. It can be negative; then it is a refund.",
    "`logp.map((l, t) => …)` with $-\\beta(l-\\texttt{logpReference[t]})$, plus the score if `t === logp.length - 1`.",
  ],
};
