import { checkInteger, checkPositive } from "../core/checks";

/** When an iterative fit stops. */
export interface FitOptions {
  /** How far any strength may still be from the maximum (nats); 1e-10 when left out. */
  tolerance?: number;
  /** Give up, with an error, after so many iterations. */
  maxIterations?: number;
}

/** A concave function to climb. It is asked for everything at one point before the next. */
export interface Concave {
  /** Goes to x and returns the value there: the log-likelihood, with its prior if any. */
  moveTo(x: Float64Array): number;
  /** Newton's step I⁻¹·∇ from there, with I the negative Hessian. */
  step(): Float64Array;
}

/** Where a climb ended. */
export interface Maximum {
  x: Float64Array;
  iterations: number;
}

/**
 * Climbs a concave function by Newton's method, x ← x + I⁻¹∇, halving a step that would go down.
 * Near the maximum a step of size s leaves an error of about s², so the climb ends with the first
 * full step for which s² is within the tolerance.
 *
 * @throws RangeError when it has not converged after `maxIterations` (100)
 */
export function maximizeByNewton(
  where: string,
  problem: Concave,
  start: Float64Array,
  { tolerance = 1e-10, maxIterations = 100 }: FitOptions = {},
): Maximum {
  checkPositive(`${where}: tolerance`, tolerance);
  checkInteger(`${where}: maxIterations`, maxIterations, 1);
  let x = start;
  let value = problem.moveTo(x);
  for (let iterations = 1; iterations <= maxIterations; iterations++) {
    const step = problem.step();
    let scale = 1;
    let next = shifted(x, step, scale);
    let reached = problem.moveTo(next);
    const slack = 1e-12 * Math.abs(value); // rounding in the value must not shorten a good step
    while (!(reached >= value - slack) && scale > 1e-10) {
      scale /= 2;
      next = shifted(x, step, scale);
      reached = problem.moveTo(next);
    }
    [x, value] = [next, reached];
    if (scale === 1 && largest(step) ** 2 <= tolerance) return { x, iterations };
  }
  throw didNotConverge(where, maxIterations);
}

/** The error of every iterative fit that ran out of iterations. */
export function didNotConverge(where: string, maxIterations: number): RangeError {
  return new RangeError(
    `${where} has not converged after ${maxIterations} iterations. Raise maxIterations or tolerance; ` +
      `data that barely have a maximum need a prior: { priorPrecision: 0.01 }.`,
  );
}

/** max_i |x_i| */
export function largest(x: Float64Array): number {
  let most = 0;
  for (const value of x) {
    if (!(Math.abs(value) <= most)) most = Math.abs(value); // so that NaN comes through
  }
  return most;
}

const shifted = (x: Float64Array, step: Float64Array, scale: number) =>
  x.map((value, i) => value + scale * step[i]);
