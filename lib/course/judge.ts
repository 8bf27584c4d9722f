/** Small tools for the judges of exercises: closeness, shapes, and how a value is shown. */
import type { Rng } from "../core/rng";
import type { Answered, Fault, Property } from "./exercise";

/** Default tolerance of a comparison: absolute near 0, relative far from it. */
export const tolerance = 1e-6;

/** Whether |a − b| ≤ tolerance·max(1, |b|); two NaN or two equal infinities are close. */
export function close(a: number, b: number, within = tolerance): boolean {
  return Object.is(a, b) || a === b || Math.abs(a - b) <= within * Math.max(1, Math.abs(b));
}

/** {@link close} for numbers and nested arrays of numbers of the same shape. */
export function allClose(a: unknown, b: unknown, within = tolerance): boolean {
  if (typeof a === "number" && typeof b === "number") return close(a, b, within);
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((entry, i) => allClose(entry, b[i], within));
}

/** A property of single calls: `expected` says what should have held, or undefined if it does. */
export function each<Inputs extends readonly unknown[], Value>(
  says: string,
  calls: Property<Inputs, Value>["calls"],
  expected: (value: Value, inputs: Inputs) => string | undefined,
): Property<Inputs, Value> {
  return {
    says,
    calls,
    judge: (answered) => {
      for (const [call, { value, inputs }] of answered.entries()) {
        const fault = expected(value, inputs);
        if (fault !== undefined) return { call, expected: fault };
      }
      return undefined;
    },
  };
}

/**
 * A property of two calls together: the second's inputs are the first's, changed in a way whose
 * effect on the answer is known.
 */
export function compared<Inputs extends readonly unknown[], Value>(
  says: string,
  pairs: (rng: Rng) => [Inputs, Inputs][],
  expected: (changed: Value, original: Value) => string | undefined,
): Property<Inputs, Value> {
  return {
    says,
    calls: (rng) => pairs(rng).flat(),
    judge: (answered) => {
      for (let call = 1; call < answered.length; call += 2) {
        const fault = expected(answered[call].value, answered[call - 1].value);
        if (fault !== undefined) return { call, expected: fault };
      }
      return undefined;
    },
  };
}

/** A few calls whose answers were worked out by hand. */
export function byHand<Inputs extends readonly unknown[], Value>(
  says: string,
  cases: readonly { inputs: Inputs; answer: Value; because: string }[],
): Property<Inputs, Value> {
  return {
    says,
    calls: () => cases.map(({ inputs }) => structuredClone<Inputs>(inputs)),
    judge: (answered) => {
      const call = answered.findIndex(({ value }, i) => !allClose(value, cases[i]?.answer));
      return call < 0 ? undefined : { call, expected: cases[call]?.because ?? "" };
    },
  };
}

/** The function must not change the arrays it is given. */
export function leavesInputs<Inputs extends readonly unknown[], Value>(
  calls: Property<Inputs, Value>["calls"],
  parameters: readonly string[],
): Property<Inputs, Value> {
  return {
    says: "leaves its arguments as they were",
    calls,
    judge: (answered) => changedInput(answered, parameters),
  };
}

function changedInput<Inputs extends readonly unknown[], Value>(
  answered: Answered<Inputs, Value>[],
  parameters: readonly string[],
): Fault | undefined {
  for (const [call, { inputs, after }] of answered.entries()) {
    const i = inputs.findIndex((input, k) => JSON.stringify(input) !== JSON.stringify(after[k]));
    if (i < 0) continue;
    const expected = `after the call ${parameters[i]} is ${describe(after[i])}: a later cell would work with a changed ${parameters[i]}. Write into a new array.`;
    return { call, expected };
  }
  return undefined;
}

/** What is wrong with a value's shape or its numbers, or undefined. */
export function shapeFault(value: unknown, shape: readonly number[]): string | undefined {
  const [length, ...inner] = shape;
  if (length === undefined) return numberFault(value);
  if (!Array.isArray(value)) return `a list of ${length} numbers was expected, not ${kind(value)}`;
  if (value.length !== length) {
    return `a list of length ${length} was expected, not of length ${value.length}`;
  }
  for (const [i, entry] of value.entries()) {
    const fault = shapeFault(entry, inner);
    if (fault !== undefined) return `entry ${i}: ${fault}`;
  }
  return undefined;
}

function numberFault(value: unknown): string | undefined {
  if (typeof value !== "number") return `a number was expected, not ${kind(value)}`;
  return Number.isFinite(value) ? undefined : `a finite number was expected, not ${value}`;
}

function kind(value: unknown): string {
  if (value === undefined) return "undefined (is there a return statement?)";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "function") return "a function";
  return typeof value === "number" ? `${value}` : `a ${typeof value}`;
}

const longest = 240;

/** A value as it is shown to a student: six digits, matrices in rows, cut when it is long. */
export function describe(value: unknown): string {
  const text = describeWhole(value);
  return text.length <= longest ? text : `${text.slice(0, longest)} …`;
}

function describeWhole(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) {
    const shown = value.slice(0, longest).map((entry) => describeWhole(entry));
    return `[${shown.join(", ")}]`;
  }
  if (value === undefined || value === null || typeof value === "boolean") return String(value);
  return kind(value);
}
