/** Ballots for the properties of exercise 02. */
import type { Rng } from "../../../core/rng";

/** Rankings of options 0 … m − 1, best first: [voters][m]. */
export type Ballots = number[][];

/** So many ballots on m options, each order as likely as every other. */
export function drawBallots(rng: Rng, voters: number, m: number): Ballots {
  return Array.from({ length: voters }, () => rng.permutation(m));
}

/** Profiles of 3 … 7 voters on 3 or 4 options. */
export function drawProfiles(rng: Rng, count: number): Ballots[] {
  return Array.from({ length: count }, (_, k) => drawBallots(rng, 3 + (k % 5), 3 + (k % 2)));
}

/** Ballots with the options renamed: option i becomes names[i]. */
export function renamed(ballots: Ballots, names: readonly number[]): Ballots {
  return ballots.map((ballot) => ballot.map((option) => names[option]));
}

/** Whether a ballot has i before j. */
export function puts(ballot: readonly number[], i: number, j: number): boolean {
  return ballot.indexOf(i) < ballot.indexOf(j);
}
