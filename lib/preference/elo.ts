/**
 * Elo's rating: Bradley–Terry, one battle at a time.
 *
 *   E = 1/(1 + 10^{(R_b − R_a)/400}),   R_a ← R_a + K·(S − E),   R_b ← R_b − K·(S − E)
 *
 * Elo 1978, The Rating of Chessplayers, Past and Present. S is 1 for a win of a, ½ for a tie, 0 for a
 * loss. A rating point is ln 10/400 nats, so the expected score is σ(θ_a − θ_b) and the update a step
 * of stochastic gradient ascent on `bradleyTerryLogLikelihood`; for lack of a decaying step it never
 * settles, and its result depends on the order of the battles.
 */
import { checkFinite, checkInteger, checkPositive, checkRange, checkRng } from "../core/checks";
import type { Rng } from "../core/rng";
import { mean } from "../core/statistics";
import { reorderBattles } from "./battles";
import type { Battles } from "./battles";

/** Rating points in one nat of Bradley–Terry strength: 400/ln 10 = 173.7. */
export const eloPointsPerNat = 400 / Math.LN10;

/**
 * The expected score of a against b, 1/(1 + 10^{(R_b − R_a)/400}): P(win) + ½·P(tie).
 *
 * @throws RangeError when a rating is no finite number
 */
export function eloExpectedScore(ratingA: number, ratingB: number): number {
  checkFinite("eloExpectedScore: ratingA", ratingA);
  checkFinite("eloExpectedScore: ratingB", ratingB);
  return 1 / (1 + 10 ** ((ratingB - ratingA) / 400));
}

/**
 * Both ratings after one battle.
 *
 * @param score   of a: 1 win, ½ tie, 0 loss, or a soft label between
 * @param kFactor K > 0 in rating points: the most that a rating can move
 */
export function eloUpdate(
  ratingA: number,
  ratingB: number,
  score: number,
  kFactor = 32,
): [number, number] {
  checkFinite("eloUpdate: ratingA", ratingA);
  checkFinite("eloUpdate: ratingB", ratingB);
  checkRange("eloUpdate: score", score, 0, 1);
  checkPositive("eloUpdate: kFactor", kFactor);
  const moved = kFactor * (score - eloExpectedScore(ratingA, ratingB));
  return [ratingA + moved, ratingB - moved];
}

/** How `elo` walks through the battles. */
export interface EloOptions {
  /** K in rating points, or K as a function of the pass (from 0); 32 when left out. */
  kFactor?: number | ((pass: number) => number);
  /** The rating that everybody begins with; 1000 when left out. */
  initial?: number;
  /** How many times to go through all battles; 1 when left out. */
  passes?: number;
  /** Given, every pass takes the battles in a fresh random order; else in the order they have. */
  rng?: Rng;
}

/** Ratings by item. */
export interface EloRatings {
  names: readonly string[];
  /** [m] in rating points; their mean stays what it was. */
  ratings: Float64Array;
}

/**
 * Elo ratings after all battles, in their order.
 *
 *     elo(battles);                                                            // online, K = 32
 *     elo(battles, { passes: 50, kFactor: (pass) => 32 / (1 + pass), rng });   // to Bradley–Terry
 *
 * A battle of weight w moves the ratings w times as far.
 *
 * @throws RangeError when K is not above 0
 */
export function elo(
  battles: Battles,
  { kFactor = 32, initial = 1000, passes = 1, rng }: EloOptions = {},
): EloRatings {
  checkFinite("elo: initial", initial);
  checkInteger("elo: passes", passes, 1);
  const ratings = new Float64Array(battles.names.length).fill(initial);
  for (let pass = 0; pass < passes; pass++) {
    const k = typeof kFactor === "function" ? kFactor(pass) : kFactor;
    checkPositive("elo: kFactor", k);
    const ordered = rng ? reorderBattles(battles, rng.permutation(battles.first.length)) : battles;
    walk(ordered, ratings, k);
  }
  return { names: battles.names, ratings };
}

function walk(battles: Battles, ratings: Float64Array, k: number): void {
  const { first, second, preference, weight } = battles;
  for (let n = 0; n < first.length; n++) {
    const [a, b] = [first[n], second[n]];
    const expected = eloExpectedScore(ratings[a], ratings[b]);
    const moved = k * (weight === undefined ? 1 : weight[n]) * (preference[n] - expected);
    ratings[a] += moved;
    ratings[b] -= moved;
  }
}

/**
 * Elo ratings of the same battles in many random orders: what the order alone does.
 *
 * @param orders how many orders
 * @returns      [orders] ratings, each [m]
 * @throws TypeError without a generator: every order would be the same
 */
export function eloOverOrders(
  battles: Battles,
  { rng, orders, ...options }: EloOptions & { rng: Rng; orders: number },
): Float64Array[] {
  checkRng("eloOverOrders: rng", rng);
  checkInteger("eloOverOrders: orders", orders, 1);
  return Array.from({ length: orders }, () => elo(battles, { ...options, rng }).ratings);
}

/**
 * Bradley–Terry strengths (nats) as ratings: 400/ln 10 points a nat, with their mean at `center`.
 *
 * @param strengths [m] nats
 */
export function eloFromStrengths(strengths: ArrayLike<number>, center = 1000): Float64Array {
  const middle = mean(strengths);
  return Float64Array.from(strengths, (theta) => center + (theta - middle) * eloPointsPerNat);
}

/** Ratings as Bradley–Terry strengths in nats, with mean 0. */
export function strengthsFromElo(ratings: ArrayLike<number>): Float64Array {
  const middle = mean(ratings);
  return Float64Array.from(ratings, (rating) => (rating - middle) / eloPointsPerNat);
}
