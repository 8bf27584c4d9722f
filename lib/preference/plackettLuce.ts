/**
 * The Plackett–Luce model of rankings: the best is chosen by a softmax over all, then the next over
 * those that are left, and so on.
 *
 *   P(r_1 ≻ r_2 ≻ … ≻ r_K) = Π_{t<K} e^{θ_{r_t}} / Σ_{s≥t} e^{θ_{r_s}}
 *
 * Luce 1959, Individual Choice Behavior; Plackett 1975, "The analysis of permutations", Appl.
 * Statist. 24:193–202. Rankings of two are Bradley–Terry. A ranking may be of some of the items only.
 */
import {
  checkAllFinite,
  checkInteger,
  checkLength,
  checkNotEmpty,
  checkPositive,
  checkRange,
} from "../core/checks";
import { choleskySolve } from "../core/linearAlgebra";
import { sigmoid } from "../core/statistics";
import { checkMaximumExists } from "./existence";
import { centered, centeredInverse, gaugedFactor } from "./gauge";
import { didNotConverge, largest, maximizeByNewton } from "./newton";
import { countsFromRows } from "./countTables";
import type { PriorOptions } from "./pairModel";
import { StrengthFit } from "./strengthFit";
import type { Item } from "./strengthFit";

/** Rankings with items as indices: the form in which they are fitted. */
export interface RankingTable {
  /** [m] the items. */
  readonly names: readonly string[];
  /** Each a list of indices into names, best first, without repetition; two items at least. */
  readonly rankings: readonly Int32Array[];
}

/**
 * Rankings from lists of names, best first.
 *
 * @param names the items in the wanted order; those met first when left out
 * @throws RangeError when a ranking repeats an item, has fewer than two, or names an unknown one
 */
export function rankingTable(
  rankings: Iterable<readonly string[]>,
  names?: readonly string[],
): RankingTable {
  const indices = new Map((names ?? []).map((name, i) => [name, i]));
  const rows: Int32Array[] = [];
  for (const ranking of rankings) {
    const where = `rankings[${rows.length}]`;
    if (ranking.length < 2 || new Set(ranking).size < ranking.length) {
      throw new RangeError(
        `${where} must hold at least two items and none twice, got ${ranking.join(" ≻ ")}.`,
      );
    }
    rows.push(
      Int32Array.from(ranking, (name) => {
        const known = indices.get(name);
        if (known !== undefined) return known;
        if (names)
          throw new RangeError(`${where}: ${JSON.stringify(name)} is not among the names.`);
        indices.set(name, indices.size);
        return indices.size - 1;
      }),
    );
  }
  return { names: [...indices.keys()], rankings: rows };
}

/**
 * Log-likelihood of strengths.
 *
 *   ℓ(θ) = Σ_rankings Σ_{t<K} [θ_{r_t} − log Σ_{s≥t} e^{θ_{r_s}}]
 *
 * @param strengths [m] θ in nats; adding a constant to all changes nothing
 */
export function plackettLuceLogLikelihood(
  strengths: ArrayLike<number>,
  table: RankingTable,
): number {
  checkTable("plackettLuceLogLikelihood", strengths, table);
  let total = 0;
  for (const ranking of table.rankings) {
    const last = ranking.length - 1;
    let logSum = strengths[ranking[last]]; // log Σ_{s≥t} e^θ, built from the worst upwards
    for (let t = last - 1; t >= 0; t--) {
      const theta = strengths[ranking[t]];
      const [high, low] = theta > logSum ? [theta, logSum] : [logSum, theta];
      logSum = high + Math.log1p(Math.exp(low - high));
      total += theta - logSum;
    }
  }
  return total;
}

/**
 * Gradient of the log-likelihood: how often an item was chosen less how often that was expected.
 *
 *   ∂ℓ/∂θ_i = Σ_rankings Σ_{t<K, i not yet placed} [1(r_t = i) − e^{θ_i}/Σ_{s≥t} e^{θ_{r_s}}]
 *
 * @param strengths [m] θ in nats
 * @returns         [m]
 */
export function plackettLuceGradient(
  strengths: ArrayLike<number>,
  table: RankingTable,
): Float64Array {
  checkTable("plackettLuceGradient", strengths, table);
  const gradient = new Float64Array(table.names.length);
  for (const ranking of table.rankings) {
    for (let t = 0; t < ranking.length - 1; t++) gradient[ranking[t]] += 1;
    eachStage(strengths, ranking, (p, i) => (gradient[i] -= p));
  }
  return gradient;
}

/**
 * One step of the minorisation–maximisation algorithm (Hunter 2004, Ann. Statist. 32:384, §5):
 *
 *   γ_i ← (times i was chosen) / Σ_{choices that i took part in} 1/Σ_{j in choice} γ_j,   γ = e^θ
 *
 * @param strengths [m] θ in nats
 * @returns         [m] the new θ, with mean 0
 */
export function plackettLuceMmStep(
  strengths: ArrayLike<number>,
  table: RankingTable,
): Float64Array {
  checkTable("plackettLuceMmStep", strengths, table);
  const chosen = new Float64Array(table.names.length);
  const expected = new Float64Array(table.names.length); // γ_i times the denominator above
  for (const ranking of table.rankings) {
    for (let t = 0; t < ranking.length - 1; t++) chosen[ranking[t]] += 1;
    eachStage(strengths, ranking, (p, i) => (expected[i] += p));
  }
  const next = chosen.map((n, i) => strengths[i] + Math.log(n / expected[i]));
  return centered(next, next.length);
}

