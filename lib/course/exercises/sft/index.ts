/** Exercise 07: tokens, loss, mask and temperature, written by hand. */
import type { FunctionExercise } from "../../exercise";
import { answerMaskExercise } from "./answerMask";
import { maskedLossExercise } from "./maskedLoss";
import { mergePairExercise } from "./mergePair";
import { temperedProbabilitiesExercise } from "./temperedProbabilities";

export const sftExercise: readonly FunctionExercise[] = [
  mergePairExercise,
  maskedLossExercise,
  answerMaskExercise,
  temperedProbabilitiesExercise,
];
