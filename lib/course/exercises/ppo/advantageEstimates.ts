/** Exercise 05, part 3: generalised advantage estimation, with both kinds of end. */
import type { FunctionExercise, Mistake } from "../../exercise";
import { allClose, byHand, compared, describe, leavesInputs } from "../../judge";
import { drawSteps, type Steps } from "./draws";

const parameters = [
  "rewards",
  "values",
  "nextValues",
  "terminated",
  "truncated",
  "gamma",
  "lambda",
];

const workedByHand = byHand<Steps, number[]>("agrees with episodes worked out by hand", [
  {
    inputs: [[1, 1], [2, 4], [4, 8], [0, 0], [0, 0], 0.5, 0.5], // prettier-ignore
    answer: [1.25, 1],
    because: "[1.25, 1]: δ = 1 + ½·8 − 4 = 1, before it 1 + ½·4 − 2 = 1, and 1 + ¼·1 = 1.25",
  },
  {
    inputs: [[1, 1], [2, 4], [4, 8], [0, 1], [0, 0], 0.5, 0.5], // prettier-ignore
    answer: [0.25, -3],
    because: "[0.25, −3]: the world ended, so nothing comes after: 1 − 4 = −3, and 1 + ¼·(−3)",
  },
  {
    inputs: [[1, 1], [2, 4], [4, 8], [0, 0], [0, 1], 0.5, 0.5], // prettier-ignore
    answer: [1.25, 1],
    because: "[1.25, 1]: only the clock ran out; the state that was reached is still worth 8",
  },
]);

const noLeak = compared<Steps, number[]>(
  "lets nothing of the next episode into this one, whichever way this one ended",
  (rng) =>
    (["terminated", "truncated"] as const).map((end): [Steps, Steps] => {
      const steps = drawSteps(rng, 5, 0.8, { 2: end });
      const changed = structuredClone(steps);
      changed[0] = changed[0].map((r, t) => (t > 2 ? r + 7 : r));
      return [steps, changed];
    }),
  (changed, original) =>
    allClose(changed.slice(0, 3), original.slice(0, 3))
      ? undefined
      : `the first three entries to stay ${describe(original.slice(0, 3))}: later rewards are of another episode`,
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "takesTheClockForTheEnd",
    looksLike: "a truncated episode is treated as a terminated one: its last state is worth 0.",
    implementation: (
      rewards: number[],
      values: number[],
      nextValues: number[],
      terminated: number[],
      truncated: number[],
      gamma: number,
      lambda: number,
    ) => {
      const out: number[] = [];
      let next = 0;
      for (let t = rewards.length - 1; t >= 0; t--) {
        const on = terminated[t] || truncated[t] ? 0 : 1;
        next = rewards[t] + gamma * on * nextValues[t] - values[t] + gamma * lambda * on * next;
        out[t] = next;
      }
      return out;
    },
  },
  {
    name: "bootstrapsBeyondTheEnd",
    looksLike: "the value after a termination is counted, though nothing comes after.",
    implementation: (
      rewards: number[],
      values: number[],
      nextValues: number[],
      terminated: number[],
      truncated: number[],
      gamma: number,
      lambda: number,
    ) => {
      const out: number[] = [];
      let next = 0;
      for (let t = rewards.length - 1; t >= 0; t--) {
        const on = terminated[t] || truncated[t] ? 0 : 1;
        next = rewards[t] + gamma * nextValues[t] - values[t] + gamma * lambda * on * next;
        out[t] = next;
      }
      return out;
    },
  },
  {
    name: "leaksOverTruncations",
    looksLike: "the sum runs on over a truncation into the next episode.",
    implementation: (
      rewards: number[],
      values: number[],
      nextValues: number[],
      terminated: number[],
      truncated: number[],
      gamma: number,
      lambda: number,
    ) => {
      const out: number[] = [];
      let next = 0;
      for (let t = rewards.length - 1; t >= 0; t--) {
        const on = terminated[t] ? 0 : 1;
        next = rewards[t] + gamma * on * nextValues[t] - values[t] + gamma * lambda * on * next;
        out[t] = next;
      }
      return out;
    },
  },
  {
    name: "forgetsGammaInTheSum",
    looksLike: "the TD errors are weighted by λ alone; their weights fall off by γλ.",
    implementation: (
      rewards: number[],
      values: number[],
      nextValues: number[],
      terminated: number[],
      truncated: number[],
      gamma: number,
      lambda: number,
    ) => {
      const out: number[] = [];
      let next = 0;
      for (let t = rewards.length - 1; t >= 0; t--) {
        const on = terminated[t] || truncated[t] ? 0 : 1;
        const after = terminated[t] ? 0 : nextValues[t];
        next = rewards[t] + gamma * after - values[t] + lambda * on * next;
        out[t] = next;
      }
      return out;
    },
  },
  {
    name: "returnsTheTarget",
    looksLike: "V(s) is not taken off: this is a return, not an advantage.",
    implementation: (
      rewards: number[],
      values: number[],
      nextValues: number[],
      terminated: number[],
      truncated: number[],
      gamma: number,
      lambda: number,
    ) => {
      const out: number[] = [];
      let next = 0;
      for (let t = rewards.length - 1; t >= 0; t--) {
        const on = terminated[t] || truncated[t] ? 0 : 1;
        const after = terminated[t] ? 0 : nextValues[t];
        next = rewards[t] + gamma * after - values[t] + gamma * lambda * on * next;
        out[t] = next + values[t];
      }
      return out;
    },
  },
];

/** Part 3 of exercise 05. */
export const advantageEstimatesExercise: FunctionExercise<Steps, number[]> = {
  name: "advantageEstimates",
  exercise: "05-policy-gradients-and-ppo",
  parameters,
  shape: (rewards) => [rewards.length],
  properties: [
    workedByHand,
    noLeak,
    leavesInputs((rng) => [drawSteps(rng, 4, 0.7, { 1: "terminated" })], parameters),
  ],
  mistakes,
  hints: [
    "Go backwards, as for the rewards to go, and keep two questions apart: is there a value after this step, and does the sum go on after it?",
    "The value after a step counts unless it **terminated**. The sum goes on unless it terminated **or** was truncated.",
    "$\\delta_t = r_t + \\gamma\\,[\\text{not terminated}]\\,V'_t - V_t$ and $\\hat A_t = \\delta_t + \\gamma\\lambda\\,[\\text{neither}]\\,\\hat A_{t+1}$, from the last step to the first.",
  ],
};
