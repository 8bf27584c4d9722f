/** Examines answers, wherever they came from: the notebook's own function or a sandbox. */
import type { Answer, Answered, FunctionExercise, Property } from "./exercise";
import { allClose, shapeFault } from "./judge";

/** A property that did not hold, with the call that shows it. */
export interface Counterexample {
  readonly property: string;
  readonly inputs: readonly unknown[];
  readonly answer: Answer;
  readonly expected: string;
}

/**
 * Whether a property holds for the answers to its calls.
 *
 * @param calls   what was asked; the judge sees these, never what a function made of them
 * @param answers one for each call; a missing one counts as a failure of this property
 * @returns undefined when it holds
 */
export function examine(
  exercise: FunctionExercise,
  property: Property<readonly unknown[], unknown>,
  calls: readonly (readonly unknown[])[],
  answers: readonly (Answer | undefined)[],
): Counterexample | undefined {
  const answered: Answered<readonly unknown[], unknown>[] = [];
  for (const [i, inputs] of calls.entries()) {
    const answer = answers[i] ?? { missing: "there was no answer" };
    const expected = faultOfAnswer(answer, exercise.shape(...inputs));
    if (expected !== undefined) return { property: property.says, inputs, answer, expected };
    if ("value" in answer) answered.push({ inputs, value: answer.value, after: answer.after });
  }
  const fault = property.judge(answered);
  if (fault === undefined) return undefined;
  return {
    property: property.says,
    inputs: calls[fault.call] ?? [],
    answer: answers[fault.call] ?? { missing: "there was no answer" },
    expected: fault.expected,
  };
}

function faultOfAnswer(answer: Answer, shape: readonly number[]): string | undefined {
  if ("threw" in answer) return "an answer was expected, not an error";
  if ("missing" in answer) return "an answer was expected in time";
  return shapeFault(answer.value, shape);
}

/**
 * The known mistake that gives the same answers as the student to every call, if there is one:
 * what "It looks as if …" is built on.
 */
export function recogniseMistake(
  exercise: FunctionExercise,
  calls: readonly (readonly unknown[])[],
  answers: readonly (Answer | undefined)[],
): FunctionExercise["mistakes"][number] | undefined {
  return exercise.mistakes.find(({ implementation }) =>
    calls.every((inputs, i) => agrees(callDirectly(implementation, inputs), answers[i])),
  );
}

function agrees(wrong: Answer, answer: Answer | undefined): boolean {
  if (answer === undefined) return false;
  if (!("value" in wrong) || !("value" in answer)) return "threw" in wrong && "threw" in answer;
  return (
    allClose(answer.value, wrong.value) &&
    JSON.stringify(answer.after) === JSON.stringify(wrong.after)
  );
}

/** Calls a function in this process on a copy of the inputs; for trusted code and for `check`. */
export function callDirectly(
  implementation: (...inputs: never[]) => unknown,
  inputs: readonly unknown[],
): Answer {
  const after = structuredClone(inputs) as unknown[];
  try {
    const value = implementation(...(after as never[]));
    if (value instanceof Promise) {
      value.catch(() => undefined); // already reported below; must not surface a second time
      return { threw: "the function is async: it returned a promise instead of its answer" };
    }
    return { value: plain(value), after };
  } catch (error) {
    return { threw: error instanceof Error ? error.message : String(error) };
  }
}

/** Typed arrays count as lists of numbers. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<number>);
  }
  return Array.isArray(value) ? value.map(plain) : value;
}
