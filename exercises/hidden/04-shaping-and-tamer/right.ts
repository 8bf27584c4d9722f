/**
 * Two sets of right solutions of exercise 04, written differently from the teacher's and from each
 * other; all must get full marks. Not released. Their text is graded as a submission.
 */
type Solutions = Readonly<Record<string, (...inputs: never[]) => unknown>>;

/** As a student who likes functional style would write them. */
export const functional: Solutions = {
  shapingReward: (
    potentials: number[],
    state: number,
    next: number,
    terminated: boolean,
    gamma: number,
  ) => gamma * (terminated ? 0 : potentials[next]) - potentials[state],
  qUpdate: (
    q: number[][],
    state: number,
    action: number,
    reward: number,
    next: number,
    terminated: boolean,
    alpha: number,
    gamma: number,
  ) =>
    q.map((row, s) =>
      row.map((x, a) => {
        if (s !== state || a !== action) return x;
        const target = terminated ? reward : reward + gamma * Math.max(...q[next]);
        return x + alpha * (target - x);
      }),
    ),
  pressCredit: (time: number, starts: number[], ends: number[], low: number, high: number) =>
    starts.map((start, k) => {
      const from = Math.max(start, time - high);
      const to = Math.min(ends[k], time - low);
      return to > from ? (to - from) / (high - low) : 0;
    }),
  tamerUpdate: (
    weights: number[][],
    features: number[][],
    actions: number[],
    credits: number[],
    press: number,
    alpha: number,
  ) =>
    weights.map((row, a) =>
      row.map((w, i) => {
        const steps = features.map((phi, k) => {
          if (actions[k] !== a) return 0;
          const guess = phi.map((x, j) => x * row[j]).reduce((p, q) => p + q, 0);
          return credits[k] * (press - guess) * phi[i];
        });
        return w + alpha * steps.reduce((p, q) => p + q, 0);
      }),
    ),
};

/** As somebody who comes from C would write them, on typed arrays where that is natural. */
export const imperative: Solutions = {
  shapingReward: function (
    potentials: number[],
    state: number,
    next: number,
    terminated: boolean,
    gamma: number,
  ) {
    let added = -potentials[state];
    if (!terminated) added += gamma * potentials[next];
    return added;
  },
  qUpdate: function (
    q: number[][],
    state: number,
    action: number,
    reward: number,
    next: number,
    terminated: boolean,
    alpha: number,
    gamma: number,
  ) {
    const out = [];
    for (let s = 0; s < q.length; s++) out.push(Float64Array.from(q[s]));
    let best = -Infinity;
    for (let a = 0; a < q[next].length; a++) if (q[next][a] > best) best = q[next][a];
    const target = terminated ? reward : reward + gamma * best;
    out[state][action] = (1 - alpha) * q[state][action] + alpha * target;
    return out;
  },
  pressCredit: function (
    time: number,
    starts: number[],
    ends: number[],
    low: number,
    high: number,
  ) {
    const credits = new Float64Array(starts.length);
    for (let k = 0; k < starts.length; k++) {
      const earliest = time - ends[k]; // delays for which the press is about step k
      const latest = time - starts[k];
      const overlap = Math.min(latest, high) - Math.max(earliest, low);
      credits[k] = overlap > 0 ? overlap / (high - low) : 0;
    }
    return credits;
  },
  tamerUpdate: function (
    weights: number[][],
    features: number[][],
    actions: number[],
    credits: number[],
    press: number,
    alpha: number,
  ) {
    const out = weights.map((row) => row.slice());
    for (let k = 0; k < features.length; k++) {
      const old = weights[actions[k]];
      let guess = 0;
      for (let i = 0; i < old.length; i++) guess += old[i] * features[k][i];
      const step = alpha * credits[k] * (press - guess);
      for (let i = 0; i < old.length; i++) out[actions[k]][i] += step * features[k][i];
    }
    return out;
  },
};
