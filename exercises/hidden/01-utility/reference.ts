/** The functions of exercise 01 as the hidden tests compare with them. Not released. */

/** u(x) = ∫ t^{−γ} dt, from 1 where γ = 1, in closed form. */
export function crra(money: number, gamma: number): number {
  const power = 1 - gamma;
  return power === 0 ? Math.log(money) : Math.exp(power * Math.log(money)) / power;
}

/** The power mean of exponent 1 − γ. */
export function worth(outcomes: number[], probabilities: number[], gamma: number): number {
  const utility = outcomes.reduce((sum, x, k) => sum + probabilities[k] * crra(x, gamma), 0);
  return gamma === 1 ? Math.exp(utility) : ((1 - gamma) * utility) ** (1 / (1 - gamma));
}

/** Σ log P(what was done). */
export function logLikelihood(
  gains: number[],
  took: number[],
  sensitivity: number,
  slips: number,
): number {
  const logs = gains.map((gain, k) => {
    const z = sensitivity * (took[k] === 1 ? gain : -gain);
    return Math.log(slips / 2 + (1 - slips) / (1 + Math.exp(-z)));
  });
  return logs.reduce((sum, x) => sum + x, 0);
}

/** Exponential clocks of rate e^u: the first to ring is the Gumbel choice. */
export function pick(utilities: number[], uniforms: number[]): number {
  const times = utilities.map((u, i) => -Math.log(uniforms[i]) * Math.exp(-u));
  return times.indexOf(Math.min(...times));
}
