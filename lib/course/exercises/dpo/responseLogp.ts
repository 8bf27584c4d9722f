/** Exercise 11, part 1: the log-probability of a reply from those of its tokens. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, leavesInputs } from "../../judge";
import { drawLogps } from "./draws";

/** log p of tokens 1 … T−1 ([T−1]) and whether token t belongs to the reply ([T], 1 or 0). */
type Inputs = [logp: number[], mask: number[]];

const parameters = ["logp", "mask"];

/** A prompt of 2 or 3 tokens, a reply, and padding of 0 to 2 tokens. */
function drawInputs(rng: Rng): Inputs[] {
  return [2, 4, 5].map((reply) => {
    const [prompt, padding] = [2 + rng.integer(2), rng.integer(3)];
    const mask = [prompt, reply, padding].flatMap((n, part) =>
      Array.from({ length: n }, () => (part === 1 ? 1 : 0)),
    );
    return [drawLogps(rng, mask.length - 1), mask];
  });
}

const workedByHand = byHand<Inputs, number>("agrees with sequences worked out by hand", [
  {
    inputs: [[-1, -2, -4], [0, 0, 1, 1]], // prettier-ignore
    answer: -6,
    because: "−6: tokens 2 and 3 are the reply; their log-probabilities are the last two, −2 and −4",
  },
  {
    inputs: [[-1, -2, -4, -8], [0, 1, 1, 0, 0]], // prettier-ignore
    answer: -3,
    because: "−3: tokens 1 and 2 are the reply, with −1 and −2; what comes after them is padding",
  },
]);

const deafToTheRest = compared<Inputs, number>(
  "does not hear the prompt, nor the padding",
  (rng) =>
    drawInputs(rng).map(([logp, mask]): [Inputs, Inputs] => [
      [logp, mask],
      [logp.map((x, t) => (mask[t + 1] === 1 ? x : x - 7)), mask],
    ]),
  (changed, original) => (close(changed, original) ? undefined : describe(original)),
);

const everyTokenCounts = compared<Inputs, number>(
  "adds up over the tokens of the reply",
  (rng) =>
    drawInputs(rng).map(([logp, mask]): [Inputs, Inputs] => [
      [logp, mask],
      [[...logp, ...logp], [...mask, ...mask.slice(1)]], // prettier-ignore
    ]),
  (twice, once) =>
    close(twice, 2 * once) ? undefined : `twice ${describe(once)}: every token is there twice`,
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "takesTheMean",
    looksLike: "the mean over the tokens is taken. A reply's probability is a product, so log π(y|x) is a sum.",
    implementation: (logp: number[], mask: number[]) => {
      const kept = logp.filter((_, t) => mask[t + 1] === 1);
      return kept.reduce((a, b) => a + b, 0) / kept.length;
    },
  },
  {
    name: "ignoresTheMask",
    looksLike: "all tokens are added, those of the prompt and the padding too.",
    implementation: (logp: number[]) => logp.reduce((a, b) => a + b, 0),
  },
  {
    name: "isOffByOne",
    looksLike: "the mask is read one place too early: `logp[t]` belongs to token t + 1.",
    implementation: (logp: number[], mask: number[]) =>
      logp.reduce((sum, x, t) => sum + mask[t] * x, 0),
  },
  {
    name: "turnsTheMask",
    looksLike: "what is added is the prompt and the padding; 1 marks the reply.",
    implementation: (logp: number[], mask: number[]) =>
      logp.reduce((sum, x, t) => sum + (1 - mask[t + 1]) * x, 0),
  },
  {
    name: "addsProbabilities",
    looksLike: "probabilities are added, not their logarithms.",
    implementation: (logp: number[], mask: number[]) =>
      logp.reduce((sum, x, t) => sum + mask[t + 1] * Math.exp(x), 0),
  },
];

/** Part 1 of exercise 11. */
export const responseLogpExercise: FunctionExercise<Inputs, number> = {
  name: "responseLogp",
  exercise: "11-dpo",
  parameters,
  shape: () => [],
  properties: [workedByHand, deafToTheRest, everyTokenCounts, leavesInputs(drawInputs, parameters)],
  mistakes,
  hints: [
    "$\\pi(y|x)=\\prod_t p(y_t|x,y_{<t})$, so its logarithm is a *sum* over the tokens of the reply, and over no others.",
    "`logp` has one entry less than `mask`, because nobody predicts the first token: `logp[t]` is the log-probability of token `t + 1`.",
    "Add `logp[t]` for every `t` for which `mask[t + 1]` is 1.",
  ],
};
