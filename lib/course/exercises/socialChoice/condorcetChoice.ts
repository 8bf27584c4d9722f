/** Exercise 02, part 1: the option that beats every other by majority. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, compared, each, leavesInputs } from "../../judge";
import { drawProfiles, puts, renamed, type Ballots } from "./profiles";

/** Ballots [voters][m], options best first. The answer is an option, or −1 where there is none. */
type Inputs = [ballots: Ballots];

const parameters = ["ballots"];
const draw = (rng: Rng, count: number): Inputs[] => drawProfiles(rng, count).map((b) => [b]);

// prettier-ignore
const workedByHand = byHand<Inputs, number>("agrees with elections worked out by hand", [
  { inputs: [[[1, 0, 2]]], answer: 1, because: "1: with one voter, their first choice" },
  { inputs: [[[0, 1, 2], [1, 2, 0], [2, 0, 1]]], answer: -1, because: "−1: each beats one and loses to one, two to one" },
  { inputs: [[[0, 1, 2], [0, 1, 2], [1, 2, 0], [2, 1, 0], [2, 1, 0]]], answer: 1, because: "1: beats 0 by 3 to 2 and 2 by 3 to 2, although it has one first place only" },
  { inputs: [[[0, 1], [1, 0]]], answer: -1, because: "−1: one to one is no majority" },
]);

const followsUnanimity = each<Inputs, number>(
  "chooses what everybody puts first",
  (rng) =>
    drawProfiles(rng, 4).map((ballots): Inputs => [
      ballots.map((ballot) => [2, ...ballot.filter((option) => option !== 2)]),
    ]),
  (value) => (value === 2 ? undefined : "2: everybody's first choice"),
);

const beatsAll = each<Inputs, number>(
  "beats every other by more than half, or there is none",
  (rng) => draw(rng, 10),
  (value, [ballots]) => {
    const options = ballots[0].map((_, i) => i);
    const wins = (i: number, j: number) => 2 * ballots.filter((b) => puts(b, i, j)).length;
    const winner = options.find((i) =>
      options.every((j) => j === i || wins(i, j) > ballots.length),
    );
    return value === (winner ?? -1) ? undefined : String(winner ?? -1).replace("-", "−");
  },
);

const namesDoNotMatter = compared<Inputs, number>(
  "does not care which number an option has",
  (rng) =>
    draw(rng, 6).map(([ballots]): [Inputs, Inputs] => {
      const last = ballots[0].length - 1;
      return [[ballots], [renamed(ballots, ballots[0].map((_, i) => last - i))]]; // prettier-ignore
    }),
  (turned, original) =>
    turned < 0 === original < 0 ? undefined : `${original < 0 ? "none" : "an option"}, as before`,
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "countsFirstPlaces",
    looksLike: "the most first places win; that is plurality, and no majority against each other.",
    implementation: (ballots: number[][]) => {
      const firsts = ballots[0].map((_, i) => ballots.filter((b) => b[0] === i).length);
      return firsts.indexOf(Math.max(...firsts));
    },
  },
  {
    name: "takesTies",
    looksLike: "half of the voters are enough; beating needs more than half.",
    implementation: (ballots: number[][]) =>
      ballots[0]
        .map((_, i) => i)
        .findIndex((i) =>
          ballots[0].every(
            (j) =>
              j === i ||
              2 * ballots.filter((b) => b.indexOf(i) < b.indexOf(j)).length >= ballots.length,
          ),
        ),
  },
  {
    name: "findsTheLoser",
    looksLike: "the comparison is turned round: this option loses to every other.",
    implementation: (ballots: number[][]) =>
      ballots[0]
        .map((_, i) => i)
        .findIndex((i) =>
          ballots[0].every(
            (j) =>
              j === i ||
              2 * ballots.filter((b) => b.indexOf(i) > b.indexOf(j)).length > ballots.length,
          ),
        ),
  },
  {
    name: "alwaysHasAWinner",
    looksLike: "where majorities run in a circle some option is returned all the same.",
    implementation: (ballots: number[][]) => {
      const wins = ballots[0].map(
        (_, i) =>
          ballots[0].filter(
            (j) =>
              j !== i &&
              2 * ballots.filter((b) => b.indexOf(i) < b.indexOf(j)).length > ballots.length,
          ).length,
      );
      return wins.indexOf(Math.max(...wins));
    },
  },
];

/** Part 1 of exercise 02. */
export const condorcetChoiceExercise: FunctionExercise<Inputs, number> = {
  name: "condorcetChoice",
  exercise: "02-whose-preferences",
  parameters,
  shape: () => [],
  properties: [
    workedByHand,
    followsUnanimity,
    beatsAll,
    namesDoNotMatter,
    leavesInputs((rng) => draw(rng, 3), parameters),
  ],
  mistakes,
  hints: [
    "Try the options one by one. For each, compare it with every other option: on how many ballots does it stand before?",
    "`ballot.indexOf(i) < ballot.indexOf(j)` says whether a ballot has $i$ before $j$. More than half of the ballots must; exactly half is a tie.",
    "`options.findIndex((i) => options.every((j) => j === i || 2 * count(i, j) > ballots.length))`: `findIndex` gives −1 by itself when there is none.",
  ],
};
