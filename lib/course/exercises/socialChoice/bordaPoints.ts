/** Exercise 02, part 2: points for places. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { allClose, byHand, compared, describe, each, leavesInputs } from "../../judge";
import { drawProfiles, renamed, type Ballots } from "./profiles";

/** Ballots [voters][m], options best first. The answer is the points of each option [m]. */
type Inputs = [ballots: Ballots];

const parameters = ["ballots"];
const draw = (rng: Rng, count: number): Inputs[] => drawProfiles(rng, count).map((b) => [b]);

// prettier-ignore
const workedByHand = byHand<Inputs, number[]>("agrees with counts worked out by hand", [
  { inputs: [[[2, 0, 1]]], answer: [1, 0, 2], because: "[1, 0, 2]: option 2 is first and gets 2 points, option 0 gets 1, option 1 none" },
  { inputs: [[[0, 1, 2], [1, 2, 0]]], answer: [2, 3, 1], because: "[2, 3, 1]: 2 + 0, 1 + 2 and 0 + 1" },
  { inputs: [[[3, 2, 1, 0], [3, 1, 2, 0]]], answer: [0, 3, 3, 6], because: "[0, 3, 3, 6]: with four options a first place is worth 3" },
]);

const totals = each<Inputs, number[]>(
  "gives m(m − 1)/2 points for each ballot in all",
  (rng) => draw(rng, 5),
  (value, [ballots]) => {
    const m = ballots[0].length;
    const total = (ballots.length * m * (m - 1)) / 2;
    const sum = value.reduce((a, b) => a + b, 0);
    return sum === total ? undefined : `points that sum to ${total}; these sum to ${sum}`;
  },
);

const countsWins = each<Inputs, number[]>(
  "counts the comparisons with another option that an option wins",
  (rng) => draw(rng, 6),
  (value, [ballots]) => {
    const wins = ballots[0].map((_, i) =>
      ballots.reduce((sum, ballot) => sum + ballot.length - 1 - ballot.indexOf(i), 0),
    );
    return allClose(value, wins) ? undefined : describe(wins);
  },
);

const follows = compared<Inputs, number[]>(
  "gives an option its points whatever its number",
  (rng) =>
    draw(rng, 5).map(([ballots]): [Inputs, Inputs] => {
      const m = ballots[0].length;
      return [[ballots], [renamed(ballots, ballots[0].map((_, i) => (i + 1) % m))]]; // prettier-ignore
    }),
  (turned, original) => {
    const right = original.map((_, i) => original[(i + original.length - 1) % original.length]);
    return allClose(turned, right) ? undefined : describe(right);
  },
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "pointsByPlace",
    looksLike: "the points stand in the order of the places; they belong to the options.",
    implementation: (ballots: number[][]) =>
      ballots[0].map((_, place) => ballots.reduce((sum, b) => sum + b.length - 1 - place, 0)),
  },
  {
    name: "worstGetsMost",
    looksLike: "the last place gets most points: the places are counted from the wrong end.",
    implementation: (ballots: number[][]) => {
      const points = ballots[0].map(() => 0);
      for (const ballot of ballots) ballot.forEach((option, place) => (points[option] += place));
      return points;
    },
  },
  {
    name: "startsAtOne",
    looksLike: "the last place gets a point; it should get none.",
    implementation: (ballots: number[][]) => {
      const points = ballots[0].map(() => 0);
      for (const b of ballots) b.forEach((option, place) => (points[option] += b.length - place));
      return points;
    },
  },
  {
    name: "readsOptionsAsPlaces",
    looksLike: "ballot[i] is taken for the place of option i; it is the option at place i.",
    implementation: (ballots: number[][]) =>
      ballots[0].map((_, i) => ballots.reduce((sum, b) => sum + b.length - 1 - b[i], 0)),
  },
  {
    name: "onlyFirstPlaces",
    looksLike: "only first places are counted.",
    implementation: (ballots: number[][]) =>
      ballots[0].map((_, i) => ballots.filter((b) => b[0] === i).length * (ballots[0].length - 1)),
  },
];

/** Part 2 of exercise 02. */
export const bordaPointsExercise: FunctionExercise<Inputs, number[]> = {
  name: "bordaPoints",
  exercise: "02-whose-preferences",
  parameters,
  shape: (ballots) => [ballots[0].length],
  properties: [
    workedByHand,
    totals,
    countsWins,
    follows,
    leavesInputs((rng) => draw(rng, 3), parameters),
  ],
  mistakes,
  hints: [
    "Start with a list of zeros, one for each option, and walk through the ballots.",
    "`ballot[place]` is the option at that place, 0 being the best. Which entry of your list gets points, and how many?",
    "`points[ballot[place]] += m - 1 - place`, with $m$ the number of options.",
  ],
};
