/** Exercise 02: from many orders to one, written by hand. */
import type { FunctionExercise } from "../../exercise";
import { bordaPointsExercise } from "./bordaPoints";
import { condorcetChoiceExercise } from "./condorcetChoice";
import { contradictionsExercise } from "./contradictions";
import { nashGainExercise } from "./nashGain";

export const socialChoiceExercise: readonly FunctionExercise[] = [
  condorcetChoiceExercise,
  bordaPointsExercise,
  contradictionsExercise,
  nashGainExercise,
];
