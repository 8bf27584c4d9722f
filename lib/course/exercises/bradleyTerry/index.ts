/** Exercise 03: the Bradley–Terry model, written by hand. */
import type { FunctionExercise } from "../../exercise";
import { eloUpdateExercise } from "./eloUpdate";
import { kappaExercise } from "./kappa";
import { logLikelihoodExercise } from "./logLikelihood";
import { gradientExercise } from "./logLikelihoodGradient";
import { mmUpdateExercise } from "./mmUpdate";

export const bradleyTerryExercise: readonly FunctionExercise[] = [
  logLikelihoodExercise,
  gradientExercise,
  mmUpdateExercise,
  eloUpdateExercise,
  kappaExercise,
];
