import assert from "node:assert/strict";

/** What a lesson must show each time it is run. */
export interface Headline {
  /** TypeScript evaluated after the lesson's last cell, with its variables in reach. */
  readonly probe: string;
  /** Holds the probe's value to the lesson's bars. */
  check(value: never): void;
}

/** Holds a figure to its expected value. */
export function near(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${what}: ${actual} is not within ${tolerance} of ${expected}`,
  );
}
