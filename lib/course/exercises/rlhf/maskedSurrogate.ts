/** Exercise 09, part 3: PPO's clipped loss on the words of replies. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each, leavesInputs } from "../../judge";
import { drawNumbers, drawWordLogps, maskOf } from "./draws";

/** log π now and when the words were written, advantages, the mask of the replies, and ε. */
type Inputs = [
  logp: number[],
  logpOld: number[],
  advantages: number[],
  mask: number[],
  clip: number,
];

const parameters = ["logp", "logpOld", "advantages", "mask", "clip"];

function drawInputs(rng: Rng): Inputs[] {
  return [
    [0, 3, 0],
    [1, 2, 2],
    [2, 4, 1],
  ].map((parts): Inputs => {
    const mask = maskOf(parts[0], parts[1], parts[2]);
    const logpOld = drawWordLogps(rng, mask.length);
    const logp = logpOld.map((l) => l + rng.normal() / 2);
    return [logp, logpOld, drawNumbers(rng, mask.length), mask, 0.2];
  });
}

const ln = Math.log;

const workedByHand = byHand<Inputs, number>("agrees with words worked out by hand", [
  {
    inputs: [[ln(1.5), ln(0.5)], [0, 0], [1, 1], [1, 1], 0.2],
    answer: -0.85,
    because: "−0.85: the ratio 1.5 pays as 1.2 does, the ratio 0.5 as it is; −(1.2 + 0.5)/2",
  },
  {
    inputs: [[ln(1.5), ln(0.5)], [0, 0], [-1, -1], [1, 1], 0.2],
    answer: 1.15,
    because: "1.15: where it costs, 1.5 counts in full and 0.5 as 0.8; (1.5 + 0.8)/2",
  },
  {
    inputs: [[0, ln(1.1), 0], [0, 0, 0], [9, 2, -5], [0, 1, 0], 0.2],
    answer: -2.2,
    because: "−2.2: one word counts, the others are prompt and padding",
  },
]);

const startsAtTheMean = each<Inputs, number>(
  "is minus the mean advantage of the reply's words before the first step",
  (rng) => drawInputs(rng).map(([, old, a, m, clip]): Inputs => [[...old], old, a, m, clip]),
  (value, [, , advantages, mask]) => {
    const own = advantages.filter((_, t) => mask[t] === 1);
    const right = -own.reduce((a, b) => a + b, 0) / own.length;
    return close(value, right) ? undefined : `${describe(right)}: all ratios are 1`;
  },
);

const blindToOthers = compared<Inputs, number>(
  "does not see prompt and padding",
  (rng) =>
    drawInputs(rng).map(([logp, old, advantages, mask, clip]): [Inputs, Inputs] => [
      [logp, old, advantages, mask, clip],
      [logp.map((l, t) => (mask[t] === 1 ? l : l - 3)), old, advantages, mask, clip],
    ]),
  (changed, original) => (close(changed, original) ? undefined : describe(original)),
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "dividesByTheLength",
    looksLike: "the sum is divided by all tokens, padding too: long padding makes small steps.",
    implementation: (
      logp: number[],
      logpOld: number[],
      advantages: number[],
      mask: number[],
      clip: number,
    ) => {
      let total = 0;
      for (let t = 0; t < logp.length; t++) {
        const ratio = Math.exp(logp[t] - logpOld[t]);
        const held = Math.min(Math.max(ratio, 1 - clip), 1 + clip);
        total += mask[t] * Math.min(ratio * advantages[t], held * advantages[t]);
      }
      return -total / logp.length;
    },
  },
  {
    name: "ignoresTheMask",
    looksLike: "prompt and padding are trained on as if the policy had written them.",
    implementation: (
      logp: number[],
      logpOld: number[],
      advantages: number[],
      _mask: number[],
      clip: number,
    ) => {
      let total = 0;
      for (let t = 0; t < logp.length; t++) {
        const ratio = Math.exp(logp[t] - logpOld[t]);
        const held = Math.min(Math.max(ratio, 1 - clip), 1 + clip);
        total += Math.min(ratio * advantages[t], held * advantages[t]);
      }
      return -total / logp.length;
    },
  },
  {
    name: "clipsAlways",
    looksLike: "the ratio is clipped on both sides; where it costs, a policy that went too far must still be called back.",
    implementation: (
      logp: number[],
      logpOld: number[],
      advantages: number[],
      mask: number[],
      clip: number,
    ) => {
      let [total, count] = [0, 0];
      for (let t = 0; t < logp.length; t++) {
        const ratio = Math.exp(logp[t] - logpOld[t]);
        total += mask[t] * Math.min(Math.max(ratio, 1 - clip), 1 + clip) * advantages[t];
        count += mask[t];
      }
      return -total / count;
    },
  },
  {
    name: "takesTheMaximum",
    looksLike: "the larger of the two is taken: an optimist, who is never held back.",
    implementation: (
      logp: number[],
      logpOld: number[],
      advantages: number[],
      mask: number[],
      clip: number,
    ) => {
      let [total, count] = [0, 0];
      for (let t = 0; t < logp.length; t++) {
        const ratio = Math.exp(logp[t] - logpOld[t]);
        const held = Math.min(Math.max(ratio, 1 - clip), 1 + clip);
        total += mask[t] * Math.max(ratio * advantages[t], held * advantages[t]);
        count += mask[t];
      }
      return -total / count;
    },
  },
  {
    name: "turnsTheSign",
    looksLike: "this is what is to be maximised; a loss is minimised.",
    implementation: (
      logp: number[],
      logpOld: number[],
      advantages: number[],
      mask: number[],
      clip: number,
    ) => {
      let [total, count] = [0, 0];
      for (let t = 0; t < logp.length; t++) {
        const ratio = Math.exp(logp[t] - logpOld[t]);
        const held = Math.min(Math.max(ratio, 1 - clip), 1 + clip);
        total += mask[t] * Math.min(ratio * advantages[t], held * advantages[t]);
        count += mask[t];
      }
      return total / count;
    },
  },
  {
    name: "takesTheLogRatio",
    looksLike: "the difference of logarithms is taken for the ratio; it has to be exponentiated.",
    implementation: (
      logp: number[],
      logpOld: number[],
      advantages: number[],
      mask: number[],
      clip: number,
    ) => {
      let [total, count] = [0, 0];
      for (let t = 0; t < logp.length; t++) {
        const ratio = logp[t] - logpOld[t];
        const held = Math.min(Math.max(ratio, 1 - clip), 1 + clip);
        total += mask[t] * Math.min(ratio * advantages[t], held * advantages[t]);
        count += mask[t];
      }
      return -total / count;
    },
  },
];

/** Part 3 of exercise 09. */
export const maskedSurrogateExercise: FunctionExercise<Inputs, number> = {
  name: "maskedSurrogate",
  exercise: "09-rlhf-with-ppo",
  parameters,
  shape: () => [],
  properties: [
    workedByHand,
    startsAtTheMean,
    blindToOthers,
    leavesInputs(drawInputs, parameters),
  ],
  mistakes,
  hints: [
    "Begin with one word: the ratio $\\rho=e^{\\log\\pi-\\log\\pi_{\\text{old}}}$, and the same ratio held between $1-\\varepsilon$ and $1+\\varepsilon$.",
    "Multiply each of the two by the advantage and take the *smaller* product. The loss is minus the mean of those.",
    "The mean is over the words that count: divide the masked sum by the sum of the mask, not by the number of tokens.",
  ],
};
