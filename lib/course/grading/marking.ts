/**
 * How an exercise is marked: points for properties, on inputs drawn from a seed that only the
 * grader knows. Everything here runs in the trusted process; a submission sees inputs, never judges.
 */
import type { Rng } from "../../core/rng";
import { examine, recogniseMistake, type Counterexample } from "../examine";
import type { Answer, FunctionExercise, Property } from "../exercise";
import { findExercise } from "../exercises";

/** A property worth points. */
export interface HiddenTest {
  /** short and unique within its function: "draws", "far apart" */
  readonly name: string;
  readonly points: number;
  readonly property: Property<never[], never>;
}

/** The marking of one exercise. */
export interface Marking {
  /** for instance "03-bradley-terry" */
  readonly exercise: string;
  /** for each function its tests; their points add up to those of its test cell */
  readonly tests: Readonly<Record<string, readonly HiddenTest[]>>;
  /** for each function and each known mistake the names of exactly the tests it must fail */
  readonly loses: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** sets of solutions written differently, which must get full marks */
  readonly right: readonly Readonly<Record<string, (...inputs: never[]) => unknown>>[];
}

/** One call that a submission is asked to make. */
export interface Call {
  readonly name: string;
  readonly inputs: readonly unknown[];
}

/** A hidden test with its inputs drawn. */
export interface Question {
  readonly exercise: FunctionExercise;
  readonly test: HiddenTest;
  readonly calls: readonly Call[];
}

/** What a test found. */
export interface TestMark {
  readonly test: string;
  readonly says: string;
  readonly points: number;
  readonly earned: number;
  readonly counterexample?: Counterexample;
}

/** The marks of one function. */
export interface FunctionMark {
  readonly name: string;
  readonly points: number;
  readonly earned: number;
  readonly tests: readonly TestMark[];
  /** the known mistake that answers exactly like this function, if any */
  readonly mistake?: { readonly name: string; readonly looksLike: string };
}

/** Draws the inputs of every test; another seed gives other inputs. */
export function drawQuestions(marking: Marking, rng: Rng): Question[] {
  return Object.entries(marking.tests).flatMap(([name, tests]) => {
    const exercise = findExercise(name);
    return tests.map((test) => {
      const drawn = test.property.calls(rng.split(`${name}/${test.name}`)) as unknown[][];
      return { exercise, test, calls: drawn.map((inputs) => ({ name, inputs })) };
    });
  });
}

/**
 * Marks the answers to the questions.
 *
 * @param answers for each question one answer a call, in order; undefined where none came
 */
export function markAnswers(
  questions: readonly Question[],
  answers: readonly (readonly (Answer | undefined)[])[],
): FunctionMark[] {
  const names = [...new Set(questions.map(({ exercise }) => exercise.name))];
  return names.map((name) => {
    const mine = questions.flatMap((question, i) =>
      question.exercise.name === name ? [{ question, answers: answers[i] ?? [] }] : [],
    );
    return markFunction(findExercise(name), mine);
  });
}

function markFunction(
  exercise: FunctionExercise,
  asked: readonly { question: Question; answers: readonly (Answer | undefined)[] }[],
): FunctionMark {
  const tests = asked.map(({ question, answers }) => markTest(question, answers));
  const earned = tests.reduce((sum, test) => sum + test.earned, 0);
  const points = tests.reduce((sum, test) => sum + test.points, 0);
  const mark = { name: exercise.name, points, earned, tests };
  if (earned === points) return mark;
  const calls = asked.flatMap(({ question }) => question.calls.map(({ inputs }) => inputs));
  const given = asked.flatMap(({ question, answers }) => question.calls.map((_, i) => answers[i]));
  const mistake = recogniseMistake(exercise, calls, given);
  if (mistake === undefined) return mark;
  return { ...mark, mistake: { name: mistake.name, looksLike: mistake.looksLike } };
}

function markTest(question: Question, answers: readonly (Answer | undefined)[]): TestMark {
  const { exercise, test, calls } = question;
  const inputs = calls.map((call) => call.inputs);
  const counterexample = examine(exercise, test.property, inputs, answers);
  const { name, points, property } = test;
  const mark = { test: name, says: property.says, points };
  return counterexample === undefined
    ? { ...mark, earned: points }
    : { ...mark, earned: 0, counterexample };
}

/**
 * Complains about a marking that cannot be meant.
 *
 * @throws RangeError when a test name is there twice, when a mistake has no list of tests that it
 *   fails or fails none, or when there are fewer than two right solutions
 */
export function checkMarking(marking: Marking): void {
  const complain = (what: string) => {
    throw new RangeError(`The marking of ${marking.exercise}: ${what}`);
  };
  if (marking.right.length < 2) complain("give at least two differently written right solutions.");
  for (const [name, tests] of Object.entries(marking.tests)) {
    const names = tests.map((test) => test.name);
    if (new Set(names).size !== names.length) complain(`${name} has two tests of one name.`);
    for (const { name: mistake } of findExercise(name).mistakes) {
      const lost = marking.loses[name]?.[mistake] ?? [];
      if (lost.length === 0) complain(`say which tests of ${name} the mistake ${mistake} fails.`);
      const unknown = lost.find((test) => !names.includes(test));
      if (unknown !== undefined)
        complain(`${name} has no test "${unknown}", which ${mistake} fails.`);
    }
  }
}
