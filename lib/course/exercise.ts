/**
 * What an exercise is: functions left open, properties that a right one has, mistakes people make.
 *
 * `check()` in the notebook and the teacher's hidden tests examine the same properties with the
 * same judges; only the inputs differ (`check` always draws the same, grading draws fresh ones),
 * and hidden tests may add properties of their own.
 */
import type { Rng } from "../core/rng";

/** What became of one call of a student's function. */
export type Answer =
  | {
      /** what the function returned: a number or nested arrays of numbers, once it passed {@link shapeFault} */
      readonly value: unknown;
      /** the call's inputs as they were when the function had returned */
      readonly after: readonly unknown[];
    }
  | { readonly threw: string }
  /** why there is no answer: too slow, the process ended, … */
  | { readonly missing: string };

/** What is wrong with an answer. */
export interface Fault {
  /** which of the property's calls shows it */
  readonly call: number;
  /** what should have held there, without saying how to compute it */
  readonly expected: string;
}

/** One answered call, as a judge sees it: the shape is right and every number is finite. */
export interface Answered<Inputs extends readonly unknown[], Value> {
  readonly inputs: Inputs;
  readonly value: Value;
  readonly after: readonly unknown[];
}

/** Something that must hold for a right function. */
export interface Property<Inputs extends readonly unknown[], Value> {
  /** completes the sentence "the function …", for instance "counts battles in both directions" */
  readonly says: string;
  /** the calls to make; inputs are JSON values */
  calls(rng: Rng): Inputs[];
  /** undefined when it holds */
  judge(answered: Answered<Inputs, Value>[]): Fault | undefined;
}

/** A wrong solution that people really write. */
export interface Mistake {
  readonly name: string;
  /** completes the sentence "It looks as if …" */
  readonly looksLike: string;
  /** the wrong function itself, self-contained: its source text is also graded as a submission */
  readonly implementation: (...inputs: never[]) => unknown;
}

/** A function that a student writes. */
export interface FunctionExercise<
  Inputs extends readonly unknown[] = readonly unknown[],
  Value = unknown,
> {
  /** unique in the whole course, because `check("name", …)` finds it by name */
  readonly name: string;
  /** the exercise it belongs to, for instance "03-bradley-terry" */
  readonly exercise: string;
  /** names of the parameters, for showing a counterexample */
  readonly parameters: readonly string[];
  /** sizes of a right answer: [] for a number, [n] for a vector, [n, m] for a matrix */
  shape(...inputs: Inputs): readonly number[];
  readonly properties: readonly Property<Inputs, Value>[];
  readonly mistakes: readonly Mistake[];
  /** from a nudge to nearly there; Markdown */
  readonly hints: readonly [string, string, string];
}

/** The text that stands in a function nobody has written yet. */
export const unwritten = "not written yet";

/** The statement in place of a solution in the student's notebook. */
export const stub = `throw new Error("${unwritten}");`;
