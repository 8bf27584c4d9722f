/**
 * How exercise 07 is marked. Each test asks for right answers on one kind of input, so that a
 * mistake costs the points of what it gets wrong and no others. Inputs are drawn anew in every run.
 * None of this is released.
 */
import type { Rng } from "../../../lib/core/rng";
import { drawConversations, maskOfAnswers } from "../../../lib/course/exercises/sft/answerMask";
import { drawRows } from "../../../lib/course/exercises/sft/maskedLoss";
import { drawScores } from "../../../lib/course/exercises/sft/temperedProbabilities";
import type { HiddenTest, Marking } from "../../../lib/course/grading/marking";
import { matches } from "../onePoint";
import { loss, merge, tempered } from "./reference";
import { functional, imperative } from "./right";

const several = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);

type Text = [tokens: number[], left: number, right: number, merged: number];

/** Tokens other than 1 and 2, which make the pair. */
const others = (rng: Rng): number[] => several(1 + rng.integer(3), () => 3 + rng.integer(5));
const text = (parts: number[][]): Text => [parts.flat(), 1, 2, 9];
const once = (rng: Rng) => several(3, () => text([others(rng), [1, 2], others(rng)]));
const often = (rng: Rng) =>
  several(3, () => text([others(rng), [1, 2], others(rng), [1, 2], others(rng)]));
const backwards = (rng: Rng) =>
  several(3, () => text([others(rng), [2, 1], others(rng), [1], others(rng)]));
const only = (rng: Rng) => several(3, () => text(several(2 + rng.integer(3), () => [1, 2])));

const mergeTests = [
  matches("once", "merges one place in a text", once, merge),
  matches("often", "merges every place", often, merge),
  matches("backwards", "leaves the turned pair and single tokens", backwards, merge),
  matches("only pairs", "merges a text of nothing but pairs", only, merge),
];

type Rows = [logits: number[][], targets: number[], mask: number[]];

const single = (rng: Rng): Rows[] => several(3, () => drawRows(rng, [1]));
const whole = (rng: Rng): Rows[] => several(3, () => drawRows(rng, [1, 1, 1, 1]));
const masked = (rng: Rng): Rows[] => several(3, () => drawRows(rng, [0, 0, 1, 1, 0]));
const huge = (rng: Rng): Rows[] =>
  several(2, (): Rows => {
    const [logits, targets, mask] = drawRows(rng, [1, 1]);
    return [logits.map((row) => row.map((z) => z + 2000)), targets, mask];
  });

const lossTests = [
  matches("one token", "is the surprise of one token", single, loss),
  matches("whole rows", "is the mean where every token counts", whole, loss),
  matches("masked", "is the mean over the tokens that count", masked, loss),
  matches("huge", "stays finite for huge scores", huge, loss),
];

const conversations = (turns: number, padding: number) => (rng: Rng) =>
  drawConversations(rng, turns, padding);

const maskTests = [
  matches("one answer", "finds one answer", conversations(1, 0), maskOfAnswers),
  matches("padded", "leaves padding out", conversations(1, 3), maskOfAnswers),
  matches("several", "finds every answer of a conversation", conversations(3, 0), maskOfAnswers),
];

type Scores = [logits: number[], temperature: number];

const at = (temperature: (rng: Rng) => number) => (rng: Rng) =>
  several(3, (): Scores => drawScores(rng, temperature(rng)));

const temperatureTests = [
  matches("T = 1", "is the softmax at T = 1", at(() => 1), tempered), // prettier-ignore
  matches("careful", "sharpens below 1", at((rng) => 0.3 + 0.5 * rng.uniform()), tempered), // prettier-ignore
  matches("wild", "flattens above 1", at((rng) => 1.5 + 3 * rng.uniform()), tempered), // prettier-ignore
  matches("tiny", "stays finite for tiny temperatures", at(() => 5e-4), tempered), // prettier-ignore
];

const everything = (tests: readonly HiddenTest[]) => tests.map(({ name }) => name);

/** The marking of exercise 07. */
export const marking: Marking = {
  exercise: "07-instruction-tuning",
  tests: {
    mergePair: mergeTests,
    maskedLoss: lossTests,
    answerMask: maskTests,
    temperedProbabilities: temperatureTests,
  },
  loses: {
    mergePair: {
      mergesOnlyTheFirst: ["often", "only pairs"],
      keepsTheSecond: ["once", "often", "only pairs"],
      mergesEitherOrder: ["backwards"],
      dropsTheRest: ["once", "often", "backwards"],
    },
    maskedLoss: {
      dividesByTheLength: ["masked"],
      ignoresTheMask: ["masked"],
      turnsTheSign: everything(lossTests),
      forgetsToNormalise: everything(lossTests),
      overflows: ["huge"],
    },
    answerMask: {
      forgetsTheEnd: everything(maskTests),
      learnsTheMark: everything(maskTests),
      neverStops: ["padded", "several"],
      takesTheLastOnly: ["several"],
      turnsTheMask: everything(maskTests),
    },
    temperedProbabilities: {
      multipliesByTemperature: ["careful", "wild", "tiny"],
      dividesProbabilities: ["careful", "wild", "tiny"],
      overflows: ["tiny"],
      forgetsToNormalise: ["T = 1", "careful", "wild"],
    },
  },
  right: [functional, imperative],
};
