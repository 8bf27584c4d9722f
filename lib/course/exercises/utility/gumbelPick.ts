/** Exercise 01, part 4: choosing by utility and Gumbel noise. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, compared, each, leavesInputs } from "../../judge";

/** Utilities [K] and as many uniform numbers in (0, 1). */
type Inputs = [utilities: number[], uniforms: number[]];

const parameters = ["utilities", "uniforms"];

function drawInputs(rng: Rng, count: number): Inputs[] {
  return Array.from({ length: count }, (_, i) => {
    const draw = (of: () => number) => Array.from({ length: 2 + (i % 4) }, of);
    return [
      draw(() => Math.round(20 * rng.normal()) / 10),
      draw(() => (1 + rng.integer(998)) / 1000),
    ];
  });
}

const workedByHand = byHand<Inputs, number>("agrees with choices worked out by hand", [
  {
    inputs: [[1, 0, -1], [0.5, 0.5, 0.5]], // prettier-ignore
    answer: 0,
    because: "0: the same noise for all, so the option of greatest utility",
  },
  {
    inputs: [[1, 0], [0.1, 0.9]], // prettier-ignore
    answer: 1,
    because: "1: noise −log(−log 0.1) = −0.83 and −log(−log 0.9) = 2.25; 0.17 against 2.25",
  },
  {
    inputs: [[0.5, 0], [0.3, 0.4]], // prettier-ignore
    answer: 0,
    because: "0: noise −0.19 and 0.09; 0.31 against 0.09",
  },
  {
    inputs: [[0, 1], [0.98, 0.9]], // prettier-ignore
    answer: 0,
    because: "0: noise 3.90 and 2.25; 3.90 against 3.25",
  },
]);

const zeroIsFree = compared<Inputs, number>(
  "does not care where the zero of utility is",
  (rng) =>
    drawInputs(rng, 8).map(([utilities, uniforms]): [Inputs, Inputs] => [
      [utilities, uniforms],
      [utilities.map((u) => u + 50), uniforms],
    ]),
  (shifted, original) => (shifted === original ? undefined : `${original}, as without the 50`),
);

const followsTheRoot = each<Inputs, number>(
  "compares the K-th roots of the uniforms when e^u are whole numbers",
  // P(w·exponential clock): option i wins when v_i^(1/w_i) is largest, w_i = e^{u_i}
  (rng) =>
    Array.from({ length: 12 }, (): Inputs => {
      const worths = [1 + rng.integer(4), 1 + rng.integer(4), 1 + rng.integer(4)];
      return [worths.map(Math.log), worths.map(() => (1 + rng.integer(998)) / 1000)];
    }),
  (value, [utilities, uniforms]) => {
    const roots = utilities.map((u, i) => uniforms[i] ** Math.exp(-u));
    const right = roots.indexOf(Math.max(...roots));
    return value === right || roots[value] === roots[right] ? undefined : String(right);
  },
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "addsUniformNoise",
    looksLike: "the uniform numbers themselves are added as noise, not Gumbel noise made of them.",
    implementation: (utilities: number[], uniforms: number[]) => {
      const felt = utilities.map((u, i) => u + uniforms[i]);
      return felt.indexOf(Math.max(...felt));
    },
  },
  {
    name: "ignoresNoise",
    looksLike: "the option of greatest utility is always chosen; the noise plays no part.",
    implementation: (utilities: number[]) => utilities.indexOf(Math.max(...utilities)),
  },
  {
    name: "turnsTheNoise",
    looksLike: "the noise has the wrong sign: the long tail must lie on the side of more appeal.",
    implementation: (utilities: number[], uniforms: number[]) => {
      const felt = utilities.map((u, i) => u + Math.log(-Math.log(uniforms[i])));
      return felt.indexOf(Math.max(...felt));
    },
  },
  {
    name: "takesOneLogarithm",
    looksLike: "one logarithm is missing: −log v is exponential noise, not Gumbel's.",
    implementation: (utilities: number[], uniforms: number[]) => {
      const felt = utilities.map((u, i) => u - Math.log(1 - uniforms[i]));
      return felt.indexOf(Math.max(...felt));
    },
  },
  {
    name: "returnsTheAppeal",
    looksLike: "the greatest appeal is returned, not the index of the option that has it.",
    implementation: (utilities: number[], uniforms: number[]) =>
      Math.max(...utilities.map((u, i) => u - Math.log(-Math.log(uniforms[i])))),
  },
];

/** Part 4 of exercise 01. */
export const gumbelPickExercise: FunctionExercise<Inputs, number> = {
  name: "gumbelPick",
  exercise: "01-utility",
  parameters,
  shape: () => [],
  properties: [
    workedByHand,
    zeroIsFree,
    followsTheRoot,
    leavesInputs((rng) => drawInputs(rng, 4), parameters),
  ],
  mistakes,
  hints: [
    "First make the noise: one number for each option from its uniform number. Then add, and find where the sum is largest.",
    "The Gumbel distribution function is $F(z) = e^{-e^{-z}}$. A uniform number $v$ becomes Gumbel noise when you solve $F(z) = v$ for $z$.",
    "$z_i = -\\log(-\\log v_i)$. `Math.max(...felt)` is the largest appeal, and `felt.indexOf(…)` says where it is.",
  ],
};
