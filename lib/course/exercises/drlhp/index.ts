/** Exercise 06: deep reinforcement learning from human preferences, its parts by hand. */
import type { FunctionExercise } from "../../exercise";
import { answerGradientExercise } from "./answerGradient";
import { ensembleRewardExercise } from "./ensembleReward";
import { mostDisputedExercise } from "./mostDisputed";
import { segmentProbabilityExercise } from "./segmentProbability";

export const drlhpExercise: readonly FunctionExercise[] = [
  segmentProbabilityExercise,
  answerGradientExercise,
  ensembleRewardExercise,
  mostDisputedExercise,
];
