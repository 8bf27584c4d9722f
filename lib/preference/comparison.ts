import { describeValue } from "../core/checks";

/**
 * What somebody answers when shown two things: the probability that they prefer the first
 * (1 first, 0 second, anything between is a soft label), a tie, or no opinion at all.
 *
 * "tie" is a judgement (the two are equally good) and is counted; "cannot tell" is the absence of
 * one and is left out of every fit.
 */
export type Preference = number | "tie" | "cannot tell";

/**
 * One answer: the datum that walks through the whole course, from a click to a loss, and is
 * converted nowhere.
 */
export interface Comparison<T> {
  /** What both responses answer to, where there is such a thing. */
  prompt?: string;
  first: T;
  second: T;
  /** In [0, 1] the probability that `first` is preferred; or "tie", or "cannot tell". */
  preference: Preference;
  /** Who answered: a person's name or pseudonym, "simulated human", a model's name. */
  annotator: string;
  /** When, as an ISO 8601 instant: 2026-01-31T12:00:00.000Z. */
  time: string;
}

/** Whether a value is a preference: a number in [0, 1], "tie" or "cannot tell". */
export function isPreference(value: unknown): value is Preference {
  if (value === "tie" || value === "cannot tell") return true;
  return typeof value === "number" && value >= 0 && value <= 1;
}

/**
 * Checks a preference.
 *
 * @param where the function and argument; it begins the message
 * @throws RangeError when the value is neither in [0, 1] nor "tie" nor "cannot tell"
 */
export function checkPreference(where: string, value: unknown): asserts value is Preference {
  if (isPreference(value)) return;
  throw new RangeError(
    `${where} must be a number in [0, 1] (the probability that the first is preferred), "tie" or ` +
      `"cannot tell", got ${describeValue(value)}.`,
  );
}

/**
 * The same answer with the two things in the other order, for undoing or balancing position.
 */
export function swapComparison<T>(comparison: Comparison<T>): Comparison<T> {
  const { preference } = comparison;
  return {
    ...comparison,
    first: comparison.second,
    second: comparison.first,
    preference: typeof preference === "number" ? 1 - preference : preference,
  };
}
