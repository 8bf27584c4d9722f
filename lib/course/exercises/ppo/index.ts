/** Exercise 05: policy gradients and PPO, written by hand. */
import type { FunctionExercise } from "../../exercise";
import { advantageEstimatesExercise } from "./advantageEstimates";
import { clippedObjectiveExercise } from "./clippedObjective";
import { klEstimateExercise } from "./klEstimate";
import { rewardsToGoExercise } from "./rewardsToGo";
import { softmaxGradientExercise } from "./softmaxGradient";

export const ppoExercise: readonly FunctionExercise[] = [
  softmaxGradientExercise,
  rewardsToGoExercise,
  advantageEstimatesExercise,
  clippedObjectiveExercise,
  klEstimateExercise,
];
