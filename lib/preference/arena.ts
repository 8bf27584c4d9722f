/**
 * Ratings of an arena: Bradley–Terry on all battles, with bootstrap intervals and the ranks that
 * they allow, on Elo's scale. Chiang et al. 2024, "Chatbot Arena", arXiv:2403.04132, §4–5.
 */
import { checkFinite, checkInteger, checkRange, checkRng } from "../core/checks";
import { choleskySolve } from "../core/linearAlgebra";
import type { Rng } from "../core/rng";
import { quantiles } from "../core/statistics";
import { bradleyTerry, bradleyTerryLikelihood } from "./bradleyTerry";
import type { BradleyTerryFit } from "./bradleyTerry";
import { eloFromStrengths, eloPointsPerNat } from "./elo";
import { checkMaximumExists } from "./existence";
import { centered, gaugedFactor } from "./gauge";
import { largest } from "./newton";
import { battleTotals } from "./pairCounts";
import type { PairCounts } from "./pairCounts";

/** How counts are resampled. */
export interface BootstrapOptions {
  rng: Rng;
  /** How many resamples; 100 when left out. */
  rounds?: number;
  /** λ ≥ 0 of a normal prior, as in `bradleyTerry`; needed where a resample may lack a maximum. */
  priorPrecision?: number;
}

/**
 * Counts as they would have come out had the same number of battles been drawn anew from those
 * that were fought: one multinomial draw over (pair, outcome), which is exactly a bootstrap of the
 * single battles but costs only as much as there are pairs. A total that is no whole number (soft
 * labels, weights) is rounded.
 */
export function resampleCounts(counts: PairCounts, rng: Rng): PairCounts {
  return countResampler(counts)(rng);
}

/** `resampleCounts` for many rounds: what does not change is laid out once. */
function countResampler(counts: PairCounts): (rng: Rng) => PairCounts {
  const pairs = counts.first.length;
  const cells = new Float64Array(3 * pairs);
  cells.set(counts.firstWins);
  cells.set(counts.secondWins, pairs);
  cells.set(counts.ties, 2 * pairs);
  const total = Math.round(cells.reduce((sum, n) => sum + n, 0));
  return (rng) => {
    const drawn = rng.multinomial(total, cells);
    return {
      ...counts,
      firstWins: drawn.subarray(0, pairs),
      secondWins: drawn.subarray(pairs, 2 * pairs),
      ties: drawn.subarray(2 * pairs),
    };
  };
}

/**
 * Bradley–Terry strengths of many resamples of the battles.
 *
 * @param fit the fit of `counts` itself, from which every refit starts
 * @returns   [rounds] strengths, each [m] with mean 0
 * @throws NoMaximumError when a resample has no maximum; then ask for a prior
 */
export function bootstrapStrengths(
  counts: PairCounts,
  fit: BradleyTerryFit,
  { rng, rounds = 100, priorPrecision = 0 }: BootstrapOptions,
): Float64Array[] {
  checkInteger("bootstrapStrengths: rounds", rounds, 1);
  checkRange("bootstrapStrengths: priorPrecision", priorPrecision, 0, Number.MAX_VALUE);
  const resampled = countResampler(counts);
  const refit = chordRefit(counts, fit, priorPrecision);
  return Array.from({ length: rounds }, (_, round) => {
    const resample = resampled(rng);
    if (priorPrecision === 0) checkMaximumExists(`bootstrap round ${round}`, resample);
    return refit(resample) ?? bradleyTerry(resample, { priorPrecision }).strengths;
  });
}

/**
 * A resample's maximum lies near the original's, and so does its Hessian: steps with the one factor
 * made at the start (the chord method) get there in a few cheap iterations. Where they do not (few
 * battles), the answer is undefined and Newton's method has to do it.
 */
function chordRefit(counts: PairCounts, fit: BradleyTerryFit, priorPrecision: number) {
  const m = counts.names.length;
  if (m > 400) return () => undefined;
  const original = bradleyTerryLikelihood(counts, priorPrecision);
  original.moveTo(fit.strengths);
  const factor = gaugedFactor(original.information(), m, m);
  return (resample: PairCounts): Float64Array | undefined => {
    const likelihood = bradleyTerryLikelihood(resample, priorPrecision);
    let x = fit.strengths;
    let before = Infinity;
    for (let iteration = 0; iteration < 20; iteration++) {
      likelihood.moveTo(x);
      const step = choleskySolve(factor, likelihood.gradient());
      const size = largest(step);
      if (!(size < before / 2)) return undefined;
      x = x.map((theta, i) => theta + step[i]);
      if (size < 1e-9) return centered(x, m);
      before = size;
    }
    return undefined;
  };
}

/** How an arena is rated. */
export interface ArenaOptions extends BootstrapOptions {
  /** Coverage of the intervals; 0.95 when left out. */
  level?: number;
  /** The mean rating; 1000 when left out. Ignored where there is an anchor. */
  center?: number;
  /** An item that is put at a given rating. */
  anchor?: { name: string; rating: number };
}

/** One line of a leaderboard. */
export interface ArenaRow {
  /** 1 + the number of items whose interval lies wholly above this one's; ties are shared. */
  rank: number;
  name: string;
  /** In Elo points: 400 more is 10 : 1. */
  rating: number;
  /** Ends of the bootstrap interval, in Elo points. */
  low: number;
  high: number;
  /** Weight of the battles fought. */
  battles: number;
}

/**
 * A leaderboard: ratings, percentile-bootstrap intervals and ranks, best first.
 *
 *     arenaRatings(countBattles(battles), { rng });
 *
 * A rank counts only those who are better beyond doubt: rank = 1 + #{others whose lower end is
 * above one's own upper end}.
 *
 * @throws NoMaximumError as `bradleyTerry`, also for a resample; then ask for a prior
 * @throws TypeError without a generator
 */
export function arenaRatings(counts: PairCounts, options: ArenaOptions): ArenaRow[] {
  checkRng("arenaRatings: options.rng", options?.rng);
  const { level = 0.95, center = 1000, anchor, priorPrecision = 0 } = options;
  checkRange("arenaRatings: level", level, 0, 1);
  const fit = bradleyTerry(counts, { priorPrecision });
  const shift = anchorShift(fit, center, anchor);
  const samples = bootstrapStrengths(counts, fit, options).map(shift);
  const battles = battleTotals(counts);
  const ratings = shift(fit.strengths);
  const rows = counts.names.map((name, i) => {
    const draws = samples.map((sample) => sample[i]);
    const [low, high] = quantiles(draws, [(1 - level) / 2, (1 + level) / 2]);
    return { rank: 1, name, rating: ratings[i], low, high, battles: battles[i] };
  });
  for (const row of rows) row.rank += rows.filter((other) => other.low > row.high).length;
  return rows.sort((a, b) => b.rating - a.rating);
}

/** Strengths in nats to ratings, with the mean at the centre or the anchor at its rating. */
function anchorShift(
  fit: BradleyTerryFit,
  center: number,
  anchor?: { name: string; rating: number },
) {
  if (anchor === undefined) return (strengths: Float64Array) => eloFromStrengths(strengths, center);
  checkFinite("arenaRatings: anchor.rating", anchor.rating);
  const at = fit.indexOf(anchor.name);
  return (strengths: Float64Array) =>
    strengths.map((theta) => anchor.rating + (theta - strengths[at]) * eloPointsPerNat);
}
