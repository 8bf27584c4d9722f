/** Exercise 08, part 3: the expected calibration error. */
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, each, leavesInputs } from "../../judge";
import { drawPromises, promiseParameters, type Promises } from "./draws";

const workedByHand = byHand<Promises, number>("agrees with promises worked out by hand", [
  {
    inputs: [[0.8, 0.8, 0.8, 0.8], [1, 1, 1, 0], 2], // prettier-ignore
    answer: 0.05,
    because: "0.05: promised 0.8, three of four came",
  },
  {
    inputs: [[0.2, 0.4, 0.9], [0, 1, 1], 2], // prettier-ignore
    answer: (2 / 3) * 0.2 + (1 / 3) * 0.1,
    because: "0.166667: below ½ two promises of 0.3 on average, of which half came (off by 0.2); above, one (off by 0.1)",
  },
]);

const kept = each<Promises, number>(
  "is 0 when every promise is kept",
  () => [
    [[1, 0, 1, 0], [1, 0, 1, 0], 10], // prettier-ignore
    [[0.5, 0.5], [1, 0], 3], // prettier-ignore
  ],
  (value) => (close(value, 0) ? undefined : "0"),
);

const oneStretch = each<Promises, number>(
  "with one stretch is the distance of the two means",
  (rng) => drawPromises(rng, [3, 6, 9], 1),
  (value, [promised, came]) => {
    const mean = (xs: number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
    const right = Math.abs(mean(promised) - mean(came));
    return close(value, right) ? undefined : String(right);
  },
);

const lastEdge = byHand<Promises, number>("puts a promise of 1 into the last stretch", [
  { inputs: [[1, 1], [1, 0], 4], answer: 0.5, because: "0.5: promised 1, half came" }, // prettier-ignore
]);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "weighsStretchesAlike",
    looksLike: "every stretch counts alike; weigh each by how many promises lie in it.",
    implementation: (promised: number[], came: number[], bins: number) => {
      const gaps: number[] = [];
      for (let b = 0; b < bins; b++) {
        const inside = promised.map((p, n) => ({ p, n })).filter(({ p }) => Math.min(bins - 1, Math.floor(bins * p)) === b);
        const gap = inside.reduce((sum, { p, n }) => sum + came[n] - p, 0);
        if (inside.length > 0) gaps.push(Math.abs(gap) / inside.length);
      }
      return gaps.reduce((a, b) => a + b, 0) / gaps.length;
    },
  },
  {
    name: "comparesOneByOne",
    looksLike: "every promise is compared with its own outcome; compare the means of a stretch.",
    implementation: (promised: number[], came: number[]) =>
      promised.reduce((sum, p, n) => sum + Math.abs(p - came[n]), 0) / promised.length,
  },
  {
    name: "forgetsTheAbsoluteValue",
    looksLike: "promises that are too high in one stretch make up for those too low in another.",
    implementation: (promised: number[], came: number[]) =>
      promised.reduce((sum, p, n) => sum + came[n] - p, 0) / promised.length,
  },
  {
    name: "losesTheLastEdge",
    looksLike: "a promise of exactly 1 falls out of the last stretch.",
    implementation: (promised: number[], came: number[], bins: number) => {
      let total = 0;
      for (let b = 0; b < bins; b++) {
        let gap = 0;
        promised.forEach((p, n) => {
          if (Math.floor(bins * p) === b) gap += came[n] - p;
        });
        total += Math.abs(gap);
      }
      return total / promised.length;
    },
  },
];

/** Part 3 of exercise 08. */
export const calibrationErrorExercise: FunctionExercise<Promises, number> = {
  name: "calibrationError",
  exercise: "08-reward-models",
  parameters: promiseParameters,
  shape: () => [],
  properties: [
    workedByHand,
    kept,
    oneStretch,
    lastEdge,
    leavesInputs(drawPromises, promiseParameters),
  ],
  mistakes,
  hints: [
    "Sort the promises into stretches of equal width. In each stretch there are two means: of what was promised, and of what came.",
    "A promise $p$ lies in stretch $\\lfloor p\\cdot\\text{bins}\\rfloor$, and $p=1$ in the last one. The answer is $\\sum_b \\frac{n_b}{N}\\,|\\text{came}_b-\\text{promised}_b|$.",
    "$n_b\\cdot|\\text{came}_b-\\text{promised}_b|$ is the absolute value of the *sum* of came − promised in the stretch. Keep one sum for each stretch, add their absolute values, divide by $N$.",
  ],
};
