/**
 * Condorcet's paradox: majorities may run in a circle. How often, when every ranking is as likely as
 * every other ("impartial culture"): by enumeration, by simulation, and in the limit of many voters.
 */
import { checkInteger } from "../core/checks";
import type { Rng } from "../core/rng";
import { condorcetWinner, forEachProfile, majorityMargins } from "./voting";

/** How many of all profiles have no Condorcet winner. */
export interface ParadoxCount {
  without: number;
  profiles: number;
}

/**
 * Counts the profiles without a Condorcet winner, exactly: 12 of 216 for three voters and three
 * options.
 *
 * @throws RangeError when there are more than 12 voters or 8 options
 */
export function countParadoxes(voters: number, options: number): ParadoxCount {
  let [without, profiles] = [0, 0];
  forEachProfile(voters, options, (profile) => {
    profiles += 1;
    if (condorcetWinner(majorityMargins(profile)) === undefined) without += 1;
  });
  return { without, profiles };
}

/** Share of random profiles without a Condorcet winner. */
export function paradoxShare(voters: number, options: number, profiles: number, rng: Rng): number {
  checkInteger("paradoxShare: voters", voters, 1);
  checkInteger("paradoxShare: options", options, 2);
  checkInteger("paradoxShare: profiles", profiles, 1);
  let without = 0;
  for (let k = 0; k < profiles; k++) {
    const profile = Array.from({ length: voters }, () => rng.permutation(options));
    if (condorcetWinner(majorityMargins(profile)) === undefined) without += 1;
  }
  return without / profiles;
}

/**
 * Probability of no Condorcet winner for three options and ever more voters:
 * 1/4 − (3/2π)·arcsin(1/3) = 8.774 % (Guilbaud 1952).
 */
export const paradoxLimitOfThree = 1 / 4 - (3 / (2 * Math.PI)) * Math.asin(1 / 3);

/**
 * Share of profiles of infinitely many voters without a Condorcet winner, by drawing the limit of
 * the margins: normal, of variance 1, and of correlation 1/3 where two share an option,
 *
 *   margin_ab = √⅓·(Z_a − Z_b) + √⅓·E_ab
 *
 * with independent standard normal Z and E.
 */
export function paradoxShareOfManyVoters(options: number, profiles: number, rng: Rng): number {
  checkInteger("paradoxShareOfManyVoters: options", options, 2);
  checkInteger("paradoxShareOfManyVoters: profiles", profiles, 1);
  const margins = Array.from({ length: options }, () => new Float64Array(options));
  let without = 0;
  for (let k = 0; k < profiles; k++) {
    const z = Float64Array.from({ length: options }, () => rng.normal());
    for (let a = 0; a < options; a++) {
      for (let b = a + 1; b < options; b++) {
        margins[a][b] = Math.sqrt(1 / 3) * (z[a] - z[b] + rng.normal());
        margins[b][a] = -margins[a][b];
      }
    }
    if (condorcetWinner(margins) === undefined) without += 1;
  }
  return without / profiles;
}
