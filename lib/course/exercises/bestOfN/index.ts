/** Exercise 10: best-of-n and over-optimisation, by hand. */
import type { FunctionExercise } from "../../exercise";
import { bestOfNPolicyExercise } from "./bestOfNPolicy";
import { fitHumpExercise } from "./fitHump";
import { pileEstimateExercise } from "./pileEstimate";

export const bestOfNExercise: readonly FunctionExercise[] = [
  bestOfNPolicyExercise,
  pileEstimateExercise,
  fitHumpExercise,
];
