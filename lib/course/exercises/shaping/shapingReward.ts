/** Exercise 04, part 1: the reward of a potential. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each } from "../../judge";

/** Potentials [S], the state left, the state entered, whether the episode ended there, and γ. */
type Inputs = [
  potentials: number[],
  state: number,
  next: number,
  terminated: boolean,
  gamma: number,
];

const parameters = ["potentials", "state", "next", "terminated", "gamma"];
const tenth = (x: number) => Math.round(10 * x) / 10;

function drawInputs(rng: Rng, count: number, terminated: boolean): Inputs[] {
  return Array.from({ length: count }, () => {
    const potentials = Array.from({ length: 4 }, () => tenth(3 * rng.normal()) + 0.05);
    const [state, next] = rng.permutation(4);
    return [potentials, state, next, terminated, [0.5, 0.9, 0.95][rng.integer(3)]];
  });
}

const workedByHand = byHand<Inputs, number>("agrees with steps worked out by hand", [
  {
    inputs: [[-2, -1], 0, 1, false, 0.9],
    answer: 1.1,
    because: "1.1: from −2 to −1 is 0.9·(−1) − (−2)",
  },
  {
    inputs: [[-1, 3], 0, 1, true, 0.9],
    answer: 1,
    because: "1: after the end the potential counts as 0, so only −Φ(s) = 1 is left",
  },
]);

const staying = each<Inputs, number>(
  "charges (1 − γ)·Φ for staying where one is",
  (rng) => drawInputs(rng, 3, false).map(([p, s, , over, gamma]): Inputs => [p, s, s, over, gamma]),
  (value, [potentials, state, , , gamma]) => {
    const right = (gamma - 1) * potentials[state];
    return close(value, right) ? undefined : describe(right);
  },
);

const roundTrip = each<Inputs, number>(
  "gives back on the way home what it paid on the way out, when γ = 1",
  (rng) => drawInputs(rng, 3, false).map(([p, s, n]): Inputs => [p, s, n, false, 1]),
  (value, [potentials, state, next]) => {
    const right = potentials[next] - potentials[state];
    return close(value, right) ? undefined : `${describe(right)}, the difference of the heights`;
  },
);

const endIsLow = compared<Inputs, number>(
  "does not care how high the last square is once the episode has ended",
  (rng) =>
    drawInputs(rng, 3, true).map((inputs): [Inputs, Inputs] => {
      const raised = inputs[0].map((p, s) => (s === inputs[2] ? p + 5 : p));
      return [inputs, [raised, inputs[1], inputs[2], inputs[3], inputs[4]]];
    }),
  (changed, original) =>
    close(changed, original) ? undefined : `${describe(original)}, as before it was raised by 5`,
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "forgetsGamma",
    looksLike: "the discount is missing: the difference is Φ(s′) − Φ(s).",
    implementation: (potentials: number[], state: number, next: number, terminated: boolean) =>
      (terminated ? 0 : potentials[next]) - potentials[state],
  },
  {
    name: "paysAtTheEnd",
    looksLike: "the last square's potential is still paid when the episode ends there.",
    implementation: (
      potentials: number[],
      state: number,
      next: number,
      _: boolean,
      gamma: number,
    ) => gamma * potentials[next] - potentials[state],
  },
  {
    name: "addsNothingAtTheEnd",
    looksLike: "the last step gets no shaping at all; what was lent must be given back there.",
    implementation: (
      potentials: number[],
      state: number,
      next: number,
      terminated: boolean,
      gamma: number,
    ) => (terminated ? 0 : gamma * potentials[next] - potentials[state]),
  },
  {
    name: "discountsBoth",
    looksLike: "both potentials are discounted; only the one that is entered comes a step later.",
    implementation: (
      potentials: number[],
      state: number,
      next: number,
      terminated: boolean,
      gamma: number,
    ) => gamma * ((terminated ? 0 : potentials[next]) - potentials[state]),
  },
  {
    name: "turnsTheSign",
    looksLike: "the sign is turned: going up should pay.",
    implementation: (
      potentials: number[],
      state: number,
      next: number,
      terminated: boolean,
      gamma: number,
    ) => potentials[state] - gamma * (terminated ? 0 : potentials[next]),
  },
];

/** Part 1 of exercise 04. */
export const shapingRewardExercise: FunctionExercise<Inputs, number> = {
  name: "shapingReward",
  exercise: "04-shaping-and-tamer",
  parameters,
  shape: () => [],
  properties: [workedByHand, staying, roundTrip, endIsLow],
  mistakes,
  hints: [
    "A step pays the height that is reached and charges the height that is left. One of the two comes a step later than the other.",
    "What comes a step later is discounted by $\\gamma$. And after the end there is nothing, so there $\\Phi$ counts as 0.",
    "$F = \\gamma\\,\\Phi(s') - \\Phi(s)$, with $\\Phi(s')$ replaced by 0 when `terminated`.",
  ],
};
