/**
 * Which pair to ask about next, given what is known so far. Both choose among all pairs and break
 * ties at random, so that two annotators are not sent the same question for ever.
 */
import { checkNotEmpty } from "../core/checks";
import type { Rng } from "../core/rng";
import type { BradleyTerryFit } from "./bradleyTerry";

/** Scores closer than this are equal but for rounding. */
const rounding = 1e-12;

/** Two items, as indices into `names`. */
export type ItemPair = readonly [number, number];

/**
 * The pair of whose answer the fit is least sure: arg min |P(a beats b) − ½|.
 *
 * "Uncertainty sampling" (Lewis & Gale 1994). It asks about near-equals only, so it learns the order
 * and not the distances.
 */
export function leastCertainPair(fit: BradleyTerryFit, rng: Rng): ItemPair {
  return bestPair(fit, rng, (a, b) => -Math.abs(fit.probability(a, b) - 0.5));
}

/**
 * The pair whose answer is expected to teach most about the strengths:
 *
 *   arg max  p·(1 − p)·Var(θ_a − θ_b),   p = P(a beats b)
 *
 * One more answer multiplies the determinant of the information matrix by 1 + p(1 − p)·Var, so
 * this is the greedy D-optimal design (Chaloner & Verdinelli 1995, Statist. Sci. 10:273–304).
 */
export function mostInformativePair(fit: BradleyTerryFit, rng: Rng): ItemPair {
  return bestPair(fit, rng, (a, b) => {
    const p = fit.probability(a, b);
    return p * (1 - p) * fit.difference(a, b).standardError ** 2;
  });
}

function bestPair(
  fit: BradleyTerryFit,
  rng: Rng,
  score: (a: number, b: number) => number,
): ItemPair {
  checkNotEmpty("bestPair: fit.names", fit.names, 2);
  let best: ItemPair = [0, 1];
  let highest = -Infinity;
  let equals = 0;
  for (let a = 0; a < fit.names.length; a++) {
    for (let b = 0; b < a; b++) {
      const value = score(a, b);
      if (value < highest - rounding) continue;
      equals = value > highest + rounding ? 1 : equals + 1;
      highest = Math.max(value, highest);
      if (rng.integer(equals) === 0) best = [a, b]; // each of the equals with the same probability
    }
  }
  return best;
}
