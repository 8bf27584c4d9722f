/** Exercise 01, part 2: the sure sum that is as good as a gamble. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each, leavesInputs } from "../../judge";

/** Sums [K] above 0, their probabilities [K], and the risk aversion γ. */
type Inputs = [outcomes: number[], probabilities: number[], gamma: number];

const parameters = ["outcomes", "probabilities", "gamma"];

/** Gambles of two or three outcomes with probabilities in tenths, γ of 0.05 … 2.95. */
function drawInputs(rng: Rng, count: number): Inputs[] {
  return Array.from({ length: count }, (_, i) => {
    const k = 2 + (i % 2);
    const outcomes = Array.from({ length: k }, () => 5 + rng.integer(96));
    const first = (1 + rng.integer(4)) / 10;
    const probabilities = k === 2 ? [first, 1 - first] : [first, 0.5, 0.5 - first];
    return [outcomes, probabilities, (2 * rng.integer(30) + 1) / 20];
  });
}

const workedByHand = byHand<Inputs, number>("agrees with gambles worked out by hand", [
  {
    inputs: [[100, 0.01], [0.5, 0.5], 0], // prettier-ignore
    answer: 50.005,
    because: "50.005: with γ = 0 the mean",
  },
  {
    inputs: [[100, 4], [0.5, 0.5], 0.5], // prettier-ignore
    answer: 36,
    because: "36: the roots are 10 and 2, their mean is 6, squared",
  },
  {
    inputs: [[4, 1], [0.5, 0.5], 2], // prettier-ignore
    answer: 1.6,
    because: "1.6: the harmonic mean, 1 / (½·¼ + ½·1)",
  },
]);

const geometricAtOne = byHand<Inputs, number>("is the geometric mean at γ = 1", [
  { inputs: [[100, 1], [0.5, 0.5], 1], answer: 10, because: "10: √(100·1)" }, // prettier-ignore
  { inputs: [[8, 1], [1 / 3, 2 / 3], 1], answer: 2, because: "2: 8^⅓" }, // prettier-ignore
]);

const betweenTheEnds = each<Inputs, number>(
  "lies between the worst and the best outcome",
  (rng) => drawInputs(rng, 6),
  (value, [outcomes]) => {
    const [worst, best] = [Math.min(...outcomes), Math.max(...outcomes)];
    return value >= worst - 1e-9 && value <= best + 1e-9
      ? undefined
      : `a sum from ${worst} to ${best}`;
  },
);

const sureThing = each<Inputs, number>(
  "gives a sure thing back",
  (rng) => drawInputs(rng, 3).map(([[x], , gamma]): Inputs => [[x], [1], gamma]),
  (value, [[x]]) => (close(value, x) ? undefined : describe(x)),
);

const scales = compared<Inputs, number>(
  "triples when all sums are tripled: the risk aversion is a relative one",
  (rng) =>
    drawInputs(rng, 4).map(([outcomes, p, gamma]): [Inputs, Inputs] => [
      [outcomes, p, gamma],
      [outcomes.map((x) => 3 * x), p, gamma],
    ]),
  (tripled, original) =>
    close(tripled, 3 * original) ? undefined : `${describe(3 * original)}, three times as much`,
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "returnsTheMean",
    looksLike: "the mean of the sums is returned; γ plays no part.",
    implementation: (outcomes: number[], probabilities: number[]) =>
      outcomes.reduce((sum, x, k) => sum + probabilities[k] * x, 0),
  },
  {
    name: "returnsTheUtility",
    looksLike: "the expected utility is returned, in units of utility; a sum of money was asked for.",
    implementation: (outcomes: number[], probabilities: number[], gamma: number) => {
      const u = (x: number) => (gamma === 1 ? Math.log(x) : x ** (1 - gamma) / (1 - gamma));
      return outcomes.reduce((sum, x, k) => sum + probabilities[k] * u(x), 0);
    },
  },
  {
    name: "forgetsProbabilities",
    looksLike: "every outcome counts the same, whatever its probability.",
    implementation: (outcomes: number[], _: number[], gamma: number) => {
      if (gamma === 1)
        return Math.exp(outcomes.reduce((sum, x) => sum + Math.log(x), 0) / outcomes.length);
      const mean = outcomes.reduce((sum, x) => sum + x ** (1 - gamma), 0) / outcomes.length;
      return mean ** (1 / (1 - gamma));
    },
  },
  {
    name: "forgetsTheLogarithm",
    looksLike: "γ = 1 is not treated on its own, and there one divides by 0.",
    implementation: (outcomes: number[], probabilities: number[], gamma: number) => {
      const mean = outcomes.reduce((sum, x, k) => sum + probabilities[k] * x ** (1 - gamma), 0);
      return mean ** (1 / (1 - gamma));
    },
  },
  {
    name: "forgetsToGoBack",
    looksLike: "the mean of the powers is divided by 1 − γ but not turned back into money.",
    implementation: (outcomes: number[], probabilities: number[], gamma: number) => {
      if (gamma === 1)
        return Math.exp(outcomes.reduce((sum, x, k) => sum + probabilities[k] * Math.log(x), 0));
      return (
        outcomes.reduce((sum, x, k) => sum + probabilities[k] * x ** (1 - gamma), 0) / (1 - gamma)
      );
    },
  },
];

/** Part 2 of exercise 01. */
export const sureWorthExercise: FunctionExercise<Inputs, number> = {
  name: "sureWorth",
  exercise: "01-utility",
  parameters,
  shape: () => [],
  properties: [
    workedByHand,
    geometricAtOne,
    betweenTheEnds,
    sureThing,
    scales,
    leavesInputs((rng) => drawInputs(rng, 3), parameters),
  ],
  mistakes,
  hints: [
    "Two steps: the mean of the utilities, weighted by the probabilities; then the sum of money that has this utility.",
    "To go back, solve $u = x^{1-\\gamma}/(1-\\gamma)$ for $x$. The factor $1/(1-\\gamma)$ may be left out on the way there and back.",
    "$\\bigl(\\sum_k p_k x_k^{1-\\gamma}\\bigr)^{1/(1-\\gamma)}$, and at $\\gamma = 1$ the geometric mean $\\exp \\sum_k p_k \\log x_k$.",
  ],
};
