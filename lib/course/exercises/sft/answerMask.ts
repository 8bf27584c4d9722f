/** Exercise 07, part 3: which tokens of a conversation are the assistant's. */
import type { Rng } from "../../../core/rng";
import type { FunctionExercise, Mistake } from "../../exercise";
import { byHand, describe, each, leavesInputs } from "../../judge";

/** A conversation's tokens, the assistant's mark and the end mark. */
type Inputs = [tokens: number[], assistant: number, end: number];

const parameters = ["tokens", "assistant", "end"];

/** Conversations of so many turns: 13 question 14 answer 15, … with padding 16 behind. */
export function drawConversations(rng: Rng, turns: number, padding: number): Inputs[] {
  const said = (): number[] => Array.from({ length: 1 + rng.integer(3) }, () => rng.integer(10));
  return Array.from({ length: 3 }, (): Inputs => {
    const rounds = Array.from({ length: turns }, () => [13, ...said(), 14, ...said(), 15]);
    return [[...rounds.flat(), ...Array.from({ length: padding }, () => 16)], 14, 15];
  });
}

/** 1 after an assistant's mark, up to and with the end mark. */
export function maskOfAnswers(tokens: readonly number[], assistant: number, end: number): number[] {
  let speaking = false;
  return tokens.map((token) => {
    const own = speaking ? 1 : 0;
    if (token === assistant) speaking = true;
    if (token === end) speaking = false;
    return own;
  });
}

const workedByHand = byHand<Inputs, number[]>("agrees with conversations worked out by hand", [
  {
    inputs: [[13, 7, 5, 14, 2, 15], 14, 15],
    answer: [0, 0, 0, 0, 1, 1],
    because: "[0, 0, 0, 0, 1, 1]: the answer 2 and the end; not the mark 14, which is given",
  },
  {
    inputs: [[13, 1, 14, 2, 15, 13, 3, 14, 4, 5, 15, 16], 14, 15],
    answer: [0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0],
    because: "both answers with their ends; neither the second question nor the padding",
  },
]);

const rightCount = each<Inputs, number[]>(
  "counts each answer and its end, and nothing else",
  (rng) => [1, 2, 3].flatMap((turns) => drawConversations(rng, turns, 2)),
  (value, inputs) => {
    const right = maskOfAnswers(...inputs);
    return value.join() === right.join() ? undefined : describe(right);
  },
);

/** Self-contained: the text of these functions is also graded as a submission. */
const mistakes: readonly Mistake[] = [
  {
    name: "forgetsTheEnd",
    looksLike: "the end mark does not count: the model would never learn to stop.",
    implementation: (tokens: number[], assistant: number, end: number) => {
      let speaking = false;
      return tokens.map((token) => {
        if (token === end) speaking = false;
        const own = speaking ? 1 : 0;
        if (token === assistant) speaking = true;
        return own;
      });
    },
  },
  {
    name: "learnsTheMark",
    looksLike: "the assistant's mark counts too; it is given with the prompt.",
    implementation: (tokens: number[], assistant: number, end: number) => {
      let speaking = false;
      return tokens.map((token) => {
        if (token === assistant) speaking = true;
        const own = speaking ? 1 : 0;
        if (token === end) speaking = false;
        return own;
      });
    },
  },
  {
    name: "neverStops",
    looksLike: "everything after the first answer counts too: later questions, padding.",
    implementation: (tokens: number[], assistant: number) => {
      let speaking = false;
      return tokens.map((token) => {
        const own = speaking ? 1 : 0;
        if (token === assistant) speaking = true;
        return own;
      });
    },
  },
  {
    name: "takesTheLastOnly",
    looksLike: "only the last answer counts; the assistant said the earlier ones too.",
    implementation: (tokens: number[], assistant: number, end: number) => {
      const from = tokens.lastIndexOf(assistant);
      const to = tokens.lastIndexOf(end);
      return tokens.map((_, t) => (t > from && t <= to ? 1 : 0));
    },
  },
  {
    name: "turnsTheMask",
    looksLike: "the mask is turned round: the model learns to ask.",
    implementation: (tokens: number[], assistant: number, end: number) => {
      let speaking = false;
      return tokens.map((token) => {
        const own = speaking ? 0 : 1;
        if (token === assistant) speaking = true;
        if (token === end) speaking = false;
        return own;
      });
    },
  },
];

/** Part 3 of exercise 07. */
export const answerMaskExercise: FunctionExercise<Inputs, number[]> = {
  name: "answerMask",
  exercise: "07-instruction-tuning",
  parameters,
  shape: (tokens) => [tokens.length],
  properties: [
    workedByHand,
    rightCount,
    leavesInputs((rng) => drawConversations(rng, 2, 1), parameters),
  ],
  mistakes,
  hints: [
    "Read the conversation from left to right and remember one thing: is the assistant speaking?",
    "It begins to speak *after* its mark, and stops *after* the end mark. The order of “note” and “switch” decides which marks count.",
    "For each token: first write down 1 if the assistant is speaking; then switch on at its mark and off at the end mark.",
  ],
};
