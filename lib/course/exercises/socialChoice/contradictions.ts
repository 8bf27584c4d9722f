/** Exercise 02, part 3: how often a ranking contradicts the ballots; Kemeny takes the least. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, compared, describe, each, leavesInputs } from "../../judge";
import { drawProfiles, type Ballots } from "./profiles";

/** A ranking [m], best first, and ballots [voters][m]. */
type Inputs = [ranking: number[], ballots: Ballots];

const parameters = ["ranking", "ballots"];
const draw = (rng: Rng, count: number): Inputs[] =>
  drawProfiles(rng, count).map((ballots) => [rng.permutation(ballots[0].length), ballots]);

// prettier-ignore
const workedByHand = byHand<Inputs, number>("agrees with counts worked out by hand", [
  { inputs: [[0, 1, 2], [[0, 1, 2]]], answer: 0, because: "0: the ballot is the ranking" },
  { inputs: [[0, 1, 2], [[2, 1, 0]]], answer: 3, because: "3: all three pairs are the other way round" },
  { inputs: [[0, 1, 2], [[1, 0, 2], [2, 0, 1]]], answer: 3, because: "3: one pair on the first ballot, (0, 2) and (1, 2) on the second" },
  { inputs: [[0, 1, 2], [[0, 1, 2], [1, 2, 0], [2, 0, 1]]], answer: 4, because: "4: 0 + 2 + 2" },
]);

const ownBallot = each<Inputs, number>(
  "is 0 where every ballot is the ranking itself",
  (rng) => draw(rng, 4).map(([ranking]): Inputs => [ranking, [ranking, ranking]]),
  (value) => (value === 0 ? undefined : "0"),
);

const allReversed = compared<Inputs, number>(
  "does not change when the ranking and all ballots are turned round",
  (rng) =>
    draw(rng, 6).map(([ranking, ballots]): [Inputs, Inputs] => [
      [ranking, ballots],
      [[...ranking].reverse(), ballots.map((ballot) => [...ballot].reverse())],
    ]),
  (reversed, original) => (reversed === original ? undefined : describe(original)),
);

const pairByPair = each<Inputs, number>(
  "counts each pair once on each ballot",
  (rng) => draw(rng, 8),
  (value, [ranking, ballots]) => {
    let right = 0;
    for (const b of ballots) {
      ranking.forEach((i, k) =>
        ranking.slice(0, k).forEach((j) => (right += b.indexOf(j) > b.indexOf(i) ? 1 : 0)),
      );
    }
    return value === right ? undefined : String(right);
  },
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "countsPairsTwice",
    looksLike: "every pair is counted twice, once from each side.",
    implementation: (ranking: number[], ballots: number[][]) => {
      let count = 0;
      for (const b of ballots)
        for (const i of ranking)
          for (const j of ranking)
            if (ranking.indexOf(i) < ranking.indexOf(j) !== b.indexOf(i) < b.indexOf(j)) count++;
      return count;
    },
  },
  {
    name: "countsPlaces",
    looksLike: "places that differ are counted, not pairs in the other order.",
    implementation: (ranking: number[], ballots: number[][]) =>
      ballots.reduce((sum, b) => sum + b.filter((option, k) => option !== ranking[k]).length, 0),
  },
  {
    name: "countsAgreements",
    looksLike: "pairs in the same order are counted; the others were meant.",
    implementation: (ranking: number[], ballots: number[][]) => {
      let count = 0;
      for (const b of ballots)
        for (let k = 0; k < ranking.length; k++)
          for (let l = k + 1; l < ranking.length; l++)
            if (b.indexOf(ranking[k]) < b.indexOf(ranking[l])) count++;
      return count;
    },
  },
  {
    name: "neighboursOnly",
    looksLike: "only neighbours in the ranking are compared.",
    implementation: (ranking: number[], ballots: number[][]) => {
      let count = 0;
      for (const b of ballots)
        for (let k = 0; k + 1 < ranking.length; k++)
          if (b.indexOf(ranking[k]) > b.indexOf(ranking[k + 1])) count++;
      return count;
    },
  },
  {
    name: "firstBallotOnly",
    looksLike: "only one ballot is read.",
    implementation: (ranking: number[], ballots: number[][]) => {
      let count = 0;
      for (let k = 0; k < ranking.length; k++)
        for (let l = k + 1; l < ranking.length; l++)
          if (ballots[0].indexOf(ranking[k]) > ballots[0].indexOf(ranking[l])) count++;
      return count;
    },
  },
];

/** Part 3 of exercise 02. */
export const contradictionsExercise: FunctionExercise<Inputs, number> = {
  name: "contradictions",
  exercise: "02-whose-preferences",
  parameters,
  shape: () => [],
  properties: [
    workedByHand,
    ownBallot,
    allReversed,
    pairByPair,
    leavesInputs((rng) => draw(rng, 3), parameters),
  ],
  mistakes,
  hints: [
    "Three loops: over ballots, over places of the ranking, and over the places after it.",
    "With $k < l$ the ranking has `ranking[k]` before `ranking[l]`. The ballot contradicts it if it has them the other way round.",
    "`ballot.indexOf(ranking[k]) > ballot.indexOf(ranking[l])` is one contradiction. Count them all.",
  ],
};
