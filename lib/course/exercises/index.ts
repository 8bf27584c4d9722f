/** Every function that students write in this course, found by its name. */
import type { FunctionExercise } from "../exercise";
import { bestOfNExercise } from "./bestOfN";
import { bradleyTerryExercise } from "./bradleyTerry";
import { dpoExercise } from "./dpo";
import { drlhpExercise } from "./drlhp";
import { ppoExercise } from "./ppo";
import { rlhfExercise } from "./rlhf";
import { rewardModelExercise } from "./rewardModel";
import { runningMeanExercise } from "./startHere/runningMean";
import { sftExercise } from "./sft";
import { shapingExercise } from "./shaping";
import { socialChoiceExercise } from "./socialChoice";
import { utilityExercise } from "./utility";

const all: readonly FunctionExercise[] = [runningMeanExercise, ...utilityExercise, ...socialChoiceExercise, ...bradleyTerryExercise,
  ...shapingExercise, ...ppoExercise, ...drlhpExercise, ...sftExercise, ...rewardModelExercise, ...rlhfExercise, ...dpoExercise, ...bestOfNExercise];

/**
 * The exercise of a function.
 *
 * @throws RangeError when the course has none of this name
 */
export function findExercise(name: string): FunctionExercise {
  const found = all.find((exercise) => exercise.name === name);
  if (found === undefined) {
    const names = all.map((exercise) => exercise.name).join(", ");
    throw new RangeError(`The course has no exercise "${name}". There are: ${names}.`);
  }
  return found;
}

/** The functions of one exercise, in the order of its notebook; empty when there is none. */
export function functionsOf(exercise: string): FunctionExercise[] {
  return all.filter((known) => known.exercise === exercise);
}

/** Names of all functions, to see that none is there twice. */
export function exerciseNames(): string[] {
  return all.map(({ name }) => name);
}
