/** Exercise 11: direct preference optimisation, written by hand. */
import type { FunctionExercise } from "../../exercise";
import { dpoLossExercise } from "./dpoLoss";
import { ipoLossExercise } from "./ipoLoss";
import { responseLogpExercise } from "./responseLogp";
import { tiltExercise } from "./tilt";

export const dpoExercise: readonly FunctionExercise[] = [
  responseLogpExercise,
  dpoLossExercise,
  ipoLossExercise,
  tiltExercise,
];
