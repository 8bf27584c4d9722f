/** Log-probabilities for the properties of exercise 11. */
import type { Rng } from "../../../core/rng";

/** One decimal, so that a counterexample can be read. */
export const tenth = (x: number): number => Math.round(10 * x) / 10;

/** n log-probabilities between −9 and −1, nats. */
export function drawLogps(rng: Rng, n: number): number[] {
  return Array.from({ length: n }, () => tenth(-1 - 8 * rng.uniform()));
}

/** log π of the chosen and rejected replies under policy and reference, and β. */
export type Pairs = [
  policyChosen: number[],
  policyRejected: number[],
  referenceChosen: number[],
  referenceRejected: number[],
  beta: number,
];

export const pairParameters = [
  "policyChosen",
  "policyRejected",
  "referenceChosen",
  "referenceRejected",
  "beta",
] as const;

/** Batches of 1, 3 and 5 pairs, β of 0.1 … 1. */
export function drawPairs(rng: Rng, sizes: readonly number[] = [1, 3, 5]): Pairs[] {
  return sizes.map((n): Pairs => {
    const [a, b, c, d] = Array.from({ length: 4 }, () => drawLogps(rng, n));
    return [a, b, c, d, (1 + rng.integer(10)) / 10];
  });
}
