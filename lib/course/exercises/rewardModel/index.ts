/** Exercise 08: reward models, by hand. */
import type { FunctionExercise } from "../../exercise";
import { calibrationErrorExercise } from "./calibrationError";
import { rankingLossExercise } from "./rankingLoss";
import { rewardLossExercise } from "./rewardLoss";

export const rewardModelExercise: readonly FunctionExercise[] = [
  rewardLossExercise,
  rankingLossExercise,
  calibrationErrorExercise,
];
