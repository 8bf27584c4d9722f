/** The functions of exercise 08 as the hidden tests compare with them. Not released. */

const mean = (xs: number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
const surprise = (d: number): number => Math.max(-d, 0) + Math.log1p(Math.exp(-Math.abs(d)));

/** −mean log σ(r_w − r_l). */
export function rewardLoss(chosen: number[], rejected: number[]): number {
  return mean(chosen.map((r, i) => surprise(r - rejected[i])));
}

/** −mean over pairs i < j of log σ(r_i − r_j). */
export function rankingLoss(ranked: number[]): number {
  return mean(ranked.flatMap((r, i) => ranked.slice(i + 1).map((later) => surprise(r - later))));
}

/** Σ n_b/N·|came_b − promised_b|. */
export function calibrationError(promised: number[], came: number[], bins: number): number {
  const sums = new Array<number>(bins).fill(0);
  promised.forEach((p, n) => (sums[Math.min(bins - 1, Math.floor(bins * p))] += came[n] - p));
  return sums.reduce((total, gap) => total + Math.abs(gap), 0) / promised.length;
}
