/**
 * Two sets of right solutions of exercise 06, written differently from the teacher's and from each
 * other; all must get full marks. Not released. Their text is graded as a submission.
 */
type Solutions = Readonly<Record<string, (...inputs: never[]) => unknown>>;

/** As a student who likes functional style would write them. */
export const functional: Solutions = {
  segmentProbability: (first: number[], second: number[], errorRate: number) => {
    const total = (xs: number[]) => xs.reduce((a, b) => a + b, 0);
    const meant = 0.5 + 0.5 * Math.tanh((total(first) - total(second)) / 2);
    return errorRate / 2 + (1 - errorRate) * meant;
  },
  answerGradient: (difference: number, preference: number, errorRate: number) => {
    const meant = (x: number) => (1 - errorRate) / (1 + Math.exp(-x));
    const [p, q] = [difference, -difference].map((x) => meant(x) + errorRate / 2);
    const slope = (meant(difference) * meant(-difference)) / (1 - errorRate);
    return slope * ((1 - preference) / q - preference / p);
  },
  ensembleReward: (outputs: number[][]) =>
    outputs
      .map((row) => {
        const m = row.reduce((a, b) => a + b, 0) / row.length;
        const d = row.map((r) => r - m);
        const s = Math.hypot(...d) / Math.sqrt(row.length);
        return d.map((x) => x / (s || 1) / outputs.length);
      })
      .reduce((a, b) => a.map((x, i) => x + b[i])),
  mostDisputed: (chances: number[][], count: number) =>
    chances
      .map((pair, place) => {
        const sum = pair.reduce((a, b) => a + b, 0);
        const squares = pair.reduce((a, p) => a + p * p, 0);
        return { place, doubt: squares - (sum * sum) / pair.length };
      })
      .sort((a, b) => b.doubt - a.doubt)
      .slice(0, count)
      .map(({ place }) => place),
};

/** As somebody who comes from C would write them. */
export const imperative: Solutions = {
  segmentProbability: function (first: number[], second: number[], errorRate: number) {
    let delta = 0;
    for (let t = 0; t < first.length; t++) delta += first[t];
    for (let t = 0; t < second.length; t++) delta -= second[t];
    const sigma = delta > 0 ? 1 / (1 + Math.exp(-delta)) : Math.exp(delta) / (1 + Math.exp(delta));
    return sigma - errorRate * (sigma - 0.5);
  },
  answerGradient: function (difference: number, preference: number, errorRate: number) {
    const sides: [number, number][] = [
      [difference, -preference],
      [-difference, 1 - preference],
    ];
    let gradient = 0;
    for (const [x, weight] of sides) {
      const s = 1 / (1 + Math.exp(-x));
      const p = s - errorRate * (s - 0.5);
      gradient += (weight * (1 - errorRate) * s * (1 - s)) / p;
    }
    return gradient;
  },
  ensembleReward: function (outputs: number[][]) {
    const n = outputs[0].length;
    const reward = new Array<number>(n).fill(0);
    for (let e = 0; e < outputs.length; e++) {
      let mean = 0;
      for (let b = 0; b < n; b++) mean += outputs[e][b] / n;
      let variance = 0;
      for (let b = 0; b < n; b++) variance += (outputs[e][b] - mean) ** 2 / n;
      if (variance === 0) continue;
      for (let b = 0; b < n; b++) {
        reward[b] += (outputs[e][b] - mean) / Math.sqrt(variance) / outputs.length;
      }
    }
    return reward;
  },
  mostDisputed: function (chances: number[][], count: number) {
    const doubt = chances.map((pair) => {
      let sum = 0;
      for (const p of pair) for (const q of pair) sum += (p - q) ** 2;
      return sum;
    });
    const chosen: number[] = [];
    while (chosen.length < count) {
      let best = -1;
      for (let i = 0; i < doubt.length; i++) {
        if (!chosen.includes(i) && (best < 0 || doubt[i] > doubt[best])) best = i;
      }
      chosen.push(best);
    }
    return chosen;
  },
};
