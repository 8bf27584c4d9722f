/**
 * Two sets of right solutions of exercise 05, written differently from the teacher's and from each
 * other; all must get full marks. Not released. Their text is graded as a submission, so each stands
 * alone.
 */
type Solutions = Readonly<Record<string, (...inputs: never[]) => unknown>>;

/** As a student who likes functional style would write them. */
export const functional: Solutions = {
  softmaxGradient: (preferences: number[], rewards: number[]) => {
    const sum = (xs: number[]) => xs.reduce((a, b) => a + b, 0);
    const policy = preferences.map((z) => 1 / sum(preferences.map((other) => Math.exp(other - z))));
    return policy.map((p, a) => p * sum(policy.map((q, b) => q * (rewards[a] - rewards[b]))));
  },
  rewardsToGo: (rewards: number[], gamma: number, bootstrap: number) =>
    rewards.reduceRight<number[]>((g, r) => [r + gamma * (g.length > 0 ? g[0] : bootstrap), ...g], []), // prettier-ignore
  advantageEstimates: (
    rewards: number[],
    values: number[],
    nextValues: number[],
    terminated: number[],
    truncated: number[],
    gamma: number,
    lambda: number,
  ) =>
    rewards.reduceRight<number[]>((later, r, t) => {
      const after = terminated[t] === 1 ? 0 : gamma * nextValues[t];
      const over = terminated[t] + truncated[t] > 0 || later.length === 0;
      return [r + after - values[t] + (over ? 0 : gamma * lambda * later[0]), ...later];
    }, []),
  clippedObjective: (logp: number[], logpOld: number[], advantages: number[], epsilon: number) =>
    logp
      .map((l, i) => Math.exp(l - logpOld[i]))
      .map((rho, i) =>
        Math.min(
          rho * advantages[i],
          (rho > 1 + epsilon ? 1 + epsilon : rho < 1 - epsilon ? 1 - epsilon : rho) * advantages[i],
        ),
      )
      .reduce((a, b) => a + b / logp.length, 0),
  klEstimate: (logpP: number[], logpQ: number[]) =>
    logpQ
      .map((q, i) => q - logpP[i])
      .map((l) => Math.expm1(l) - l)
      .reduce((a, b) => a + b, 0) / logpP.length,
};

/** As somebody who comes from C would write them, on typed arrays where that is natural. */
export const imperative: Solutions = {
  softmaxGradient: function (preferences: number[], rewards: number[]) {
    const n = preferences.length;
    const gradient = new Float64Array(n);
    let top = -Infinity;
    for (let a = 0; a < n; a++) if (preferences[a] > top) top = preferences[a];
    let total = 0;
    let earned = 0;
    for (let a = 0; a < n; a++) {
      gradient[a] = Math.exp(preferences[a] - top);
      total += gradient[a];
      earned += gradient[a] * rewards[a];
    }
    for (let a = 0; a < n; a++) gradient[a] *= (rewards[a] - earned / total) / total;
    return gradient;
  },
  rewardsToGo: function (rewards: number[], gamma: number, bootstrap: number) {
    const out = new Float64Array(rewards.length);
    for (let t = rewards.length - 1; t >= 0; t--) {
      bootstrap = rewards[t] + gamma * bootstrap;
      out[t] = bootstrap;
    }
    return out;
  },
  advantageEstimates: function (
    rewards: number[],
    values: number[],
    nextValues: number[],
    terminated: number[],
    truncated: number[],
    gamma: number,
    lambda: number,
  ) {
    const out = new Float64Array(rewards.length);
    for (let t = rewards.length - 1; t >= 0; t--) {
      out[t] = rewards[t] - values[t];
      if (!terminated[t]) out[t] += gamma * nextValues[t];
      if (!terminated[t] && !truncated[t] && t + 1 < out.length) out[t] += gamma * lambda * out[t + 1];
    }
    return out;
  },
  clippedObjective: function (
    logp: number[],
    logpOld: number[],
    advantages: number[],
    epsilon: number,
  ) {
    let total = 0;
    for (let i = 0; i < logp.length; i++) {
      let ratio = Math.exp(logp[i] - logpOld[i]);
      if (advantages[i] > 0 && ratio > 1 + epsilon) ratio = 1 + epsilon;
      if (advantages[i] < 0 && ratio < 1 - epsilon) ratio = 1 - epsilon;
      total += ratio * advantages[i];
    }
    return total / logp.length;
  },
  klEstimate: function (logpP: number[], logpQ: number[]) {
    let total = 0;
    for (let i = 0; i < logpP.length; i++) {
      const ratio = Math.exp(logpQ[i] - logpP[i]);
      total += ratio - 1 - Math.log(ratio);
    }
    return total / logpP.length;
  },
};
