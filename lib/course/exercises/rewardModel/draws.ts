/** Rewards and promises for the properties of exercise 08. */
import type { Rng } from "../../../core/rng";

/** n rewards of one decimal, about ±2 nats. */
export function drawRewards(rng: Rng, n: number): number[] {
  return Array.from({ length: n }, () => Math.round(20 * rng.normal()) / 10);
}

/** Rewards of the chosen and of the rejected replies. */
export type RewardPairs = [chosen: number[], rejected: number[]];

export const rewardPairParameters = ["chosen", "rejected"] as const;

/** Batches of 1, 3 and 5 pairs. */
export function drawRewardPairs(rng: Rng, sizes: readonly number[] = [1, 3, 5]): RewardPairs[] {
  return sizes.map((n): RewardPairs => [drawRewards(rng, n), drawRewards(rng, n)]);
}

/** Promised shares, what came (0 or 1), and into how many stretches to cut [0, 1]. */
export type Promises = [promised: number[], came: number[], bins: number];

export const promiseParameters = ["promised", "came", "bins"] as const;

/** Promises that lie on no edge of a stretch. */
export function drawPromises(
  rng: Rng,
  counts: readonly number[] = [4, 7, 12],
  bins = 5,
): Promises[] {
  return counts.map((n): Promises => [
    Array.from({ length: n }, () => (rng.integer(20) + 0.5) / 20),
    Array.from({ length: n }, () => Number(rng.bernoulli(0.5))),
    bins,
  ]);
}
