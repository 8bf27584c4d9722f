/** Win tables for the properties of exercise 03, and the quantities their judges compare with. */
import type { Rng } from "../../../core/rng";

/** A win matrix [n, n] (row beat column so many times) and log-strengths [n]. */
export type Table = [wins: number[][], theta: number[]];

/** n items, 1–9 battles in each direction of every pair, so that a maximum exists. */
export function drawWins(rng: Rng, n: number): number[][] {
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => (i === j ? 0 : 1 + rng.integer(9))),
  );
}

/** Log-strengths around 0, one decimal each, so that a counterexample can be read. */
export function drawTheta(rng: Rng, n: number): number[] {
  return Array.from({ length: n }, () => Math.round(10 * rng.normal()) / 10);
}

/** Random tables of 2, 3, … items. */
export function drawTables(rng: Rng, sizes: readonly number[]): Table[] {
  return sizes.map((n) => [drawWins(rng, n), drawTheta(rng, n)]);
}

/** Entries of a square table in another order of the items. */
export function reorder(wins: number[][], order: readonly number[]): number[][] {
  return order.map((i) => order.map((j) => wins[i]?.[j] ?? 0));
}

/** Log-likelihood of a win table, for judges: finite differences and ascent. */
export function tableLogLikelihood(wins: number[][], theta: readonly number[]): number {
  let total = 0;
  for (const [i, row] of wins.entries()) {
    for (const [j, count] of row.entries()) {
      if (count > 0) total -= count * softplus((theta[j] ?? NaN) - (theta[i] ?? NaN));
    }
  }
  return total;
}

/** log(1 + eˣ) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** P(i beats j) = σ(θ_i − θ_j): the function that the exercise's notebook gives, word for word. */
export function winProbability(thetaI: number, thetaJ: number): number {
  return 1 / (1 + Math.exp(thetaJ - thetaI));
}
