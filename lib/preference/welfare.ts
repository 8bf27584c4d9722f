/**
 * One choice for people of different tastes: what is added up, and what becomes of it when their
 * comparisons are thrown into one pot.
 *
 * Tables are utilities[type][option], with the share of each type in the population.
 */
import {
  checkAllFinite,
  checkLength,
  checkNotEmpty,
  checkPositive,
  checkRange,
} from "../core/checks";
import { sigmoid } from "../core/statistics";
import { countsFromRows } from "./countTables";
import type { PairCounts } from "./pairCounts";

/** People by type: what each type wants, and how many there are of it. */
export interface Population {
  /** [types][options] */
  readonly utilities: readonly ArrayLike<number>[];
  /** [types] shares, which add to 1. */
  readonly shares: readonly number[];
}

/** @throws ShapeError or RangeError when tables do not fit or shares do not add to 1 */
function checkPopulation(where: string, { utilities, shares }: Population): number {
  checkNotEmpty(`${where}: utilities`, utilities);
  checkLength(`${where}: shares`, shares, utilities.length);
  const options = utilities[0].length;
  utilities.forEach((row, t) => {
    checkLength(`${where}: utilities[${t}]`, row, options);
    checkAllFinite(`${where}: utilities[${t}]`, row);
    checkRange(`${where}: shares[${t}]`, shares[t], 0, 1);
  });
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (Math.abs(total - 1) > 1e-9) {
    throw new RangeError(`${where}: shares must add to 1, they add to ${total}.`);
  }
  return options;
}

/**
 * [options] mean utility Σ_t share_t·u_t: the utilitarian's measure. It takes for granted that the
 * utilities of different people have one unit.
 */
export function utilitarianWelfare(population: Population): Float64Array {
  const options = checkPopulation("utilitarianWelfare", population);
  const { utilities, shares } = population;
  return Float64Array.from({ length: options }, (_, o) =>
    shares.reduce((sum, share, t) => sum + share * utilities[t][o], 0),
  );
}

/**
 * [options] Nash's measure Σ_t share_t·log(u_t − d_t): the unit of anybody's utility drops out.
 *
 * @param fallback [types] d_t, what each type has without an agreement; −∞ for an option that gives
 *                 somebody less than that
 */
export function nashWelfare(population: Population, fallback: readonly number[]): Float64Array {
  const options = checkPopulation("nashWelfare", population);
  checkLength("nashWelfare: fallback", fallback, population.utilities.length);
  const { utilities, shares } = population;
  return Float64Array.from({ length: options }, (_, o) =>
    shares.reduce((sum, share, t) => {
      return share === 0 ? sum : sum + share * Math.log(Math.max(0, utilities[t][o] - fallback[t]));
    }, 0),
  );
}

/** [options] utility of the worst-off type (Rawls 1971), whatever its share. */
export function maximinWelfare(population: Population): Float64Array {
  const options = checkPopulation("maximinWelfare", population);
  return Float64Array.from({ length: options }, (_, o) =>
    Math.min(...population.utilities.map((row) => row[o])),
  );
}

/**
 * The comparisons that a population gives when nobody writes down who answered: every pair of
 * options as often as every other,
 *
 *   P(i preferred to j) = Σ_t share_t·σ(β·(u_ti − u_tj))
 *
 * as soft labels, so that a fit to them is the fit to infinitely many answers.
 *
 * @param rationality β > 0, per unit of utility; Infinity for people who never err (equals: ½)
 */
export function populationComparisons(population: Population, rationality = 1): PairCounts {
  const options = checkPopulation("populationComparisons", population);
  if (rationality !== Infinity) checkPositive("populationComparisons: rationality", rationality);
  const { utilities, shares } = population;
  const rows: [number, number, number, number, number][] = [];
  for (let i = 0; i < options; i++) {
    for (let j = i + 1; j < options; j++) {
      const p = shares.reduce((sum, share, t) => {
        const gap = utilities[t][i] - utilities[t][j];
        return sum + share * (gap === 0 ? 0.5 : sigmoid(rationality * gap));
      }, 0);
      rows.push([i, j, p, 1 - p, 0]);
    }
  }
  const names = Array.from({ length: options }, (_, o) => String(o));
  return { ...countsFromRows(names, rows), orderKept: false };
}

/**
 * [options] Borda scores of a population: the expected number of comparisons with another option
 * that an option wins,
 *
 *   B_i = Σ_{j≠i} P(i preferred to j)
 *
 * A Bradley–Terry fit to comparisons with hidden context orders options as these do, not by mean
 * utility (Siththaranjan, Laidlaw & Hadfield-Menell 2023, arXiv:2312.08358): a preference model
 * trained on everybody's labels is an election by Borda's rule.
 */
export function populationBordaScores(population: Population, rationality = 1): Float64Array {
  const counts = populationComparisons(population, rationality);
  const scores = new Float64Array(counts.names.length);
  for (let k = 0; k < counts.first.length; k++) {
    scores[counts.first[k]] += counts.firstWins[k];
    scores[counts.second[k]] += counts.secondWins[k];
  }
  return scores;
}
