/** Exercise 05, part 4: PPO's clipped objective. */
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each } from "../../judge";
import { drawActions, type Actions } from "./draws";

const ratios = [0.4, 0.7, 0.9, 1.1, 1.4, 2];

const workedByHand = byHand<Actions, number>("agrees with actions worked out by hand", [
  {
    inputs: [[Math.log(0.6)], [Math.log(0.4)], [2], 0.2],
    answer: 2.4,
    because: "2.4: a good action 1.5 times as likely as before; 1.5·2 = 3 is cut to 1.2·2",
  },
  {
    inputs: [[Math.log(0.6)], [Math.log(0.4)], [-2], 0.2],
    answer: -3,
    because: "−3: a bad action 1.5 times as likely is called back; min(1.5·(−2), 1.2·(−2)) = −3",
  },
  {
    inputs: [[Math.log(0.2), Math.log(0.2)], [Math.log(0.4), Math.log(0.4)], [2, -2], 0.2], // prettier-ignore
    answer: (1 - 1.6) / 2,
    because: "−0.3: ratio ½ both times; 1 for the good action (called back), −1.6 for the bad one (held); their mean",
  },
]);

const pessimist = each<Actions, number>(
  "never promises more than the surrogate without a clip",
  (rng) => [drawActions(rng, 6, ratios), drawActions(rng, 6, ratios)],
  (value, [logp, logpOld, advantages]) => {
    const free = advantages.map((a, i) => Math.exp(logp[i] - logpOld[i]) * a);
    const most = free.reduce((x, y) => x + y, 0) / free.length;
    return value <= most + 1e-9 ? undefined : `at most ${describe(most)}, the mean of ρÂ`;
  },
);

const meanOverBatch = compared<Actions, number>(
  "is a mean: a batch given twice gives the same",
  (rng) =>
    [2, 3].map((n): [Actions, Actions] => {
      const [logp, old, advantages, epsilon] = drawActions(rng, n, ratios);
      const twice: Actions = [[...logp, ...logp], [...old, ...old], [...advantages, ...advantages], epsilon]; // prettier-ignore
      return [[logp, old, advantages, epsilon], twice];
    }),
  (changed, original) =>
    close(changed, original) ? undefined : `${describe(original)}, as for the batch given once`,
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "takesTheMaximum",
    looksLike: "the larger of the two promises is taken: an optimist, whom nothing holds.",
    implementation: (logp: number[], logpOld: number[], advantages: number[], epsilon: number) => {
      const terms = advantages.map((a, i) => {
        const ratio = Math.exp(logp[i] - logpOld[i]);
        return Math.max(ratio * a, Math.min(Math.max(ratio, 1 - epsilon), 1 + epsilon) * a);
      });
      return terms.reduce((x, y) => x + y, 0) / terms.length;
    },
  },
  {
    name: "clipsWithoutTheMinimum",
    looksLike: "only the clipped promise is taken: what went the wrong way is not called back.",
    implementation: (logp: number[], logpOld: number[], advantages: number[], epsilon: number) => {
      const terms = advantages.map((a, i) => {
        const ratio = Math.exp(logp[i] - logpOld[i]);
        return Math.min(Math.max(ratio, 1 - epsilon), 1 + epsilon) * a;
      });
      return terms.reduce((x, y) => x + y, 0) / terms.length;
    },
  },
  {
    name: "forgetsToClip",
    looksLike: "nothing is clipped.",
    implementation: (logp: number[], logpOld: number[], advantages: number[]) => {
      const terms = advantages.map((a, i) => Math.exp(logp[i] - logpOld[i]) * a);
      return terms.reduce((x, y) => x + y, 0) / terms.length;
    },
  },
  {
    name: "takesTheRatioUpsideDown",
    looksLike: "the ratio is upside down: it is the new probability over the old one.",
    implementation: (logp: number[], logpOld: number[], advantages: number[], epsilon: number) => {
      const terms = advantages.map((a, i) => {
        const ratio = Math.exp(logpOld[i] - logp[i]);
        return Math.min(ratio * a, Math.min(Math.max(ratio, 1 - epsilon), 1 + epsilon) * a);
      });
      return terms.reduce((x, y) => x + y, 0) / terms.length;
    },
  },
  {
    name: "forgetsTheExponential",
    looksLike: "the difference of two logarithms is taken for the ratio; it is the ratio's logarithm.",
    implementation: (logp: number[], logpOld: number[], advantages: number[], epsilon: number) => {
      const terms = advantages.map((a, i) => {
        const ratio = logp[i] - logpOld[i];
        return Math.min(ratio * a, Math.min(Math.max(ratio, 1 - epsilon), 1 + epsilon) * a);
      });
      return terms.reduce((x, y) => x + y, 0) / terms.length;
    },
  },
  {
    name: "sumsOverTheBatch",
    looksLike: "the batch is summed and not averaged.",
    implementation: (logp: number[], logpOld: number[], advantages: number[], epsilon: number) => {
      const terms = advantages.map((a, i) => {
        const ratio = Math.exp(logp[i] - logpOld[i]);
        return Math.min(ratio * a, Math.min(Math.max(ratio, 1 - epsilon), 1 + epsilon) * a);
      });
      return terms.reduce((x, y) => x + y, 0);
    },
  },
];

/** Part 4 of exercise 05. */
export const clippedObjectiveExercise: FunctionExercise<Actions, number> = {
  name: "clippedObjective",
  exercise: "05-policy-gradients-and-ppo",
  parameters: ["logp", "logpOld", "advantages", "epsilon"],
  shape: () => [],
  properties: [workedByHand, pessimist, meanOverBatch],
  mistakes,
  hints: [
    "Work with one action at a time: its ratio, two promises, the smaller of them. Then the mean.",
    "The ratio is $\\rho = e^{\\log\\pi - \\log\\pi_\\text{old}}$; the two promises are $\\rho\\hat A$ and $\\operatorname{clip}(\\rho, 1-\\varepsilon, 1+\\varepsilon)\\hat A$.",
    "`const held = Math.min(Math.max(ratio, 1 - epsilon), 1 + epsilon)`, then `Math.min(ratio * a, held * a)`, added up and divided by the number of actions.",
  ],
};
