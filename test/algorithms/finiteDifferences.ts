import type { Policy } from "../../lib/algorithms/policy";

/** Central differences with this step have an error of about 1e-10 in double precision. */
const h = 1e-5;
export const finiteDifferenceTolerance = 1e-8;

/** ∂f/∂x_i at x, one entry after the other. */
export function differences(f: (x: Float64Array) => number, x: ArrayLike<number>): Float64Array {
  const at = Float64Array.from(x);
  return at.map((_, i) => {
    const shifted = (by: number): number => f(at.map((y, k) => (k === i ? y + by : y)));
    return (shifted(h) - shifted(-h)) / (2 * h);
  });
}

/** The same for a policy's parameters, which are put back. */
export function policyDifferences(policy: Policy, loss: () => number): Float64Array {
  const at = policy.getParameters();
  const gradient = differences((theta) => {
    policy.setParameters(theta);
    return loss();
  }, at);
  policy.setParameters(at);
  return gradient;
}

/** Largest difference of two lists. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  return Array.from(a).reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i])), 0);
}
