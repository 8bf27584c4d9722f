import { checkInteger } from "../core/checks";

/** An item: its name, or its index in `names`. */
export type Item = string | number;

/** An estimate with its standard error, both in the same unit. */
export interface PointEstimate {
  estimate: number;
  standardError: number;
}

/** A row of a ranking list. */
export interface RankedStrength extends PointEstimate {
  /** 1 is the strongest. */
  rank: number;
  name: string;
}

/** What every fit of strengths says of itself. */
export interface StrengthFitFields {
  names: readonly string[];
  strengths: Float64Array;
  logLikelihood: number;
  iterations: number;
  /** Computes the covariance of the strengths, [m, m]; only when somebody asks. */
  covariance: () => Float64Array;
}

/**
 * Strengths fitted to comparisons. Only differences of strengths mean anything; `strengths` are
 * given with mean 0, and `relativeTo` puts one item at 0 instead.
 */
export class StrengthFit {
  /** [m] the items. */
  readonly names: readonly string[];
  /** [m] θ, in the model's unit (nats, unless the model says otherwise), with mean 0. */
  readonly strengths: Float64Array;
  /** log-likelihood at the maximum, without the prior if there was one. */
  readonly logLikelihood: number;
  /** Iterations until convergence. */
  readonly iterations: number;
  readonly #computeCovariance: () => Float64Array;
  #covariance: Float64Array | undefined;

  constructor(fields: StrengthFitFields) {
    this.names = fields.names;
    this.strengths = fields.strengths;
    this.logLikelihood = fields.logLikelihood;
    this.iterations = fields.iterations;
    this.#computeCovariance = fields.covariance;
  }

  /** [m, m] covariance of the strengths (mean 0), the inverse of the observed information. */
  get covariance(): Float64Array {
    this.#covariance ??= this.#computeCovariance();
    return this.#covariance;
  }

  /** [m] standard error of each strength when their mean is held at 0. */
  get standardErrors(): Float64Array {
    const m = this.names.length;
    return Float64Array.from(this.names, (_, i) => Math.sqrt(this.covariance[i * m + i]));
  }

  /**
   * The index of an item.
   *
   * @throws RangeError when there is no such item
   */
  indexOf(item: Item): number {
    if (typeof item === "number") {
      checkInteger("indexOf: item", item, 0, this.names.length - 1);
      return item;
    }
    const index = this.names.indexOf(item);
    if (index >= 0) return index;
    const some = this.names.slice(0, 8).join(", ");
    throw new RangeError(`There is no item ${JSON.stringify(item)} in this fit. It has ${some}…`);
  }

  /** The strength of an item, with the mean of all at 0. */
  strengthOf(item: Item): number {
    return this.strengths[this.indexOf(item)];
  }

  /** θ_a − θ_b with its standard error √(C_aa + C_bb − 2·C_ab). */
  difference(a: Item, b: Item): PointEstimate {
    const [i, j, m] = [this.indexOf(a), this.indexOf(b), this.names.length];
    const c = this.covariance;
    const variance = c[i * m + i] + c[j * m + j] - 2 * c[i * m + j];
    const standardError = Math.sqrt(Math.max(0, variance));
    return { estimate: this.strengths[i] - this.strengths[j], standardError };
  }

  /** [m] every item's strength above that of one item, as published tables have it. */
  relativeTo(reference: Item): PointEstimate[] {
    return this.names.map((_, i) => this.difference(i, reference));
  }

  /** The items from strongest to weakest, with standard errors (mean at 0). */
  ranking(): RankedStrength[] {
    const errors = this.standardErrors;
    const order = [...this.names.keys()].sort((i, j) => this.strengths[j] - this.strengths[i]);
    return order.map((i, k) => ({
      rank: k + 1,
      name: this.names[i],
      estimate: this.strengths[i],
      standardError: errors[i],
    }));
  }
}

/** The upper left [m, m] block of a [d, d] matrix. */
export function strengthBlock(matrix: Float64Array, d: number, m: number): Float64Array {
  if (d === m) return matrix;
  const block = new Float64Array(m * m);
  for (let i = 0; i < m; i++) block.set(matrix.subarray(i * d, i * d + m), i * m);
  return block;
}
