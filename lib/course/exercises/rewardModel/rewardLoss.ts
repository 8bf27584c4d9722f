/** Exercise 08, part 1: the pairwise loss of a reward model. */
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each, leavesInputs } from "../../judge";
import { drawRewardPairs, type RewardPairs, rewardPairParameters } from "./draws";

const ln = Math.log;

const workedByHand = byHand<RewardPairs, number>("agrees with pairs worked out by hand", [
  {
    inputs: [[ln(3)], [0]],
    answer: ln(4 / 3),
    because: "0.287682: σ(ln 3) = ¾, and −ln ¾ = ln 4/3",
  },
  {
    inputs: [[ln(3), 1], [0, 1 + ln(3)]], // prettier-ignore
    answer: (ln(4 / 3) + ln(4)) / 2,
    because: "0.836988: the mean of −ln ¾ (as expected) and −ln ¼ (a surprise)",
  },
]);

const startsAtLn2 = each<RewardPairs, number>(
  "is ln 2 when both replies of each pair have the same reward",
  (rng) => drawRewardPairs(rng).map(([chosen]): RewardPairs => [chosen, chosen.slice()]),
  (value) => (close(value, Math.LN2) ? undefined : "ln 2 = 0.693147"),
);

const anyZero = compared<RewardPairs, number>(
  "does not care where the reward's zero is: 5 nats more for both replies change nothing",
  (rng) =>
    drawRewardPairs(rng).map(([chosen, rejected]): [RewardPairs, RewardPairs] => [
      [chosen, rejected],
      [chosen.map((r) => r + 5), rejected.map((r) => r + 5)],
    ]),
  (changed, original) => (close(changed, original) ? undefined : describe(original)),
);

const farOff = byHand<RewardPairs, number>("stays finite for differences without measure", [
  {
    inputs: [[-1500], [1500]],
    answer: 3000,
    because: "3000: −log σ(−3000) = 3000, a great but finite loss",
  },
]);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "turnsTheSign",
    looksLike: "the rejected reply is made better: the difference has the wrong sign.",
    implementation: (chosen: number[], rejected: number[]) =>
      chosen.reduce((sum, r, i) => {
        const z = rejected[i] - r;
        return sum + Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      }, 0) / chosen.length,
  },
  {
    name: "addsTheRewards",
    looksLike: "the two rewards are added; their difference decides.",
    implementation: (chosen: number[], rejected: number[]) =>
      chosen.reduce((sum, r, i) => {
        const z = r + rejected[i];
        return sum + Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      }, 0) / chosen.length,
  },
  {
    name: "sumsOverTheBatch",
    looksLike: "the losses are added up; their mean is asked for.",
    implementation: (chosen: number[], rejected: number[]) =>
      chosen.reduce((sum, r, i) => {
        const z = r - rejected[i];
        return sum + Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      }, 0),
  },
  {
    name: "forgetsTheLogarithm",
    looksLike: "the probability of a surprise is averaged, without the logarithm.",
    implementation: (chosen: number[], rejected: number[]) =>
      chosen.reduce((sum, r, i) => sum + 1 / (1 + Math.exp(r - rejected[i])), 0) / chosen.length,
  },
  {
    name: "takesLogOfZero",
    looksLike: "the logarithm of a probability that has become 0 is taken.",
    implementation: (chosen: number[], rejected: number[]) =>
      chosen.reduce((sum, r, i) => sum - Math.log(1 / (1 + Math.exp(rejected[i] - r))), 0) /
      chosen.length,
  },
];

/** Part 1 of exercise 08. */
export const rewardLossExercise: FunctionExercise<RewardPairs, number> = {
  name: "rewardLoss",
  exercise: "08-reward-models",
  parameters: rewardPairParameters,
  shape: () => [],
  properties: [
    workedByHand,
    startsAtLn2,
    anyZero,
    farOff,
    leavesInputs(drawRewardPairs, rewardPairParameters),
  ],
  mistakes,
  hints: [
    "Begin with one pair. By how much is the chosen reply's reward larger? Which probability does the model give to the verdict that came?",
    "The loss of a pair is $-\\log\\sigma(d)$ with $d=r_w-r_l$; the answer is the mean over the pairs.",
    "$-\\log\\sigma(d)=\\max(-d,0)+\\log(1+e^{-|d|})$ never overflows; `Math.log1p` for the second part.",
  ],
};
