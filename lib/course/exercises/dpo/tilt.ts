/** Exercise 11, part 4: the policy that is best under a KL penalty. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { allClose, byHand, compared, describe, each, leavesInputs } from "../../judge";

/** log π_ref of every reply ([n], nats), its reward, and β. */
type Inputs = [logpReference: number[], rewards: number[], beta: number];

const parameters = ["logpReference", "rewards", "beta"];

/** References that sum to 1, rewards of one decimal. */
function drawInputs(rng: Rng): Inputs[] {
  return [2, 3, 5].map((n): Inputs => {
    const weights = Array.from({ length: n }, () => 1 + rng.integer(9));
    const total = weights.reduce((a, b) => a + b, 0);
    const rewards = weights.map(() => Math.round(20 * rng.normal()) / 10);
    return [weights.map((w) => Math.log(w / total)), rewards, (1 + rng.integer(15)) / 10];
  });
}

const ln = Math.log;
const half = ln(1 / 2);

const workedByHand = byHand<Inputs, number[]>("agrees with two replies worked out by hand", [
  {
    inputs: [[half, half], [ln(3), 0], 1], // prettier-ignore
    answer: [ln(3 / 4), ln(1 / 4)],
    because: "ln ¾ and ln ¼: the first is e^{ln 3} = 3 times as likely as the second",
  },
  {
    inputs: [[ln(1 / 4), ln(3 / 4)], [ln(3), 0], 0.5], // prettier-ignore
    answer: [ln(3 / 4), ln(1 / 4)],
    because: "ln ¾ and ln ¼: ¼·e^{2 ln 3} against ¾, that is 9 to 3",
  },
]);

const sumsToOne = each<Inputs, number[]>("gives probabilities that add up to 1", drawInputs, (logp) => {
  const total = logp.reduce((sum, x) => sum + Math.exp(x), 0);
  return Math.abs(total - 1) < 1e-6 ? undefined : "log-probabilities: their exponentials must add up to 1";
}); // prettier-ignore

const anyZero = compared<Inputs, number[]>(
  "does not care where the reward's zero is",
  (rng) =>
    drawInputs(rng).map(([logp, rewards, beta]): [Inputs, Inputs] => [
      [logp, rewards, beta],
      [logp, rewards.map((r) => r + 2), beta],
    ]),
  (changed, original) => (allClose(changed, original) ? undefined : describe(original)),
);

const largeRewards = byHand<Inputs, number[]>("stays finite for rewards of thousands of β", [
  {
    inputs: [[half, half], [3000, 2999], 1], // prettier-ignore
    answer: [-Math.log1p(Math.exp(-1)), -1 - Math.log1p(Math.exp(-1))],
    because: "−0.313262 and −1.313262: only the difference of 1 counts, e^{3000} must never be computed",
  },
]);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "multipliesByBeta",
    looksLike: "the reward is multiplied by β; a large β must hold the policy near the reference.",
    implementation: (logp: number[], rewards: number[], beta: number) => {
      const scores = logp.map((x, y) => x + rewards[y] * beta);
      const top = Math.max(...scores);
      const total = scores.reduce((sum, s) => sum + Math.exp(s - top), 0);
      return scores.map((s) => s - top - Math.log(total));
    },
  },
  {
    name: "forgetsZ",
    looksLike: "Z is left out: the probabilities do not add up to 1.",
    implementation: (logp: number[], rewards: number[], beta: number) =>
      logp.map((x, y) => x + rewards[y] / beta),
  },
  {
    name: "forgetsTheReference",
    looksLike: "the reference is left out: this is a softmax of the rewards alone.",
    implementation: (_logp: number[], rewards: number[], beta: number) => {
      const scores = rewards.map((r) => r / beta);
      const top = Math.max(...scores);
      const total = scores.reduce((sum, s) => sum + Math.exp(s - top), 0);
      return scores.map((s) => s - top - Math.log(total));
    },
  },
  {
    name: "returnsProbabilities",
    looksLike: "probabilities are returned; their logarithms are asked for.",
    implementation: (logp: number[], rewards: number[], beta: number) => {
      const scores = logp.map((x, y) => x + rewards[y] / beta);
      const top = Math.max(...scores);
      const total = scores.reduce((sum, s) => sum + Math.exp(s - top), 0);
      return scores.map((s) => Math.exp(s - top) / total);
    },
  },
  {
    name: "overflows",
    looksLike: "e to the power of a large reward is computed, which is infinite.",
    implementation: (logp: number[], rewards: number[], beta: number) => {
      const weights = logp.map((x, y) => Math.exp(x + rewards[y] / beta));
      const total = weights.reduce((a, b) => a + b, 0);
      return weights.map((w) => Math.log(w / total));
    },
  },
];

/** Part 4 of exercise 11. */
export const tiltExercise: FunctionExercise<Inputs, number[]> = {
  name: "tilt",
  exercise: "11-dpo",
  parameters,
  shape: (logp) => [logp.length],
  properties: [workedByHand, sumsToOne, anyZero, largeRewards, leavesInputs(drawInputs, parameters)],
  mistakes,
  hints: [
    "The logarithm of $\\pi_{\\text{ref}}\\,e^{r/\\beta}/Z$ is a sum of three terms. Two of them are given; $Z$ is the number that makes the probabilities add up to 1.",
    "Call $s_y=\\log\\pi_{\\text{ref}}(y)+r(y)/\\beta$. Then $\\log Z=\\log\\sum_y e^{s_y}$, and the answer is $s_y-\\log Z$.",
    "Subtract the largest $s$ before you take exponentials: $\\log\\sum_y e^{s_y}=m+\\log\\sum_y e^{s_y-m}$ with $m=\\max_y s_y$.",
  ],
};
