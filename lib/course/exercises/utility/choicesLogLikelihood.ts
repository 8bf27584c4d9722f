/** Exercise 01, part 3: how well a sensitivity explains a person's choices. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, leavesInputs } from "../../judge";

/**
 * For each choice how much better the lottery was ([n], without a unit, −1 … 1) and whether it was
 * taken (1 or 0), the sensitivity λ and the share of slips ε.
 */
type Inputs = [gains: number[], took: number[], sensitivity: number, slips: number];

const parameters = ["gains", "took", "sensitivity", "slips"];

function drawInputs(rng: Rng, slips: number): Inputs[] {
  return [3, 5, 8].map((n) => [
    Array.from({ length: n }, () => Math.round(40 * (rng.uniform() - 0.5)) / 100),
    Array.from({ length: n }, () => rng.integer(2)),
    5 + rng.integer(20),
    slips,
  ]);
}

const ln = Math.log;
const workedByHand = byHand<Inputs, number>("agrees with choices worked out by hand", [
  { inputs: [[0], [1], 20, 0], answer: ln(0.5), because: "−0.693147: as good, so ½" },
  {
    inputs: [[0.1, 0.1], [1, 0], 10 * ln(3), 0], // prettier-ignore
    answer: ln(0.75) + ln(0.25),
    because: "−1.67398: σ(log 3) = ¾ for the one that took the lottery, ¼ for the one that did not",
  },
  {
    inputs: [[0.1], [0], 10 * ln(3), 0.2],
    answer: ln(1 - (0.1 + 0.8 * 0.75)),
    because: "−1.20397: the lottery is taken with 0.1 + 0.8·¾ = 0.7, so it is left with 0.3",
  },
]);

const addsUp = compared<Inputs, number>(
  "adds up over choices: the same choices twice give twice as much",
  (rng) =>
    drawInputs(rng, 0.02).map(([gains, took, s, e]): [Inputs, Inputs] => [
      [gains, took, s, e],
      [[...gains, ...gains], [...took, ...took], s, e],
    ]),
  (twice, once) => (close(twice, 2 * once) ? undefined : describe(2 * once)),
);

const mirrored = compared<Inputs, number>(
  "does not care which of the two is called the lottery",
  (rng) =>
    drawInputs(rng, 0.04).map(([gains, took, s, e]): [Inputs, Inputs] => [
      [gains, took, s, e],
      [gains.map((g) => -g), took.map((t) => 1 - t), s, e],
    ]),
  (turned, original) => (close(turned, original) ? undefined : describe(original)),
);

const boundedBySlips = byHand<Inputs, number>("lets nobody be impossible when there are slips", [
  {
    inputs: [[-1], [1], 1000, 0.02],
    answer: ln(0.01),
    because: "−4.60517: a hopeless lottery is still taken by a slip, with probability ε/2",
  },
]);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "ignoresWhatWasTaken",
    looksLike: "every choice counts as if the lottery had been taken.",
    implementation: (gains: number[], _: number[], sensitivity: number, slips: number) =>
      gains.reduce(
        (sum, g) => sum + Math.log(slips / 2 + (1 - slips) / (1 + Math.exp(-sensitivity * g))),
        0,
      ),
  },
  {
    name: "takesTheMean",
    looksLike: "the mean over choices is taken where the sum was meant.",
    implementation: (gains: number[], took: number[], sensitivity: number, slips: number) =>
      gains.reduce((sum, g, k) => {
        const p = slips / 2 + (1 - slips) / (1 + Math.exp(-sensitivity * g));
        return sum + Math.log(took[k] === 1 ? p : 1 - p);
      }, 0) / gains.length,
  },
  {
    name: "forgetsSlips",
    looksLike: "slips are left out, so one careless click is held for impossible.",
    implementation: (gains: number[], took: number[], sensitivity: number) =>
      gains.reduce((sum, g, k) => {
        const z = took[k] === 1 ? sensitivity * g : -sensitivity * g;
        return sum + Math.min(z, 0) - Math.log1p(Math.exp(-Math.abs(z)));
      }, 0),
  },
  {
    name: "slipsAllToTheLottery",
    looksLike: "whoever slips always takes the lottery; they take either, half of the time each.",
    implementation: (gains: number[], took: number[], sensitivity: number, slips: number) =>
      gains.reduce((sum, g, k) => {
        const p = slips + (1 - slips) / (1 + Math.exp(-sensitivity * g));
        return sum + Math.log(Math.max(1e-300, took[k] === 1 ? p : 1 - p));
      }, 0),
  },
  {
    name: "multipliesProbabilities",
    looksLike: "the likelihood is returned, and not its logarithm.",
    implementation: (gains: number[], took: number[], sensitivity: number, slips: number) =>
      gains.reduce((product, g, k) => {
        const p = slips / 2 + (1 - slips) / (1 + Math.exp(-sensitivity * g));
        return product * (took[k] === 1 ? p : 1 - p);
      }, 1),
  },
];

/** Part 3 of exercise 01. */
export const choicesLogLikelihoodExercise: FunctionExercise<Inputs, number> = {
  name: "choicesLogLikelihood",
  exercise: "01-utility",
  parameters,
  shape: () => [],
  properties: [
    workedByHand,
    addsUp,
    mirrored,
    boundedBySlips,
    leavesInputs((rng) => drawInputs(rng, 0.02), parameters),
  ],
  mistakes,
  hints: [
    "One choice at a time: work out the probability $P$ that the lottery is taken. If it was, its logarithm counts; if it was not, the logarithm of what?",
    "$\\sigma(z) = 1/(1+e^{-z})$ with $z = \\lambda \\cdot$ gain. A share $\\varepsilon$ of the answers is given without looking, half of them for the lottery.",
    "$P = \\varepsilon/2 + (1-\\varepsilon)\\,\\sigma(\\lambda\\,g)$; add $\\log P$ where `took[k]` is 1, and $\\log(1-P)$ where it is 0.",
  ],
};
