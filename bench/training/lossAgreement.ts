/** How far two contenders' losses are apart over their first steps, as a column of the table. */
import type { Answer } from "./contender";

/** Losses are compared over this many first steps. */
const comparedSteps = 20;

const losses = (answers: Answer[]): number[] =>
  answers.flatMap((answer) => answer.losses ?? []).slice(0, comparedSteps);

export const lossAgreement = {
  title: `largest difference of ${comparedSteps} losses`,
  of: (answers: Answer[], first: Answer[]): string => {
    const expected = losses(first);
    const gaps = losses(answers).map((loss, i) => Math.abs(loss - expected[i]));
    return Math.max(...gaps).toExponential(1);
  },
};
