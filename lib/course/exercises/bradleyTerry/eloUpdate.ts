/** Exercise 03, part 4: Elo's rule, the Bradley–Terry model one battle at a time. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, close, compared, describe, each, leavesInputs } from "../../judge";

/** Ratings [n], two items, the first one's score (1 win, ½ draw, 0 loss) and the K-factor. */
type Inputs = [ratings: number[], first: number, second: number, score: number, k: number];

const parameters = ["ratings", "first", "second", "score", "k"];

function drawInputs(rng: Rng, count: number): Inputs[] {
  return Array.from({ length: count }, () => {
    const ratings = Array.from({ length: 4 }, () => 1500 + Math.round(150 * rng.normal()));
    const [first, second] = rng.permutation(4);
    return [ratings, first, second, rng.integer(3) / 2, 16];
  });
}

const workedByHand = byHand<Inputs, number[]>("agrees with battles worked out by hand", [
  {
    inputs: [[1500, 1500], 0, 1, 1, 32],
    answer: [1516, 1484],
    because: "[1516, 1484]: between equals half a point was expected, so a win moves K/2",
  },
  {
    inputs: [[1900, 1500], 0, 1, 1, 11],
    answer: [1901, 1499],
    because: "[1901, 1499]: 400 points are odds of 10 : 1, so the favourite gains K times 1/11",
  },
  {
    inputs: [[1500, 1300, 1900], 0, 2, 0.5, 11],
    answer: [1504.5, 1300, 1895.5],
    because: "[1504.5, 1300, 1895.5]: a draw is ½ where 1/11 was expected",
  },
]);

const sumStays = each<Inputs, number[]>(
  "takes from one what it gives to the other",
  (rng) => drawInputs(rng, 4),
  (value, [ratings]) => {
    const sum = (xs: number[]) => xs.reduce((total, x) => total + x, 0);
    return close(sum(value), sum(ratings), 1e-9)
      ? undefined
      : `ratings that still sum to ${describe(sum(ratings))}; these sum to ${describe(sum(value))}`;
  },
);

const othersStay = each<Inputs, number[]>(
  "leaves everybody else's rating alone",
  (rng) => drawInputs(rng, 4),
  (value, [ratings, first, second]) => {
    const i = ratings.findIndex((r, k) => k !== first && k !== second && !close(value[k], r));
    return i < 0 ? undefined : `ratings[${i}] still ${ratings[i]}: it did not play`;
  },
);

const seatDoesNotMatter = compared<Inputs, number[]>(
  "does not care who is named first",
  (rng) =>
    drawInputs(rng, 4).map(([ratings, first, second, score, k]): [Inputs, Inputs] => [
      [ratings, first, second, score, k],
      [ratings, second, first, 1 - score, k],
    ]),
  (changed, original) =>
    changed.every((rating, i) => close(rating, original[i]))
      ? undefined
      : `${describe(original)}, as for the same battle told from the other side`,
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "forgetsTheScale",
    looksLike: "rating points are taken for log-odds; 400 points are a factor of 10 in the odds.",
    implementation: (
      ratings: number[],
      first: number,
      second: number,
      score: number,
      k: number,
    ) => {
      const expected = 1 / (1 + Math.exp(ratings[second] - ratings[first]));
      const next = [...ratings];
      next[first] += k * (score - expected);
      next[second] -= k * (score - expected);
      return next;
    },
  },
  {
    name: "usesEInsteadOfTen",
    looksLike: "odds grow by a factor of e in 400 points; Elo's factor is 10.",
    implementation: (
      ratings: number[],
      first: number,
      second: number,
      score: number,
      k: number,
    ) => {
      const expected = 1 / (1 + Math.exp((ratings[second] - ratings[first]) / 400));
      const next = [...ratings];
      next[first] += k * (score - expected);
      next[second] -= k * (score - expected);
      return next;
    },
  },
  {
    name: "movesOnlyTheFirst",
    looksLike: "only the first one's rating moves; what it gains the other must lose.",
    implementation: (
      ratings: number[],
      first: number,
      second: number,
      score: number,
      k: number,
    ) => {
      const expected = 1 / (1 + 10 ** ((ratings[second] - ratings[first]) / 400));
      const next = [...ratings];
      next[first] += k * (score - expected);
      return next;
    },
  },
  {
    name: "expectsTheOpposite",
    looksLike: "the expected score is the opponent's: the two ratings are exchanged.",
    implementation: (
      ratings: number[],
      first: number,
      second: number,
      score: number,
      k: number,
    ) => {
      const expected = 1 / (1 + 10 ** ((ratings[first] - ratings[second]) / 400));
      const next = [...ratings];
      next[first] += k * (score - expected);
      next[second] -= k * (score - expected);
      return next;
    },
  },
  {
    name: "countsDrawsAsLosses",
    looksLike: "a draw is counted as a loss of the first.",
    implementation: (
      ratings: number[],
      first: number,
      second: number,
      score: number,
      k: number,
    ) => {
      const expected = 1 / (1 + 10 ** ((ratings[second] - ratings[first]) / 400));
      const next = [...ratings];
      const gain = k * ((score === 1 ? 1 : 0) - expected);
      next[first] += gain;
      next[second] -= gain;
      return next;
    },
  },
  {
    name: "writesIntoRatings",
    looksLike: "the given list of ratings is changed and returned; a new one was asked for.",
    implementation: (
      ratings: number[],
      first: number,
      second: number,
      score: number,
      k: number,
    ) => {
      const expected = 1 / (1 + 10 ** ((ratings[second] - ratings[first]) / 400));
      ratings[first] += k * (score - expected);
      ratings[second] -= k * (score - expected);
      return ratings;
    },
  },
];

/** Part 4 of exercise 03. */
export const eloUpdateExercise: FunctionExercise<Inputs, number[]> = {
  name: "eloUpdate",
  exercise: "03-bradley-terry",
  parameters,
  shape: (ratings) => [ratings.length],
  properties: [
    workedByHand,
    sumStays,
    othersStay,
    seatDoesNotMatter,
    leavesInputs((rng) => drawInputs(rng, 2), parameters),
  ],
  mistakes,
  hints: [
    "Two numbers decide: the score that came and the score that was expected. Their difference, times $K$, is what changes hands.",
    "The expected score is the Bradley–Terry probability on Elo's scale: odds of $10$ for every $400$ points of difference. At equal ratings it is ½.",
    "$E = \\dfrac{1}{1 + 10^{(R_\\text{second} - R_\\text{first})/400}}$. Copy the list first (`[...ratings]`), then add $K(S - E)$ to one entry and take it from the other.",
  ],
};
