/** Exercise 04, part 2: one step of Q-learning. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { allClose, byHand, close, compared, describe, each, leavesInputs } from "../../judge";

/** Q [S][A], the step (s, a, r, s′), whether it ended the episode, step size α and discount γ. */
type Inputs = [
  q: number[][],
  state: number,
  action: number,
  reward: number,
  next: number,
  terminated: boolean,
  alpha: number,
  gamma: number,
];

const parameters = ["q", "state", "action", "reward", "next", "terminated", "alpha", "gamma"];
const tenth = (x: number) => Math.round(10 * x) / 10;

function drawInputs(rng: Rng, count: number, terminated: boolean): Inputs[] {
  return Array.from({ length: count }, () => {
    const q = Array.from({ length: 3 }, () =>
      Array.from({ length: 3 }, () => tenth(3 * rng.normal())),
    );
    const [state, next] = rng.permutation(3);
    const reward = 1 + rng.integer(4);
    return [q, state, rng.integer(3), reward, next, terminated, 0.2, 0.9];
  });
}

const workedByHand = byHand<Inputs, number[][]>("agrees with steps worked out by hand", [
  {
    // prettier-ignore
    inputs: [[[0, 1], [2, 4]], 0, 1, 3, 1, false, 0.5, 0.9],
    // prettier-ignore
    answer: [[0, 3.8], [2, 4]],
    because: "[[0, 3.8], [2, 4]]: the target is 3 + 0.9·4 = 6.6, and half of 6.6 − 1 is 2.8",
  },
  {
    // prettier-ignore
    inputs: [[[0, 1], [2, 4]], 0, 1, 3, 1, true, 0.5, 0.9],
    // prettier-ignore
    answer: [[0, 2], [2, 4]],
    because: "[[0, 2], [2, 4]]: nothing comes after an end, so the target is the reward, 3",
  },
]);

const othersStay = each<Inputs, number[][]>(
  "changes one entry and no other",
  (rng) => drawInputs(rng, 4, false),
  (value, [q, state, action]) => {
    for (const [s, row] of q.entries()) {
      const a = row.findIndex(
        (before, k) => !(s === state && k === action) && !close(value[s][k], before),
      );
      if (a >= 0) return `q[${s}][${a}] still ${row[a]}: only q[${state}][${action}] was tried`;
    }
    return undefined;
  },
);

const zeroStep = each<Inputs, number[][]>(
  "leaves everything as it is when the step size is 0",
  (rng) =>
    drawInputs(rng, 2, false).map(
      ([q, s, a, r, n, over, , gamma]): Inputs => [q, s, a, r, n, over, 0, gamma],
    ),
  (value, [q]) => (allClose(value, q) ? undefined : describe(q)),
);

const nextActionsCannotMatter = compared<Inputs, number[][]>(
  "asks only for the best action afterwards, whichever it is",
  (rng) =>
    drawInputs(rng, 3, false).map((inputs): [Inputs, Inputs] => {
      const turned = inputs[0].map((row, s) => (s === inputs[4] ? [...row].reverse() : row));
      const [, s, a, r, n, over, alpha, gamma] = inputs;
      return [inputs, [turned, s, a, r, n, over, alpha, gamma]];
    }),
  // the row of s′ is reversed, so only the entries of other states can be compared
  (changed, original) => {
    const sums = [changed, original].map((q) => q.flat().reduce((sum, x) => sum + x, 0));
    return close(sums[0], sums[1]) ? undefined : "the same step as with the actions of s′ renamed";
  },
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "bootstrapsAfterTheEnd",
    looksLike: "the value of the next state is counted although the episode ended.",
    implementation: (
      q: number[][],
      state: number,
      action: number,
      reward: number,
      next: number,
      _: boolean,
      alpha: number,
      gamma: number,
    ) => {
      const out = q.map((row) => [...row]);
      const target = reward + gamma * Math.max(...q[next]);
      out[state][action] += alpha * (target - q[state][action]);
      return out;
    },
  },
  {
    name: "takesTheSameActionNext",
    looksLike: "the next state's value is that of the same action; Q-learning takes its best one.",
    implementation: (
      q: number[][],
      state: number,
      action: number,
      reward: number,
      next: number,
      terminated: boolean,
      alpha: number,
      gamma: number,
    ) => {
      const out = q.map((row) => [...row]);
      const target = reward + (terminated ? 0 : gamma * q[next][action]);
      out[state][action] += alpha * (target - q[state][action]);
      return out;
    },
  },
  {
    name: "averagesOverActions",
    looksLike: "the next state is worth the mean of its actions here; it is worth its best.",
    implementation: (
      q: number[][],
      state: number,
      action: number,
      reward: number,
      next: number,
      terminated: boolean,
      alpha: number,
      gamma: number,
    ) => {
      const out = q.map((row) => [...row]);
      const mean = q[next].reduce((sum, x) => sum + x, 0) / q[next].length;
      const target = reward + (terminated ? 0 : gamma * mean);
      out[state][action] += alpha * (target - q[state][action]);
      return out;
    },
  },
  {
    name: "forgetsWhatItHad",
    looksLike: "the old value is not taken off: the entry grows with every step.",
    implementation: (
      q: number[][],
      state: number,
      action: number,
      reward: number,
      next: number,
      terminated: boolean,
      alpha: number,
      gamma: number,
    ) => {
      const out = q.map((row) => [...row]);
      out[state][action] += alpha * (reward + (terminated ? 0 : gamma * Math.max(...q[next])));
      return out;
    },
  },
  {
    name: "writesIntoQ",
    looksLike: "the given table is changed and returned; a new one was asked for.",
    implementation: (
      q: number[][],
      state: number,
      action: number,
      reward: number,
      next: number,
      terminated: boolean,
      alpha: number,
      gamma: number,
    ) => {
      const target = reward + (terminated ? 0 : gamma * Math.max(...q[next]));
      q[state][action] += alpha * (target - q[state][action]);
      return q;
    },
  },
];

/** Part 2 of exercise 04. */
export const qUpdateExercise: FunctionExercise<Inputs, number[][]> = {
  name: "qUpdate",
  exercise: "04-shaping-and-tamer",
  parameters,
  shape: (q) => [q.length, q[0].length],
  properties: [
    workedByHand,
    othersStay,
    zeroStep,
    nextActionsCannotMatter,
    leavesInputs((rng) => drawInputs(rng, 2, false), parameters),
  ],
  mistakes,
  hints: [
    "One entry moves a share $\\alpha$ of the way from what it says to what the step has just shown.",
    "What the step has shown is the reward plus, unless the episode ended, $\\gamma$ times the *largest* entry of the next state's row.",
    "$Q(s,a) \\leftarrow Q(s,a) + \\alpha\\,[\\,r + \\gamma \\max_{a'} Q(s',a') - Q(s,a)\\,]$. Copy the table first: `q.map((row) => [...row])`.",
  ],
};
