/** The functions of exercise 05 as the hidden tests compare with them. Not released. */

const mean = (xs: number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;

/** π_a (r_a − J). */
export function softmaxGradient(preferences: number[], rewards: number[]): number[] {
  const top = Math.max(...preferences);
  const total = preferences.reduce((sum, z) => sum + Math.exp(z - top), 0);
  const policy = preferences.map((z) => Math.exp(z - top) / total);
  const J = policy.reduce((sum, p, a) => sum + p * rewards[a], 0);
  return policy.map((p, a) => p * (rewards[a] - J));
}

/** Σ_k γ^k r_{t+k} + γ^{T−t}·bootstrap, by its definition. */
export function rewardsToGo(rewards: number[], gamma: number, bootstrap: number): number[] {
  return rewards.map((_, t) =>
    rewards
      .slice(t)
      .reduce((sum, r, k) => sum + gamma ** k * r, gamma ** (rewards.length - t) * bootstrap),
  );
}

/** Σ_k (γλ)^k δ_{t+k} up to the end of the episode, by its definition. */
export function advantageEstimates(
  rewards: number[],
  values: number[],
  nextValues: number[],
  terminated: number[],
  truncated: number[],
  gamma: number,
  lambda: number,
): number[] {
  return rewards.map((_, start) => {
    let total = 0;
    for (let t = start; t < rewards.length; t++) {
      const delta = rewards[t] + gamma * (1 - terminated[t]) * nextValues[t] - values[t];
      total += (gamma * lambda) ** (t - start) * delta;
      if (terminated[t] === 1 || truncated[t] === 1) break;
    }
    return total;
  });
}

/** Mean of the smaller promise. */
export function clippedObjective(
  logp: number[],
  logpOld: number[],
  advantages: number[],
  epsilon: number,
): number {
  return mean(
    advantages.map((a, i) => {
      const ratio = Math.exp(logp[i] - logpOld[i]);
      // the bound on the side that pays is the only one that can matter
      return a > 0 ? Math.min(ratio, 1 + epsilon) * a : Math.max(ratio, 1 - epsilon) * a;
    }),
  );
}

/** Mean of (q/p − 1) − log q/p. */
export function klEstimate(logpP: number[], logpQ: number[]): number {
  return mean(logpP.map((p, i) => Math.expm1(logpQ[i] - p) - (logpQ[i] - p)));
}
