/** Replies, their log-probabilities and masks, for the properties of exercise 09. */
import type { Rng } from "../../../core/rng";

/** One decimal, so that a counterexample can be read. */
export const tenth = (x: number): number => Math.round(10 * x) / 10;

/** n log-probabilities between −4 and −0.2, nats. */
export function drawWordLogps(rng: Rng, n: number): number[] {
  return Array.from({ length: n }, () => tenth(-0.2 - 3.8 * rng.uniform()));
}

/** n numbers around 0, never 0 itself. */
export function drawNumbers(rng: Rng, n: number): number[] {
  return Array.from({ length: n }, () => tenth(1.5 * rng.normal()) || 0.5);
}

/** So many tokens of a prompt, a reply, and padding: 0 … 0 1 … 1 0 … 0. */
export function maskOf(prompt: number, reply: number, padding: number): number[] {
  return [prompt, reply, padding].flatMap((n, part) =>
    Array.from({ length: n }, () => (part === 1 ? 1 : 0)),
  );
}
