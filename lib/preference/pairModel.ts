import { checkRange } from "../core/checks";
import { choleskySolve, conjugateGradient, innerProduct } from "../core/linearAlgebra";
import { checkCounts } from "./countChecks";
import { checkMaximumExists } from "./existence";
import { centered, centeredInverse, gaugedFactor } from "./gauge";
import { maximizeByNewton } from "./newton";
import type { FitOptions } from "./newton";
import { battleTotals, winTotals } from "./pairCounts";
import type { PairCounts } from "./pairCounts";

/**
 * What one pair adds to a log-likelihood ℓ(z, η), where z = θ_first − θ_second and η is the model's
 * one further parameter (a home advantage, a log tie rate), if it has one.
 */
export interface PairTerm {
  /** ℓ */
  value: number;
  /** ∂ℓ/∂z */
  slope: number;
  /** −∂²ℓ/∂z² ≥ 0 */
  curvature: number;
  /** ∂ℓ/∂η */
  extraSlope: number;
  /** −∂²ℓ/∂η² */
  extraCurvature: number;
  /** −∂²ℓ/∂z∂η */
  cross: number;
}

/** A paired-comparison model: fills in `term` for pair k of the counts. */
export type PairModel = (
  term: PairTerm,
  z: number,
  extra: number,
  counts: PairCounts,
  k: number,
) => void;

/**
 * What one look at all pairs finds at x: value and derivatives, the first by pair, those of η summed.
 */
export interface PairDerivatives {
  /** Σ ℓ */
  value: number;
  /** [P] ∂ℓ/∂z */
  readonly slope: Float64Array;
  /** [P] −∂²ℓ/∂z² */
  readonly curvature: Float64Array;
  /** [P] −∂²ℓ/∂z∂η; empty without η */
  readonly cross: Float64Array;
  /** Σ ∂ℓ/∂η */
  extraSlope: number;
  /** −Σ ∂²ℓ/∂η² */
  extraCurvature: number;
}

/** Looks at all pairs at x = (θ_1 … θ_m) or (θ_1 … θ_m, η) and fills in `found`. */
export type PairSweep = (found: PairDerivatives, x: Float64Array, counts: PairCounts) => void;

/** Makes a sweep of a model that is written pair by pair. */
export function eachPair(model: PairModel): PairSweep {
  return (found, x, counts) => {
    const { slope, curvature, cross } = found;
    const { first, second } = counts;
    const extra = x.length > counts.names.length ? x[counts.names.length] : 0;
    const term: PairTerm = { ...noTerm };
    found.value = found.extraSlope = found.extraCurvature = 0;
    for (let k = 0; k < first.length; k++) {
      model(term, x[first[k]] - x[second[k]], extra, counts, k);
      found.value += term.value;
      slope[k] = term.slope;
      curvature[k] = term.curvature;
      if (cross.length === 0) continue;
      cross[k] = term.cross;
      found.extraSlope += term.extraSlope;
      found.extraCurvature += term.extraCurvature;
    }
  };
}

const noTerm: PairTerm = {
  value: 0,
  slope: 0,
  curvature: 0,
  extraSlope: 0,
  extraCurvature: 0,
  cross: 0,
};

/** A normal prior on the strengths, for data without a maximum or for shrinking on purpose. */
export interface PriorOptions extends FitOptions {
  /**
   * λ ≥ 0: adds −(λ/2)·Σ θ_i² to the log-likelihood, i.e. θ_i ~ N(0, 1/λ). Then a maximum always
   * exists. 0 (none) when left out.
   */
  priorPrecision?: number;
}

/** Up to this many parameters the Hessian is factored; beyond, conjugate gradients. */
const denseParameters = 400;

/**
 * The likelihood of a paired-comparison model on given counts, as a function of the parameters
 * x = (θ_1 … θ_m) or (θ_1 … θ_m, η). All models of this folder with strengths and pairs are fitted
 * through it. `moveTo` looks at every pair once; the rest only adds up what was found there.
 */
export class PairLikelihood {
  readonly items: number;
  readonly size: number;
  readonly #here: PairDerivatives;
  #x: Float64Array = new Float64Array(0);

