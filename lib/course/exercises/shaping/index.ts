/** Exercise 04: shaping and TAMER, written by hand. */
import type { FunctionExercise } from "../../exercise";
import { pressCreditExercise } from "./pressCredit";
import { qUpdateExercise } from "./qUpdate";
import { shapingRewardExercise } from "./shapingReward";
import { tamerUpdateExercise } from "./tamerUpdate";

export const shapingExercise: readonly FunctionExercise[] = [
  shapingRewardExercise,
  qUpdateExercise,
  pressCreditExercise,
  tamerUpdateExercise,
];
