/** Exercise 05, part 5: a KL divergence from samples, by k3. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each } from "../../judge";
import { tenth } from "./draws";

/** log-probabilities of samples of p, by p and by q. */
type Inputs = [logpP: number[], logpQ: number[]];

function drawInputs(rng: Rng, n: number): Inputs {
  const logpP = Array.from({ length: n }, () => -tenth(0.3 + 2 * rng.uniform()));
  return [logpP, logpP.map((l) => tenth(l + 0.5 * rng.normal() - 0.1))];
}

const workedByHand = byHand<Inputs, number>("agrees with samples worked out by hand", [
  {
    inputs: [[Math.log(0.5)], [Math.log(0.25)]],
    answer: -0.5 + Math.LN2,
    because: "0.193147: q/p = ½, so (½ − 1) − ln ½",
  },
  {
    inputs: [[Math.log(0.2), Math.log(0.5)], [Math.log(0.4), Math.log(0.5)]], // prettier-ignore
    answer: (1 - Math.LN2) / 2,
    because: "0.153426: q/p = 2 and 1, so the mean of (2 − 1) − ln 2 and 0",
  },
]);

const neverNegative = each<Inputs, number>(
  "is never negative",
  (rng) => [1, 1, 3, 5].map((n) => drawInputs(rng, n)),
  (value) => (value >= -1e-12 ? undefined : "0 or more: each sample's share is e^ℓ − 1 − ℓ ≥ 0"),
);

const meanOverSamples = compared<Inputs, number>(
  "is a mean: samples given twice give the same",
  (rng) =>
    [2, 4].map((n): [Inputs, Inputs] => {
      const [p, q] = drawInputs(rng, n);
      return [[p, q], [[...p, ...p], [...q, ...q]]]; // prettier-ignore
    }),
  (changed, original) =>
    close(changed, original) ? undefined : `${describe(original)}, as for the samples given once`,
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "turnsTheRatio",
    looksLike: "the ratio is upside down: the distribution that the samples are from is below.",
    implementation: (logpP: number[], logpQ: number[]) => {
      const terms = logpP.map((p, i) => Math.exp(p - logpQ[i]) - 1 - (p - logpQ[i]));
      return terms.reduce((a, b) => a + b, 0) / terms.length;
    },
  },
  {
    name: "returnsK1",
    looksLike: "this is k1, the plain mean of log p/q: it can be negative.",
    implementation: (logpP: number[], logpQ: number[]) =>
      logpP.reduce((sum, p, i) => sum + p - logpQ[i], 0) / logpP.length,
  },
  {
    name: "returnsK2",
    looksLike: "this is k2, half the squared log-ratio: it is biased.",
    implementation: (logpP: number[], logpQ: number[]) =>
      logpP.reduce((sum, p, i) => sum + (p - logpQ[i]) ** 2 / 2, 0) / logpP.length,
  },
  {
    name: "forgetsTheOne",
    looksLike: "the 1 is not taken off: two equal distributions are at distance 0.",
    implementation: (logpP: number[], logpQ: number[]) => {
      const terms = logpP.map((p, i) => Math.exp(logpQ[i] - p) - (logpQ[i] - p));
      return terms.reduce((a, b) => a + b, 0) / terms.length;
    },
  },
  {
    name: "sumsOverSamples",
    looksLike: "the samples are summed and not averaged.",
    implementation: (logpP: number[], logpQ: number[]) =>
      logpP.reduce((sum, p, i) => sum + Math.exp(logpQ[i] - p) - 1 - (logpQ[i] - p), 0),
  },
];

/** Part 5 of exercise 05. */
export const klEstimateExercise: FunctionExercise<Inputs, number> = {
  name: "klEstimate",
  exercise: "05-policy-gradients-and-ppo",
  parameters: ["logpP", "logpQ"],
  shape: () => [],
  properties: [workedByHand, neverNegative, meanOverSamples],
  mistakes,
  hints: [
    "Everything is in one number a sample: $\\ell = \\log q(x) - \\log p(x)$. Mind which is subtracted from which.",
    "Each sample gives $(e^\\ell - 1) - \\ell$; the estimate is their mean.",
    "`logpP.map((p, i) => { const l = logpQ[i] - p; return Math.exp(l) - 1 - l; })`, added up and divided by the number of samples.",
  ],
};
