/** Exercise 02, part 4: Nash's measure of a plan, blind to anybody's unit. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, leavesInputs } from "../../judge";

/** What each kind of people gets [K], what it has without an agreement [K], and its share [K]. */
type Inputs = [utilities: number[], fallback: number[], shares: number[]];

const parameters = ["utilities", "fallback", "shares"];

function draw(rng: Rng, count: number): Inputs[] {
  return Array.from({ length: count }, (_, k) => {
    const fallback = [rng.integer(4), rng.integer(4), rng.integer(4)];
    const utilities = fallback.map((d) => d + 1 + rng.integer(8));
    return [utilities, fallback, k % 2 === 0 ? [0.5, 0.3, 0.2] : [0.2, 0.2, 0.6]];
  });
}

// prettier-ignore
const workedByHand = byHand<Inputs, number>("agrees with plans worked out by hand", [
  { inputs: [[1, 1], [0, 0], [0.5, 0.5]], answer: 0, because: "0: ½·log 1 + ½·log 1" },
  { inputs: [[4, 1], [0, 0], [0.5, 0.5]], answer: Math.LN2, because: "0.693147: ½·log 4 = log 2" },
  { inputs: [[5, 3], [1, 1], [0.25, 0.75]], answer: 1.25 * Math.LN2, because: "0.866434: ¼·log 4 + ¾·log 2" },
]);

const unitIsFree = compared<Inputs, number>(
  "shifts all plans alike when one kind's unit is changed",
  (rng) =>
    draw(rng, 5).map(([u, d, s]): [Inputs, Inputs] => [
      [u, d, s],
      [
        [10 * u[0], ...u.slice(1)],
        [10 * d[0], ...d.slice(1)],
        s,
      ],
    ]),
  (changed, original) => {
    const shift = changed - original; // share·log 10: ½ or ⅕ of it
    return close(shift, 0.5 * Math.LN10) || close(shift, 0.2 * Math.LN10)
      ? undefined
      : `${describe(original)} and share·log 10 more, whatever the plan`;
  },
);

const zeroIsFree = compared<Inputs, number>(
  "does not care where anybody's zero is",
  (rng) =>
    draw(rng, 5).map(([u, d, s]): [Inputs, Inputs] => [
      [u, d, s],
      [u.map((x) => x + 7), d.map((x) => x + 7), s],
    ]),
  (changed, original) => (close(changed, original) ? undefined : describe(original)),
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "forgetsTheFallback",
    looksLike: "the utilities themselves are used, not what is gained over the fallback.",
    implementation: (utilities: number[], _: number[], shares: number[]) =>
      utilities.reduce((sum, u, t) => sum + shares[t] * Math.log(u), 0),
  },
  {
    name: "addsGains",
    looksLike: "the gains are added, not their logarithms: the utilitarian's sum.",
    implementation: (utilities: number[], fallback: number[], shares: number[]) =>
      utilities.reduce((sum, u, t) => sum + shares[t] * (u - fallback[t]), 0),
  },
  {
    name: "forgetsShares",
    looksLike: "every kind counts the same, whatever its share.",
    implementation: (utilities: number[], fallback: number[]) =>
      utilities.reduce((sum, u, t) => sum + Math.log(u - fallback[t]) / utilities.length, 0),
  },
  {
    name: "logarithmOfTheSum",
    looksLike: "the logarithm is taken of the sum; the sum of logarithms was meant.",
    implementation: (utilities: number[], fallback: number[], shares: number[]) =>
      Math.log(utilities.reduce((sum, u, t) => sum + shares[t] * (u - fallback[t]), 0)),
  },
  {
    name: "returnsTheProduct",
    looksLike: "the product is returned, not its logarithm.",
    implementation: (utilities: number[], fallback: number[], shares: number[]) =>
      utilities.reduce((product, u, t) => product * (u - fallback[t]) ** shares[t], 1),
  },
];

/** Part 4 of exercise 02. */
export const nashGainExercise: FunctionExercise<Inputs, number> = {
  name: "nashGain",
  exercise: "02-whose-preferences",
  parameters,
  shape: () => [],
  properties: [
    workedByHand,
    unitIsFree,
    zeroIsFree,
    leavesInputs((rng) => draw(rng, 3), parameters),
  ],
  mistakes,
  hints: [
    "One term for each kind of people, added up.",
    "What counts is how much better a kind is off than without an agreement: `utilities[t] - fallback[t]`.",
    "$\\sum_t s_t \\log(u_t - d_t)$, with `Math.log`.",
  ],
};
