/** Exercise 07, part 1: one merge of byte-pair encoding. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, each, leavesInputs } from "../../judge";

/** Tokens of a text, the pair to be merged, and the new token's number. */
type Inputs = [tokens: number[], left: number, right: number, merged: number];

const parameters = ["tokens", "left", "right", "merged"];

/** Texts of three kinds of tokens, in which the pair (1, 2) occurs. */
export function drawMerges(rng: Rng, length: number, count: number): Inputs[] {
  return Array.from({ length: count }, (): Inputs => {
    const tokens = Array.from({ length }, () => rng.integer(3));
    tokens.splice(rng.integer(length - 1), 2, 1, 2);
    return [tokens, 1, 2, 9];
  });
}

/** What comes out, for the shape of an answer. */
export function mergedLength(tokens: readonly number[], left: number, right: number): number {
  let [length, t] = [0, 0];
  while (t < tokens.length) {
    t += tokens[t] === left && tokens[t + 1] === right ? 2 : 1;
    length += 1;
  }
  return length;
}

const workedByHand = byHand<Inputs, number[]>("agrees with texts worked out by hand", [
  {
    inputs: [[1, 2, 3, 1, 2], 1, 2, 9],
    answer: [9, 3, 9],
    because: "[9, 3, 9]: both places where 1 is followed by 2 become 9",
  },
  {
    inputs: [[2, 1, 1, 2, 1], 1, 2, 9],
    answer: [2, 1, 9, 1],
    because: "[2, 1, 9, 1]: 2 followed by 1 is another pair, and a single 1 stays",
  },
  {
    inputs: [[5, 5, 5, 4], 5, 5, 7],
    answer: [7, 5, 4],
    because: "[7, 5, 4]: from the left; the third 5 has no partner left",
  },
]);

const leavesNone = each<Inputs, number[]>(
  "leaves no pair behind, and loses nothing",
  (rng) => drawMerges(rng, 10, 4),
  (value, [tokens, left, right, merged]) => {
    const spelled = value.flatMap((token) => (token === merged ? [left, right] : [token]));
    if (spelled.join() !== tokens.join()) return "the same text when each 9 is spelled out again";
    const rest = value.findIndex((token, t) => token === left && value[t + 1] === right);
    return rest < 0 ? undefined : `no ${left}, ${right} left over; there is one at ${rest}`;
  },
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "mergesOnlyTheFirst",
    looksLike: "only the first place is merged; all of them are wanted.",
    implementation: (tokens: number[], left: number, right: number, merged: number) => {
      const at = tokens.findIndex((token, t) => token === left && tokens[t + 1] === right);
      return at < 0 ? [...tokens] : [...tokens.slice(0, at), merged, ...tokens.slice(at + 2)];
    },
  },
  {
    name: "keepsTheSecond",
    looksLike: "the pair's second token stays beside the new one; both are replaced.",
    implementation: (tokens: number[], left: number, right: number, merged: number) =>
      tokens.map((token, t) => (token === left && tokens[t + 1] === right ? merged : token)),
  },
  {
    name: "mergesEitherOrder",
    looksLike: "the turned pair is merged too; (1, 2) and (2, 1) are two pairs.",
    implementation: (tokens: number[], left: number, right: number, merged: number) => {
      const out: number[] = [];
      for (let t = 0; t < tokens.length; t++) {
        const [a, b] = [tokens[t], tokens[t + 1]];
        if ((a === left && b === right) || (a === right && b === left)) {
          out.push(merged);
          t += 1;
        } else out.push(a);
      }
      return out;
    },
  },
  {
    name: "dropsTheRest",
    looksLike: "tokens outside of the pair are lost.",
    implementation: (tokens: number[], left: number, right: number, merged: number) =>
      tokens.flatMap((token, t) => (token === left && tokens[t + 1] === right ? [merged] : [])),
  },
];

/** Part 1 of exercise 07. */
export const mergePairExercise: FunctionExercise<Inputs, number[]> = {
  name: "mergePair",
  exercise: "07-instruction-tuning",
  parameters,
  shape: (tokens, left, right) => [mergedLength(tokens, left, right)],
  properties: [workedByHand, leavesNone, leavesInputs((rng) => drawMerges(rng, 6, 2), parameters)],
  mistakes,
  hints: [
    "Walk through the tokens from the left and build a new list. At each place either one token is taken over, or two are replaced.",
    "The pair is at place $t$ if `tokens[t] === left` and `tokens[t + 1] === right`. After a merge the walk goes on two places further.",
    "`while (t < tokens.length)`: push `merged` and add 2 to $t$, or push `tokens[t]` and add 1.",
  ],
};
