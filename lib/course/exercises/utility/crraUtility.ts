/** Exercise 01, part 1: utility of constant relative risk aversion. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe } from "../../judge";

/** A sum of money above 0 and the risk aversion γ. */
type Inputs = [money: number, gamma: number];

/** Sums of 1 … 100 and γ of 0 … 3 without 1. */
function drawInputs(rng: Rng, count: number): Inputs[] {
  return Array.from({ length: count }, () => {
    const gamma = (rng.integer(31) - 0.5) / 10;
    return [1 + rng.integer(100), Math.abs(gamma)];
  });
}

const workedByHand = byHand<Inputs, number>("agrees with values worked out by hand", [
  { inputs: [100, 0], answer: 100, because: "100: with γ = 0 the utility is the money itself" },
  { inputs: [100, 0.5], answer: 20, because: "20: √100 = 10, divided by 1 − γ = ½" },
  { inputs: [2, 2], answer: -0.5, because: "−0.5: 2 to the power −1 is ½, divided by 1 − γ = −1" },
]);

const logAtOne = byHand<Inputs, number>("is the logarithm at γ = 1", [
  { inputs: [1, 1], answer: 0, because: "0: log 1" },
  { inputs: [Math.E, 1], answer: 1, because: "1: log e" },
  { inputs: [8, 1], answer: 3 * Math.LN2, because: "2.07944: log 8" },
]);

const increasing = compared<Inputs, number>(
  "grows with the money, whatever γ is",
  (rng) => drawInputs(rng, 5).map(([x, g]): [Inputs, Inputs] => [[x, g], [x + 1, g]]), // prettier-ignore
  (more, less) => (more > less ? undefined : `more than ${describe(less)}, the utility of 1 less`),
);

const slope = compared<Inputs, number>(
  "has the slope x^(−γ)",
  (rng) => drawInputs(rng, 5).map(([, g]): [Inputs, Inputs] => [[1 - 1e-4, g], [1 + 1e-4, g]]), // prettier-ignore
  (above, below) =>
    close((above - below) / 2e-4, 1, 1e-4)
      ? undefined
      : `${describe(below + 2e-4)}: at x = 1 the slope is 1 for every γ, and ${describe(below)} was the utility of 0.9999`,
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "forgetsToDivide",
    looksLike: "the power is not divided by 1 − γ; for γ above 1 more money would be worth less.",
    implementation: (money: number, gamma: number) =>
      gamma === 1 ? Math.log(money) : money ** (1 - gamma),
  },
  {
    name: "forgetsTheLogarithm",
    looksLike: "γ = 1 is not treated on its own, and there one divides by 0.",
    implementation: (money: number, gamma: number) => money ** (1 - gamma) / (1 - gamma),
  },
  {
    name: "takesGammaForThePower",
    looksLike: "the power is γ where 1 − γ was meant.",
    implementation: (money: number, gamma: number) =>
      gamma === 1 ? Math.log(money) : money ** gamma / (gamma === 0 ? 1 : gamma),
  },
  {
    name: "dropsTheSign",
    looksLike: "one divides by |1 − γ|; above γ = 1 the sign is then wrong.",
    implementation: (money: number, gamma: number) =>
      gamma === 1 ? Math.log(money) : money ** (1 - gamma) / Math.abs(1 - gamma),
  },
];

/** Part 1 of exercise 01. */
export const crraUtilityExercise: FunctionExercise<Inputs, number> = {
  name: "crraUtility",
  exercise: "01-utility",
  parameters: ["money", "gamma"],
  shape: () => [],
  properties: [workedByHand, logAtOne, increasing, slope],
  mistakes,
  hints: [
    "There are two cases. Which γ makes the formula divide by zero, and what does the lesson put there?",
    "`Math.log` is the natural logarithm, `x ** y` is $x^y$. The division keeps its sign: for $\\gamma > 1$ all utilities are negative, and that is fine.",
    "If $\\gamma = 1$: $\\log x$. Otherwise $x^{1-\\gamma} / (1-\\gamma)$.",
  ],
};
