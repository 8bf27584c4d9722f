/** Exercise 01: utility and choice with noise, written by hand. */
import type { FunctionExercise } from "../../exercise";
import { choicesLogLikelihoodExercise } from "./choicesLogLikelihood";
import { crraUtilityExercise } from "./crraUtility";
import { gumbelPickExercise } from "./gumbelPick";
import { sureWorthExercise } from "./sureWorth";

export const utilityExercise: readonly FunctionExercise[] = [
  crraUtilityExercise,
  sureWorthExercise,
  choicesLogLikelihoodExercise,
  gumbelPickExercise,
];
