/**
 * Two sets of right solutions of exercise 08, written differently from the teacher's and from each
 * other; all must get full marks. Not released. Their text is graded as a submission, so each stands
 * alone.
 */
type Solutions = Readonly<Record<string, (...inputs: never[]) => unknown>>;

/** As a student who likes functional style would write them. */
export const functional: Solutions = {
  rewardLoss: (chosen: number[], rejected: number[]) =>
    chosen
      .map((r, i) => rejected[i] - r)
      .map((z) => (z < 0 ? Math.log1p(Math.exp(z)) : z + Math.log1p(Math.exp(-z))))
      .reduce((a, b) => a + b, 0) / chosen.length,
  rankingLoss: (ranked: number[]) => {
    const gaps = ranked.flatMap((r, i) => ranked.slice(i + 1).map((later) => later - r));
    const losses = gaps.map((z) => (z < 0 ? Math.log1p(Math.exp(z)) : z + Math.log1p(Math.exp(-z))));
    return losses.reduce((a, b) => a + b, 0) / losses.length;
  },
  calibrationError: (promised: number[], came: number[], bins: number) =>
    Array.from({ length: bins }, (_, b) =>
      promised
        .map((p, n) => (Math.min(bins - 1, Math.floor(p * bins)) === b ? came[n] - p : 0))
        .reduce((x, y) => x + y, 0),
    ).reduce((total, gap) => total + Math.abs(gap), 0) / promised.length,
};

/** As somebody who comes from C would write them. */
export const imperative: Solutions = {
  rewardLoss: function (chosen: number[], rejected: number[]) {
    let total = 0;
    for (let i = 0; i < chosen.length; i++) {
      const d = chosen[i] - rejected[i];
      total += d < -30 ? -d : Math.log1p(Math.exp(-d));
    }
    return total / chosen.length;
  },
  rankingLoss: function (ranked: number[]) {
    let total = 0;
    for (let j = 1; j < ranked.length; j++) {
      for (let i = 0; i < j; i++) {
        const d = ranked[i] - ranked[j];
        total += d < -30 ? -d : Math.log1p(Math.exp(-d));
      }
    }
    return (2 * total) / (ranked.length * (ranked.length - 1));
  },
  calibrationError: function (promised: number[], came: number[], bins: number) {
    const count = new Float64Array(bins);
    const said = new Float64Array(bins);
    const seen = new Float64Array(bins);
    for (let n = 0; n < promised.length; n++) {
      let b = 0;
      while (b + 1 < bins && promised[n] >= (b + 1) / bins) b++;
      count[b] += 1;
      said[b] += promised[n];
      seen[b] += came[n];
    }
    let error = 0;
    for (let b = 0; b < bins; b++)
      if (count[b] > 0)
        error += (count[b] / promised.length) * Math.abs(seen[b] / count[b] - said[b] / count[b]);
    return error;
  },
};