  constructor(
    readonly counts: PairCounts,
    readonly sweep: PairSweep,
    readonly hasExtra: boolean,
    readonly priorPrecision = 0,
  ) {
    const pairs = counts.first.length;
    this.items = counts.names.length;
    this.size = this.items + (hasExtra ? 1 : 0);
    this.#here = {
      value: 0,
      slope: new Float64Array(pairs),
      curvature: new Float64Array(pairs),
      cross: new Float64Array(hasExtra ? pairs : 0),
      extraSlope: 0,
      extraCurvature: 0,
    };
  }

  /** Goes to x and returns the log-likelihood there, less (λ/2)·Σ θ² of the prior. */
  moveTo(x: Float64Array): number {
    let squares = 0;
    for (let i = 0; i < this.items; i++) squares += x[i] * x[i];
    return this.logLikelihood(x) - 0.5 * this.priorPrecision * squares;
  }

  /** Goes to x and returns Σ over pairs of ℓ, without the prior. */
  logLikelihood(x: Float64Array): number {
    this.#x = x;
    this.sweep(this.#here, x, this.counts);
    return this.#here.value;
  }

  /** [size] the gradient here, with the prior's. */
  gradient(): Float64Array {
    const gradient = new Float64Array(this.size);
    for (let i = 0; i < this.items; i++) gradient[i] = -this.priorPrecision * this.#x[i];
    this.#addFlows(this.#here.slope, gradient);
    if (this.hasExtra) gradient[this.items] = this.#here.extraSlope;
    return gradient;
  }

  /** [size] Newton's step from here. */
  step(): Float64Array {
    const gradient = this.gradient();
    if (this.size > denseParameters) return this.#stepByConjugateGradient(gradient);
    return choleskySolve(gaugedFactor(this.information(), this.size, this.items), gradient);
  }

  /** [size, size] the covariance of the estimates at x, the inverse information; Σ θ held at 0. */
  covariance(x: Float64Array): Float64Array {
    this.moveTo(x);
    return centeredInverse(this.information(), this.size, this.items);
  }

  /** [size, size] the negative Hessian here, with the prior's. */
  information(): Float64Array {
    const d = this.size;
    const matrix = new Float64Array(d * d);
    const { first, second } = this.counts;
    const { curvature } = this.#here;
    for (let k = 0; k < first.length; k++) {
      const i = first[k];
      const j = second[k];
      const weight = curvature[k];
      matrix[i * d + i] += weight;
      matrix[j * d + j] += weight;
      matrix[i * d + j] -= weight;
      matrix[j * d + i] -= weight;
    }
    for (let i = 0; i < this.items; i++) matrix[i * d + i] += this.priorPrecision;
    if (!this.hasExtra) return matrix;
    const border = this.#border();
    for (let i = 0; i < d; i++) {
      matrix[i * d + d - 1] = border[i];
      matrix[(d - 1) * d + i] = border[i];
    }
    return matrix;
  }

  /** [size] the last row of the information: −∂²ℓ/∂θ_i∂η, and −∂²ℓ/∂η². */
  #border(): Float64Array {
    const border = new Float64Array(this.size);
    this.#addFlows(this.#here.cross, border);
    border[this.items] = this.#here.extraCurvature;
    return border;
  }

  /** What flows along each pair is added at its first item and taken from its second. */
  #addFlows(flow: Float64Array, into: Float64Array): void {
    const { first, second } = this.counts;
    for (let k = 0; k < first.length; k++) {
      into[first[k]] += flow[k];
      into[second[k]] -= flow[k];
    }
  }

  #stepByConjugateGradient(gradient: Float64Array): Float64Array {
    const { first, second } = this.counts;
    const [m, curvature, prior] = [this.items, this.#here.curvature, this.priorPrecision];
    const border = this.hasExtra ? this.#border() : undefined;
    const diagonal = new Float64Array(this.size).fill(prior);
    for (let k = 0; k < first.length; k++) {
      diagonal[first[k]] += curvature[k];
      diagonal[second[k]] += curvature[k];
    }
    if (border) diagonal[m] = border[m];
    const multiply = (v: Float64Array, into: Float64Array) => {
      for (let i = 0; i < m; i++) into[i] = prior * v[i] + (border ? border[i] * v[m] : 0);
      if (border) into[m] = innerProduct(border, v);
      for (let k = 0; k < first.length; k++) {
        const flow = curvature[k] * (v[first[k]] - v[second[k]]);
        into[first[k]] += flow;
        into[second[k]] -= flow;
      }
    };
    // without a prior a common shift is in the kernel: rounding must not put it into the right side
    const right = prior === 0 ? centered(gradient, m) : gradient;
    return centered(conjugateGradient(multiply, right, diagonal, { tolerance: 1e-5 }), m);
  }
}

/** A fitted pair model before it is dressed for its reader. */
export interface PairFit {
  x: Float64Array;
  iterations: number;
  likelihood: PairLikelihood;
}

/**
 * Checks that a maximum exists (unless a prior makes one), then climbs to it by Newton's method.
 *
 * @throws NoMaximumError when it does not exist, RangeError on invalid options
 */
export function fitPairModel(
  where: string,
  counts: PairCounts,
  sweep: PairSweep,
  { priorPrecision = 0, ...fit }: PriorOptions,
  extra?: number,
): PairFit {
  checkCounts(where, counts);
  checkRange(`${where}: priorPrecision`, priorPrecision, 0, Number.MAX_VALUE);
  if (priorPrecision === 0) checkMaximumExists(where, counts);
  const likelihood = new PairLikelihood(counts, sweep, extra !== undefined, priorPrecision);
  const start = startingPoint(counts, likelihood.size);
  if (extra !== undefined) start[likelihood.items] = extra;
  const { x, iterations } = maximizeByNewton(where, likelihood, start, fit);
  return { x: centered(x, likelihood.items), iterations, likelihood };
}

/** The log-odds of each item's share of wins: far from the maximum, but on its side. */
function startingPoint(counts: PairCounts, size: number): Float64Array {
  const [wins, battles, start] = [winTotals(counts), battleTotals(counts), new Float64Array(size)];
  wins.forEach((won, i) => (start[i] = Math.log((won + 0.5) / (battles[i] - won + 0.5))));
  return centered(start, wins.length);
}
