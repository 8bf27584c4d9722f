/** Inputs of exercise 06, drawn for `check` and for grading alike. */
import type { Rng } from "../../../core/rng";

const tenth = (x: number): number => Math.round(10 * x) / 10;

/** n numbers of one decimal. */
export const drawRewards = (rng: Rng, n: number, scale = 1): number[] =>
  Array.from({ length: n }, () => tenth(scale * rng.normal()));

/** A Δ that is not 0, of either sign. */
export const drawDifference = (rng: Rng): number =>
  tenth(0.3 + 2 * rng.uniform()) * (rng.bernoulli(0.5) ? 1 : -1);

/** Rewards of two segments of L steps, which do not come to the same, and ε. */
export type TwoSegments = [first: number[], second: number[], errorRate: number];

export function drawSegments(rng: Rng, L: number, errorRate: number): TwoSegments {
  const first = drawRewards(rng, L);
  const second = drawRewards(rng, L);
  second[0] = tenth(second[0] + sum(first) - sum(second) + drawDifference(rng));
  return [first, second, errorRate];
}

const sum = (xs: number[]): number => xs.reduce((total, x) => total + x, 0);

/** Δ, μ, ε. */
export type OneAnswer = [difference: number, preference: number, errorRate: number];

/** Outputs of E networks on B steps, on very different scales. */
export const drawOutputs = (rng: Rng, E: number, B: number): number[][] =>
  Array.from({ length: E }, (_, e) =>
    drawRewards(rng, B, 2 * 3 ** e).map((r, b) => tenth(r + 4 * e + 2 + 0.3 * b)),
  );

/** What each network says of each pair, and how many pairs to choose. */
export type Doubts = [chances: number[][], count: number];

/**
 * Pairs on which three networks disagree by different amounts, none like another, and one on which
 * all say ½. The most disputed of them stand late in the list.
 */
export function drawDoubts(rng: Rng, count: number): Doubts {
  const spreads = [0.05, 0.12, 0.19, 0.27, 0.36].map((s) => s + 0.03 * rng.uniform());
  const pairs = spreads.map((spread) => {
    const middle = 0.42 + 0.05 * rng.uniform();
    return rng.shuffle([middle - spread, middle, middle + spread]);
  });
  const chances = [[0.5, 0.5, 0.5], ...pairs].map((p) => p.map((x) => Math.round(1e3 * x) / 1e3));
  return [chances, count];
}