/** Visits every item that takes part in every choice of a ranking, with its probability there. */
function eachStage(
  strengths: ArrayLike<number>,
  ranking: Int32Array,
  visit: (probability: number, item: number, stage: number) => void,
): void {
  const top = ranking.reduce((most, i) => Math.max(most, strengths[i]), -Infinity);
  const weights = Float64Array.from(ranking, (i) => Math.exp(strengths[i] - top));
  let sum = weights[weights.length - 1];
  const sums = new Float64Array(ranking.length);
  for (let t = ranking.length - 2; t >= 0; t--) sums[t] = sum += weights[t];
  for (let t = 0; t < ranking.length - 1; t++) {
    for (let s = t; s < ranking.length; s++) visit(weights[s] / sums[t], ranking[s], t);
  }
}

/** Strengths of the Plackett–Luce model. */
export class PlackettLuceFit extends StrengthFit {
  /** P(a is chosen before b) = σ(θ_a − θ_b), whatever else is there (Luce's axiom). */
  probability(a: Item, b: Item): number {
    return sigmoid(this.strengthOf(a) - this.strengthOf(b));
  }
}

/** How `plackettLuce` finds the maximum. */
export interface PlackettLuceOptions extends PriorOptions {
  /** "newton" (default) or Hunter's "mm", which takes no prior. Both give the same answer. */
  method?: "newton" | "mm";
}

/**
 * Maximum-likelihood strengths of the Plackett–Luce model.
 *
 *     plackettLuce(rankingTable([["A", "B", "C"], ["B", "A"], ["C", "A", "B"]])).ranking();
 *
 * @throws NoMaximumError when some items are never ranked below certain others (no maximum), unless
 *         a prior is asked for
 * @throws ShapeError when there is no ranking
 */
export function plackettLuce(
  table: RankingTable,
  { method = "newton", priorPrecision = 0, ...options }: PlackettLuceOptions = {},
): PlackettLuceFit {
  checkNotEmpty("plackettLuce: rankings", table.rankings);
  checkRange("plackettLuce: priorPrecision", priorPrecision, 0, Number.MAX_VALUE);
  if (method === "mm" && priorPrecision > 0) {
    throw new RangeError('plackettLuce: method "mm" has no normal prior. Use method "newton".');
  }
  if (priorPrecision === 0) checkMaximumExists("plackettLuce", asPairs(table));
  const climb = method === "mm" ? climbByMm : climbByNewton;
  const { x, iterations } = climb(table, { ...options, priorPrecision });
  const m = x.length;
  return new PlackettLuceFit({
    names: table.names,
    strengths: centered(x, m),
    logLikelihood: plackettLuceLogLikelihood(x, table),
    iterations,
    covariance: () => centeredInverse(information(x, table, priorPrecision), m, m),
  });
}

function climbByNewton(table: RankingTable, { priorPrecision = 0, ...options }: PriorOptions) {
  const m = table.names.length;
  let x = new Float64Array(m);
  const problem = {
    moveTo(to: Float64Array): number {
      x = Float64Array.from(to);
      const squares = x.reduce((total, theta) => total + theta * theta, 0);
      return plackettLuceLogLikelihood(x, table) - 0.5 * priorPrecision * squares;
    },
    step(): Float64Array {
      const gradient = plackettLuceGradient(x, table).map((g, i) => g - priorPrecision * x[i]);
      return choleskySolve(gaugedFactor(information(x, table, priorPrecision), m, m), gradient);
    },
  };
  return maximizeByNewton("plackettLuce", problem, x, options);
}

function climbByMm(
  table: RankingTable,
  { tolerance = 1e-10, maxIterations = 100_000 }: PriorOptions,
) {
  checkPositive("plackettLuce: tolerance", tolerance);
  checkInteger("plackettLuce: maxIterations", maxIterations, 1);
  let x: Float64Array = new Float64Array(table.names.length);
  for (let iterations = 1; iterations <= maxIterations; iterations++) {
    const next = plackettLuceMmStep(x, table);
    const moved = largest(next.map((theta, i) => theta - x[i]));
    x = next;
    if (moved <= tolerance) return { x, iterations };
  }
  throw didNotConverge("plackettLuce", maxIterations);
}

/** [m, m] the negative Hessian: Σ over choices of diag(p) − p·pᵀ, with the prior's λ·1. */
function information(x: Float64Array, table: RankingTable, priorPrecision: number): Float64Array {
  const m = x.length;
  const matrix = new Float64Array(m * m);
  for (const ranking of table.rankings) {
    let stage: number[] = [];
    eachStage(x, ranking, (p, i, t) => {
      if (i === ranking[t]) stage = []; // a choice begins with the one that was chosen
      stage.push(i, p);
      matrix[i * m + i] += p * (1 - p);
      for (let k = 0; k < stage.length - 2; k += 2) {
        matrix[i * m + stage[k]] -= p * stage[k + 1];
        matrix[stage[k] * m + i] -= p * stage[k + 1];
      }
    });
  }
  for (let i = 0; i < m; i++) matrix[i * m + i] += priorPrecision;
  return matrix;
}

/** A ranking says of each of its neighbours who is better; for Ford's condition that is enough. */
function asPairs({ names, rankings }: RankingTable) {
  const rows = rankings.flatMap((ranking) =>
    Array.from(ranking.subarray(1), (below, t) => [ranking[t], below, 1, 0, 0] as const),
  );
  return countsFromRows(names, rows);
}

function checkTable(where: string, strengths: ArrayLike<number>, table: RankingTable): void {
  checkLength(`${where}: strengths`, strengths, table.names.length);
  checkAllFinite(`${where}: strengths`, strengths);
}
