/** The functions of exercise 03 as the hidden tests compare with them. Not released. */

/** log σ(d) without overflow. */
const logSigmoid = (d: number): number => Math.min(d, 0) - Math.log1p(Math.exp(-Math.abs(d)));

/** ℓ(θ) = Σ w_ij log σ(θ_i − θ_j). */
export function logLikelihood(wins: number[][], theta: number[]): number {
  const terms = wins.flatMap((row, i) => row.map((w, j) => w * logSigmoid(theta[i] - theta[j])));
  return terms.reduce((sum, term) => sum + term, 0);
}

/** ∂ℓ/∂θ_i = Σ_j w_ij σ(θ_j − θ_i) − w_ji σ(θ_i − θ_j). */
export function gradient(wins: number[][], theta: number[]): number[] {
  const probability = (i: number, j: number) => Math.exp(logSigmoid(theta[i] - theta[j]));
  return theta.map((_, i) =>
    theta.reduce(
      (sum, _, j) => sum + wins[i][j] * probability(j, i) - wins[j][i] * probability(i, j),
      0,
    ),
  );
}

/** One step of Hunter's MM algorithm, before it is scaled. */
export function mmStep(wins: number[][], p: number[]): number[] {
  const sum = (terms: number[]) => terms.reduce((total, term) => total + term, 0);
  return p.map((_, i) => {
    const weights = p.map((_, j) => (i === j ? 0 : (wins[i][j] + wins[j][i]) / (p[i] + p[j])));
    return sum(wins[i]) / sum(weights);
  });
}

/** Strengths of geometric mean 1. */
export function scaled(p: number[]): number[] {
  const meanLog = p.reduce((sum, strength) => sum + Math.log(strength), 0) / p.length;
  return p.map((strength) => strength / Math.exp(meanLog));
}

/** Elo's update on the scale of odds 10 : 1 at 400 points. */
export function elo(
  ratings: number[],
  first: number,
  second: number,
  score: number,
  k: number,
): number[] {
  const odds = 10 ** ((ratings[first] - ratings[second]) / 400);
  const gain = k * (score - odds / (1 + odds));
  return ratings.map((r, i) => (i === first ? r + gain : i === second ? r - gain : r));
}

/** Cohen's κ from a table of counts: counts[a][b] items called a by the first and b by the second. */
export function kappaOfCounts(counts: number[][]): number {
  const total = counts.flat().reduce((sum, count) => sum + count, 0);
  const rows = counts.map((row) => row.reduce((sum, count) => sum + count, 0) / total);
  const columns = counts.map((_, b) => counts.reduce((sum, row) => sum + row[b], 0) / total);
  const observed = counts.reduce((sum, row, a) => sum + row[a] / total, 0);
  const chance = rows.reduce((sum, share, a) => sum + share * columns[a], 0);
  return (observed - chance) / (1 - chance);
}
