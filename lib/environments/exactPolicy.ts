/**
 * Policies over few enough replies to be written down: a table of log-probabilities, one a reply.
 * What others must estimate from samples is here a sum.
 */
import { checkAllFinite, checkNotEmpty, checkPositive, checkSameLength } from "../core/checks";
import type { Rng } from "../core/rng";
import { logSumExp } from "../core/statistics";

/**
 * E_π r = Σ π(y)·r(y).
 *
 * @param logp [Y] log π(y) in nats; −∞ for what never comes
 * @param rewards [Y]
 */
export function expectation(logp: ArrayLike<number>, rewards: ArrayLike<number>): number {
  checkTables("expectation", { logp, rewards });
  let sum = 0;
  for (let y = 0; y < logp.length; y++) {
    const p = Math.exp(logp[y]);
    if (p > 0) sum += p * rewards[y];
  }
  return sum;
}

/**
 * KL(π‖ρ) = Σ π(y)·(log π(y) − log ρ(y)), in nats; at least 0, and 0 only for equal policies.
 *
 * @param logp          [Y] log π(y)
 * @param logpReference [Y] log ρ(y)
 */
export function klDivergence(logp: ArrayLike<number>, logpReference: ArrayLike<number>): number {
  checkTables("klDivergence", { logp, logpReference });
  let sum = 0;
  for (let y = 0; y < logp.length; y++) {
    const p = Math.exp(logp[y]);
    if (p > 0) sum += p * (logp[y] - logpReference[y]);
  }
  return sum;
}

/**
 * The policy that RLHF strives for: largest E_π r − β·KL(π‖π_ref).
 *
 *   π*(y) = π_ref(y)·exp(r(y)/β) / Z,  Z = Σ π_ref(y)·exp(r(y)/β)
 *
 * Ziebart 2010; Rafailov et al. 2023, Eq. 4, arXiv:2305.18290. How far another policy falls short is
 * β·KL(π‖π*), exactly.
 *
 * @param beta > 0; a larger value holds the policy nearer the reference
 * @returns [Y] log π*(y) in nats
 */
export function tiltedPolicy(
  logpReference: ArrayLike<number>,
  rewards: ArrayLike<number>,
  beta: number,
): Float64Array {
  checkTables("tiltedPolicy", { logpReference, rewards });
  checkPositive("tiltedPolicy: beta", beta);
  checkAllFinite("tiltedPolicy: rewards", rewards);
  return normalised(Float64Array.from(rewards, (reward, y) => logpReference[y] + reward / beta));
}

/**
 * Draws from a table: the first entry at which the running sum of the probabilities passes a uniform number.
 *
 * @param logp [Y] log π(y), nats
 * @returns a function that draws y, in log Y steps
 */
export function tableSampler(logp: ArrayLike<number>): (rng: Rng) => number {
  checkNotEmpty("tableSampler: logp", logp);
  const upTo = new Float64Array(logp.length);
  let total = 0;
  for (let y = 0; y < logp.length; y++) upTo[y] = total += Math.exp(logp[y]);
  return (rng) => {
    const target = rng.uniform() * total;
    let [low, high] = [0, logp.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (upTo[middle] > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** Scores in nats made into log-probabilities: minus the logarithm of the sum of their exponentials. */
export function normalised(scores: ArrayLike<number>): Float64Array {
  checkNotEmpty("normalised: scores", scores);
  const logTotal = logSumExp(scores);
  return Float64Array.from(scores, (score) => score - logTotal);
}

/**
 * The best of n samples by a reward, exactly: sort by reward; the best of n is at most y with
 * probability F(y)ⁿ. Equal rewards share in proportion to π_ref.
 *
 * @param n ≥ 1, any number: 1 is the reference itself
 * @returns [Y] log-probability that y is what best-of-n gives
 */
export function bestOfNPolicy(
  logpReference: ArrayLike<number>,
  rewards: ArrayLike<number>,
  n: number,
): Float64Array {
  checkTables("bestOfNPolicy", { logpReference, rewards });
  checkAllFinite("bestOfNPolicy: rewards", rewards);
  checkPositive("bestOfNPolicy: n", n);
  const order = Array.from({ length: rewards.length }, (_, y) => y).sort(
    (a, b) => rewards[a] - rewards[b],
  );
  const logq = new Float64Array(rewards.length);
  let below = 0; // F just below the group
  for (let start = 0; start < order.length;) {
    let end = start;
    let mass = 0;
    while (end < order.length && rewards[order[end]] === rewards[order[start]])
      mass += Math.exp(logpReference[order[end++]]);
    const upTo = end === order.length ? 1 : Math.min(1, below + mass);
    const gained = Math.log(upTo ** n - below ** n) - Math.log(mass);
    for (let i = start; i < end; i++) logq[order[i]] = logpReference[order[i]] + gained;
    below = upTo;
    start = end;
  }
  return logq;
}

function checkTables(where: string, tables: Record<string, ArrayLike<number>>): void {
  checkSameLength(where, tables);
  for (const [name, table] of Object.entries(tables)) checkNotEmpty(`${where}: ${name}`, table);
}
