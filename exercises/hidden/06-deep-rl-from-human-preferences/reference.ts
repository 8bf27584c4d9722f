/** The functions of exercise 06 as the hidden tests compare with them. Not released. */

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const mean = (xs: number[]): number => xs.reduce((total, x) => total + x, 0) / xs.length;

/** P̂(σ¹ ≻ σ²) = (1 − ε)·σ(Δ) + ε/2. */
export function probability(first: number[], second: number[], errorRate: number): number {
  const delta = first.length * mean(first) - second.length * mean(second);
  return (1 - errorRate) * logistic(delta) + errorRate / 2;
}

/** ∂L/∂Δ of one answer. */
export function slope(delta: number, mu: number, errorRate: number): number {
  const up = (x: number): number => {
    const meant = (1 - errorRate) * logistic(x);
    return (meant / (meant + errorRate / 2)) * logistic(-x);
  };
  return (1 - mu) * up(-delta) - mu * up(delta);
}

/** The mean of the networks, each brought to mean 0 and standard deviation 1. */
export function ensemble(outputs: number[][]): number[] {
  const normalised = outputs.map((row) => {
    const center = mean(row);
    const spread = Math.sqrt(mean(row.map((r) => (r - center) ** 2)));
    return row.map((r) => (spread > 0 ? (r - center) / spread : 0));
  });
  return outputs[0].map((_, b) => mean(normalised.map((row) => row[b])));
}

/** Places of the pairs with the largest variance, the largest first. */
export function disputed(chances: number[][], count: number): number[] {
  const variance = chances.map((pair) => mean(pair.map((p) => (p - mean(pair)) ** 2)));
  const places = chances.map((_, i) => i).sort((i, j) => variance[j] - variance[i]);
  return places.slice(0, count);
}
