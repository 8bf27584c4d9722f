/** Exercise 09, part 2: generalised advantages of a reply that stands between prompt and padding. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each, leavesInputs } from "../../judge";
import { drawNumbers, maskOf } from "./draws";

/** Reward and critic's value at each token, the mask of the reply, and λ. */
type Inputs = [rewards: number[], values: number[], mask: number[], lambda: number];

const parameters = ["rewards", "values", "mask", "lambda"];

function drawInputs(rng: Rng): Inputs[] {
  return [
    [0, 3, 0],
    [1, 2, 2],
    [2, 4, 1],
  ].map((parts): Inputs => {
    const mask = maskOf(parts[0], parts[1], parts[2]);
    const [rewards, values] = [drawNumbers(rng, mask.length), drawNumbers(rng, mask.length)];
    return [rewards.map((r, t) => r * mask[t]), values, mask, (5 + rng.integer(5)) / 10];
  });
}

const workedByHand = byHand<Inputs, number[]>("agrees with replies worked out by hand", [
  {
    inputs: [[0, 0, 4], [1, 2, 3], [1, 1, 1], 0.5],
    answer: [1.75, 1.5, 1],
    because: "[1.75, 1.5, 1]: every surprise δ is 1, and half of the next advantage is added",
  },
  {
    inputs: [[0, 0, 2, 0], [7, 0.5, 1, 9], [0, 1, 1, 0], 0.5],
    answer: [0, 1, 1, 0],
    because: "[0, 1, 1, 0]: the reply is two words; after its last word nothing comes, whatever the critic says of the padding",
  },
]);

const plainReturns = each<Inputs, number[]>(
  "is what is still to come less what the critic expected, when λ = 1",
  (rng) => drawInputs(rng).map(([r, v, m]): Inputs => [r, v, m, 1]),
  (value, [rewards, values, mask]) => {
    const right = rewards.map((_, t) =>
      mask[t] === 1 ? rewards.slice(t).reduce((a, b) => a + b, 0) - values[t] : 0,
    );
    return value.every((a, t) => close(a, right[t])) ? undefined : describe(right);
  },
);

const blindToOthers = compared<Inputs, number[]>(
  "does not look at what the critic says of prompt and padding",
  (rng) =>
    drawInputs(rng).map(([rewards, values, mask, lambda]): [Inputs, Inputs] => [
      [rewards, values, mask, lambda],
      [rewards, values.map((v, t) => (mask[t] === 1 ? v : v + 5)), mask, lambda],
    ]),
  (changed, original) =>
    changed.every((a, t) => close(a, original[t])) ? undefined : describe(original),
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "readsThePadding",
    looksLike: "after the last word of the reply the critic's value of the padding is used; nothing comes there, it is 0.",
    implementation: (rewards: number[], values: number[], mask: number[], lambda: number) => {
      const out = rewards.map(() => 0);
      let next = 0;
      for (let t = rewards.length - 1; t >= 0; t--) {
        if (mask[t] === 0) continue;
        next = rewards[t] + (values[t + 1] ?? 0) - values[t] + lambda * next;
        out[t] = next;
      }
      return out;
    },
  },
  {
    name: "ignoresTheMask",
    looksLike: "prompt and padding are taken for words of the reply.",
    implementation: (rewards: number[], values: number[], _mask: number[], lambda: number) => {
      const out = rewards.map(() => 0);
      let next = 0;
      for (let t = rewards.length - 1; t >= 0; t--) {
        next = rewards[t] + (values[t + 1] ?? 0) - values[t] + lambda * next;
        out[t] = next;
      }
      return out;
    },
  },
  {
    name: "forgetsLambda",
    looksLike: "λ is left out: later surprises count in full.",
    implementation: (rewards: number[], values: number[], mask: number[]) => {
      const out = rewards.map(() => 0);
      let next = 0;
      for (let t = rewards.length - 1; t >= 0; t--) {
        if (mask[t] === 0) continue;
        next += rewards[t] + (mask[t + 1] === 1 ? values[t + 1] : 0) - values[t];
        out[t] = next;
      }
      return out;
    },
  },
  {
    name: "forgetsTheCritic",
    looksLike: "the critic's expectation is not taken off: rewards are added up, not surprises.",
    implementation: (rewards: number[], _values: number[], mask: number[], lambda: number) => {
      const out = rewards.map(() => 0);
      let next = 0;
      for (let t = rewards.length - 1; t >= 0; t--) {
        if (mask[t] === 0) continue;
        next = rewards[t] + lambda * next;
        out[t] = next;
      }
      return out;
    },
  },
  {
    name: "returnsTheTargets",
    looksLike: "the critic's value is added again: that is the return, what the critic is to learn.",
    implementation: (rewards: number[], values: number[], mask: number[], lambda: number) => {
      const out = rewards.map(() => 0);
      let next = 0;
      for (let t = rewards.length - 1; t >= 0; t--) {
        if (mask[t] === 0) continue;
        next = rewards[t] + (mask[t + 1] === 1 ? values[t + 1] : 0) - values[t] + lambda * next;
        out[t] = next + values[t];
      }
      return out;
    },
  },
  {
    name: "goesForward",
    looksLike: "surprises are handed on to later words; credit goes to the words before.",
    implementation: (rewards: number[], values: number[], mask: number[], lambda: number) => {
      const out = rewards.map(() => 0);
      let before = 0;
      for (let t = 0; t < rewards.length; t++) {
        if (mask[t] === 0) continue;
        before = rewards[t] + (mask[t + 1] === 1 ? values[t + 1] : 0) - values[t] + lambda * before;
        out[t] = before;
      }
      return out;
    },
  },
];

/** Part 2 of exercise 09. */
export const replyAdvantagesExercise: FunctionExercise<Inputs, number[]> = {
  name: "replyAdvantages",
  exercise: "09-rlhf-with-ppo",
  parameters,
  shape: (rewards) => [rewards.length],
  properties: [
    workedByHand,
    plainReturns,
    blindToOthers,
    leavesInputs(drawInputs, parameters),
  ],
  mistakes,
  hints: [
    "Go through the tokens from the last to the first and carry one number along: the advantage of the word after this one.",
    "The surprise at a word is $\\delta_t=r_t+V_{t+1}-V_t$. After the reply's last word (where `mask[t + 1]` is not 1) there is no $V_{t+1}$: put 0.",
    "$\\hat A_t=\\delta_t+\\lambda\\hat A_{t+1}$ where the mask is 1; elsewhere 0, and nothing is carried on from there.",
  ],
};
