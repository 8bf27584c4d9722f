/** The functions of exercise 11 as the hidden tests compare with them. Not released. */

const mean = (xs: number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;

/** log π(y|x) = Σ over the reply's tokens; logp[t] is that of token t + 1. */
export function responseLogp(logp: number[], mask: number[]): number {
  return mask.slice(1).reduce((sum, m, t) => sum + (m === 1 ? logp[t] : 0), 0);
}

const margins = (w: number[], l: number[], rw: number[], rl: number[]): number[] =>
  w.map((x, i) => x - l[i] - (rw[i] - rl[i]));

/** −mean log σ(βh). */
export function dpo(w: number[], l: number[], rw: number[], rl: number[], beta: number): number {
  const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  return mean(margins(w, l, rw, rl).map((h) => softplus(-beta * h)));
}

/** mean (h − 1/(2β))². */
export function ipo(w: number[], l: number[], rw: number[], rl: number[], beta: number): number {
  return mean(margins(w, l, rw, rl).map((h) => (h - 0.5 / beta) ** 2));
}

/** log π_ref + r/β − log Z. */
export function tilt(logpReference: number[], rewards: number[], beta: number): number[] {
  const scores = logpReference.map((x, y) => x + rewards[y] / beta);
  const top = Math.max(...scores);
  const logZ = top + Math.log(scores.reduce((sum, s) => sum + Math.exp(s - top), 0));
  return scores.map((s) => s - logZ);
}
