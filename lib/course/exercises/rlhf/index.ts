/** Exercise 09: RLHF with PPO, written by hand. */
import type { FunctionExercise } from "../../exercise";
import { adaptPriceExercise } from "./adaptPrice";
import { chargedRewardsExercise } from "./chargedRewards";
import { maskedSurrogateExercise } from "./maskedSurrogate";
import { replyAdvantagesExercise } from "./replyAdvantages";

export const rlhfExercise: readonly FunctionExercise[] = [
  chargedRewardsExercise,
  replyAdvantagesExercise,
  maskedSurrogateExercise,
  adaptPriceExercise,
];
