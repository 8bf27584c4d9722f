/** Exercise 09, part 4: the dial that moves β. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each } from "../../judge";
import { tenth } from "./draws";

/** β, the batch's KL, its target, and the gain K. */
type Inputs = [beta: number, kl: number, target: number, gain: number];

const parameters = ["beta", "kl", "target", "gain"];

function drawInputs(rng: Rng, kl: (target: number) => number): Inputs[] {
  return Array.from({ length: 4 }, (): Inputs => {
    const target = 2 + rng.integer(6);
    return [tenth(0.2 + rng.uniform()), kl(target), target, 0.1 + rng.integer(4) / 10];
  });
}

const workedByHand = byHand<Inputs, number>("agrees with batches worked out by hand", [
  {
    inputs: [0.5, 4.4, 4, 0.1],
    answer: 0.505,
    because: "0.505: 10 % above the target, a tenth of it is 1 %",
  },
  {
    inputs: [0.5, 3.6, 4, 0.1],
    answer: 0.495,
    because: "0.495: 10 % below, so 1 % cheaper",
  },
  {
    inputs: [2, 12, 4, 0.5],
    answer: 2.2,
    because: "2.2: three times the target counts as 20 % above, and half of that is 10 %",
  },
]);

const restsAtTheTarget = each<Inputs, number>(
  "leaves β alone at the target",
  (rng) => drawInputs(rng, (target) => target),
  (value, [beta]) => (close(value, beta) ? undefined : `${describe(beta)}, as it was`),
);

const neverFar = each<Inputs, number>(
  "moves β by no more than K·20 %, however far the target is",
  (rng) => [...drawInputs(rng, () => 80), ...drawInputs(rng, () => 0)],
  (value, [beta, kl, , gain]) => {
    const right = beta * (1 + (kl > 0 ? 0.2 : -0.2) * gain);
    return close(value, right) ? undefined : describe(right);
  },
);

const inProportion = compared<Inputs, number>(
  "moves a price twice as high by twice as much",
  (rng) =>
    drawInputs(rng, (target) => 1.1 * target).map(([beta, ...rest]): [Inputs, Inputs] => [
      [beta, ...rest],
      [2 * beta, ...rest],
    ]),
  (changed, original) => (close(changed, 2 * original) ? undefined : describe(2 * original)),
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "doesNotClip",
    looksLike: "the error is not held between −0.2 and 0.2: one odd batch moves the price at will.",
    implementation: (beta: number, kl: number, target: number, gain: number) =>
      beta * (1 + gain * (kl / target - 1)),
  },
  {
    name: "turnsTheSign",
    looksLike: "the price falls when the policy is too far away; it should rise.",
    implementation: (beta: number, kl: number, target: number, gain: number) =>
      beta * (1 - gain * Math.min(Math.max(kl / target - 1, -0.2), 0.2)),
  },
  {
    name: "addsTheError",
    looksLike: "the correction is added to β; it should be a share of it, whatever the scale of the rewards.",
    implementation: (beta: number, kl: number, target: number, gain: number) =>
      beta + gain * Math.min(Math.max(kl / target - 1, -0.2), 0.2),
  },
  {
    name: "takesTheDifference",
    looksLike: "the error is taken in nats; it should be relative to the target.",
    implementation: (beta: number, kl: number, target: number, gain: number) =>
      beta * (1 + gain * Math.min(Math.max(kl - target, -0.2), 0.2)),
  },
  {
    name: "forgetsToTakeOffOne",
    looksLike: "the ratio KL/target is taken for the error: at the target it is 1, not 0, and the price grows for ever.",
    implementation: (beta: number, kl: number, target: number, gain: number) =>
      beta * (1 + gain * Math.min(Math.max(kl / target, -0.2), 0.2)),
  },
];

/** Part 4 of exercise 09. */
export const adaptPriceExercise: FunctionExercise<Inputs, number> = {
  name: "adaptPrice",
  exercise: "09-rlhf-with-ppo",
  parameters,
  shape: () => [],
  properties: [workedByHand, restsAtTheTarget, neverFar, inProportion],
  mistakes,
  hints: [
    "How far off is the batch, as a share of the target? 0 at the target, 0.1 when ten per cent above it.",
    "$e=\\mathrm{KL}/\\text{target}-1$, held between −0.2 and 0.2: `Math.min(Math.max(e, -0.2), 0.2)`.",
    "The new price is $\\beta\\,(1+K e)$.",
  ],
};
