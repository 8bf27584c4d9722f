/** Exercise 05, part 2: the discounted reward to come. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, describe, each, leavesInputs } from "../../judge";
import { drawNumbers } from "./draws";

type Inputs = [rewards: number[], gamma: number, bootstrap: number];

const parameters = ["rewards", "gamma", "bootstrap"];
const drawInputs = (rng: Rng): Inputs[] =>
  [3, 5].map((n) => [drawNumbers(rng, n), 0.8, 1 + rng.integer(5)]);

const workedByHand = byHand<Inputs, number[]>("agrees with episodes worked out by hand", [
  {
    inputs: [[1, 2, 4], 0.5, 0],
    answer: [3, 4, 4],
    because: "[3, 4, 4]: the last is 4, before it 2 + ½·4 = 4, before that 1 + ½·4 = 3",
  },
  {
    inputs: [[1, 2, 4], 0.5, 8],
    answer: [4, 6, 8],
    because: "[4, 6, 8]: time ran out in a state worth 8, so 4 + ½·8 = 8, 2 + ½·8 = 6, 1 + ½·6 = 4",
  },
  {
    inputs: [[1, 1, 1, 1], 1, 0],
    answer: [4, 3, 2, 1],
    because: "[4, 3, 2, 1]: without discount, the number of steps that are left",
  },
]);

const stepByStep = each<Inputs, number[]>(
  "is at each step the reward plus γ times the next entry",
  drawInputs,
  (value, [rewards, gamma]) => {
    const t = rewards.findIndex(
      (r, i) => i + 1 < rewards.length && !close(value[i], r + gamma * value[i + 1]),
    );
    return t < 0
      ? undefined
      : `entry ${t} to be ${describe(rewards[t] + gamma * value[t + 1])}, the reward there plus γ times entry ${t + 1}`;
  },
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "looksBack",
    looksLike: "rewards are added up from the start: a step is praised for what came before it.",
    implementation: (rewards: number[], gamma: number, bootstrap: number) => {
      let sum = bootstrap;
      return rewards.map((r) => (sum = r + gamma * sum));
    },
  },
  {
    name: "forgetsToDiscount",
    looksLike: "γ is not used.",
    implementation: (rewards: number[], gamma: number, bootstrap: number) => {
      let next = bootstrap;
      return rewards
        .slice()
        .reverse()
        .map((r) => (next = r + next))
        .reverse();
    },
  },
  {
    name: "forgetsTheBootstrap",
    looksLike: "the value of the last state is left out: a truncation is taken for a termination.",
    implementation: (rewards: number[], gamma: number) => {
      let next = 0;
      return rewards
        .slice()
        .reverse()
        .map((r) => (next = r + gamma * next))
        .reverse();
    },
  },
  {
    name: "discountsFromTheStart",
    looksLike: "rewards are discounted by the number of their step, not by how far ahead they lie.",
    implementation: (rewards: number[], gamma: number, bootstrap: number) =>
      rewards.map((_, t) => {
        let total = bootstrap * gamma ** rewards.length;
        for (let k = t; k < rewards.length; k++) total += gamma ** k * rewards[k];
        return total;
      }),
  },
  {
    name: "addsTheBootstrapAsItIs",
    looksLike: "the value of the last state is not discounted.",
    implementation: (rewards: number[], gamma: number, bootstrap: number) => {
      let next = 0;
      return rewards
        .slice()
        .reverse()
        .map((r) => (next = r + gamma * next))
        .reverse()
        .map((g) => g + bootstrap);
    },
  },
  {
    name: "turnsTheList",
    looksLike: "the given list of rewards is turned round where it stands; use a copy.",
    implementation: (rewards: number[], gamma: number, bootstrap: number) => {
      let next = bootstrap;
      return rewards
        .reverse()
        .map((r) => (next = r + gamma * next))
        .reverse();
    },
  },
];

/** Part 2 of exercise 05. */
export const rewardsToGoExercise: FunctionExercise<Inputs, number[]> = {
  name: "rewardsToGo",
  exercise: "05-policy-gradients-and-ppo",
  parameters,
  shape: (rewards) => [rewards.length],
  properties: [workedByHand, stepByStep, leavesInputs(drawInputs, parameters)],
  mistakes,
  hints: [
    "Go backwards: at the last step nothing is to come but the bootstrap value.",
    "Each entry is its reward plus $\\gamma$ times the entry after it; after the last one stands `bootstrap`.",
    "`let next = bootstrap; for (let t = T − 1; t ≥ 0; t--) { next = rewards[t] + gamma * next; … }`, written into a new list.",
  ],
};
