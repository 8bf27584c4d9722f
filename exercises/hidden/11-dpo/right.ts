/**
 * Two sets of right solutions of exercise 11, written differently from the teacher's and from each
 * other; all must get full marks. Not released. Their text is graded as a submission, so each stands
 * alone.
 */
type Solutions = Readonly<Record<string, (...inputs: never[]) => unknown>>;

/** As a student who likes functional style would write them. */
export const functional: Solutions = {
  responseLogp: (logp: number[], mask: number[]) =>
    logp.filter((_, t) => mask[t + 1] === 1).reduce((a, b) => a + b, 0),
  dpoLoss: (w: number[], l: number[], rw: number[], rl: number[], beta: number) =>
    w
      .map((x, i) => beta * (x - rw[i] - l[i] + rl[i]))
      .map((z) => (z > 0 ? Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)) - z))
      .reduce((a, b) => a + b, 0) / w.length,
  ipoLoss: (w: number[], l: number[], rw: number[], rl: number[], beta: number) =>
    w
      .map((x, i) => x - rw[i] - l[i] + rl[i])
      .map((h) => (h - 1 / (2 * beta)) ** 2)
      .reduce((a, b) => a + b, 0) / w.length,
  tilt: (logpReference: number[], rewards: number[], beta: number) => {
    const scores = logpReference.map((x, y) => x + rewards[y] / beta);
    const top = Math.max(...scores);
    const weights = scores.map((s) => Math.exp(s - top));
    const total = weights.reduce((a, b) => a + b, 0);
    return scores.map((s) => s - top - Math.log(total));
  },
};

/** As somebody who comes from C would write them. */
export const imperative: Solutions = {
  responseLogp: function (logp: number[], mask: number[]) {
    let total = 0;
    for (let token = 1; token < mask.length; token++) {
      if (mask[token] !== 0) total += logp[token - 1];
    }
    return total;
  },
  dpoLoss: function (w: number[], l: number[], rw: number[], rl: number[], beta: number) {
    let total = 0;
    for (let i = 0; i < w.length; i++) {
      const h = w[i] - l[i] - (rw[i] - rl[i]);
      const z = beta * h;
      total += z < -30 ? -z : Math.log1p(Math.exp(-z));
    }
    return total / w.length;
  },
  ipoLoss: function (w: number[], l: number[], rw: number[], rl: number[], beta: number) {
    let total = 0;
    for (let i = 0; i < w.length; i++) {
      const off = w[i] - l[i] - rw[i] + rl[i] - 0.5 / beta;
      total += off * off;
    }
    return total / w.length;
  },
  tilt: function (logpReference: number[], rewards: number[], beta: number) {
    const out = new Float64Array(rewards.length);
    let top = -Infinity;
    for (let y = 0; y < out.length; y++) {
      out[y] = logpReference[y] + rewards[y] / beta;
      if (out[y] > top) top = out[y];
    }
    let sum = 0;
    for (let y = 0; y < out.length; y++) sum += Math.exp(out[y] - top);
    for (let y = 0; y < out.length; y++) out[y] -= top + Math.log(sum);
    return out;
  },
};
