import { logSumExp } from "../core/statistics";
import type { PairFit } from "./pairModel";
import { strengthBlock, StrengthFit } from "./strengthFit";
import type { PointEstimate, StrengthFitFields } from "./strengthFit";

/** P(first wins), P(second wins), P(tie); they add to 1. */
export interface OutcomeProbabilities {
  first: number;
  second: number;
  tie: number;
}

/** Strengths of a model with one parameter for ties. */
export class TieFit extends StrengthFit {
  constructor(
    fields: StrengthFitFields,
    /** The model's tie parameter: Davidson's ν, Rao and Kupper's θ. */
    readonly tie: PointEstimate,
  ) {
    super(fields);
  }

  /** [m] worths π_i = e^{θ_i}/Σ_j e^{θ_j}, which add to 1. */
  get worths(): Float64Array {
    const total = logSumExp(this.strengths);
    return this.strengths.map((theta) => Math.exp(theta - total));
  }
}

/** Splits a fit into what every fit has, and its one further parameter. */
export function tieFitFields({ x, iterations, likelihood }: PairFit): {
  fields: StrengthFitFields;
  extra: number;
  extraStandardError: number;
} {
  const [m, d] = [likelihood.items, likelihood.size];
  const covariance = likelihood.covariance(x);
  const fields = {
    names: likelihood.counts.names,
    strengths: x.slice(0, m),
    logLikelihood: likelihood.logLikelihood(x),
    iterations,
    covariance: () => strengthBlock(covariance, d, m),
  };
  return { fields, extra: x[m], extraStandardError: Math.sqrt(covariance[d * d - 1]) };
}
