/**
 * Returns and advantages: what an action was worth, as far as one can tell afterwards.
 *
 * Sutton & Barto 2018, Reinforcement Learning (2nd ed.), ch. 3 and 12; Schulman et al. 2016,
 * arXiv:1506.02438. The end of an episode comes in two kinds (Pardo et al. 2018, arXiv:1712.00378),
 * and every function here keeps them apart:
 *
 *   terminated: the world is over, nothing comes after, its value is 0
 *   truncated:  only the clock ran out; the state reached still has a value, which is bootstrapped
 */
import { checkFinite, checkRange, checkSameLength } from "../core/checks";
import { mean } from "../core/statistics";
import type { Episode } from "../environments/environment";
import type { Network } from "../models/network";
import type { Batch } from "./collect";

/**
 * Discounted sum of the rewards from each step on, within one episode.
 *
 *   G_t = r_t + γ·G_{t+1},   G_T = V(s_T) if the episode was truncated, 0 if it terminated
 *
 * @param rewards   [T]
 * @param gamma     discount γ in [0, 1]
 * @param bootstrap G_T, the value of the state after the last step; 0 at a termination
 * @returns [T]
 */
export function discountedReturns(
  rewards: ArrayLike<number>,
  gamma: number,
  bootstrap = 0,
): Float64Array {
  checkRange("discountedReturns: gamma", gamma, 0, 1);
  checkFinite("discountedReturns: bootstrap", bootstrap);
  const returns = new Float64Array(rewards.length);
  let next = bootstrap;
  for (let t = rewards.length - 1; t >= 0; t--) {
    next = rewards[t] + gamma * next;
    returns[t] = next;
  }
  return returns;
}

/** One world's path, T steps in order; it may run through several episodes. */
export interface Path {
  /** [T] */
  rewards: ArrayLike<number>;
  /** [T] V(s_t) before each step */
  values: ArrayLike<number>;
  /** [T] V(s_{t+1}) after each step and before any reset; not looked at where terminated */
  nextValues: ArrayLike<number>;
  /** [T] 1 where the world ended */
  terminated: ArrayLike<number>;
  /** [T] 1 where time ran out */
  truncated: ArrayLike<number>;
}

/**
 * Generalised advantage estimates.
 *
 *   δ_t = r_t + γ·V(s_{t+1}) − V(s_t)                 (V(s_{t+1}) = 0 where terminated)
 *   Â_t = δ_t + γλ·Â_{t+1} = Σ_k (γλ)^k δ_{t+k}       (the sum stops where the episode does)
 *
 * Schulman et al. 2016, Eq. 11–16, arXiv:1506.02438. λ = 0 trusts the critic for everything after
 * one step (little variance, biased as V is wrong); λ = 1 is the return minus V(s_t).
 *
 * @param gamma  discount γ in [0, 1]
 * @param lambda λ in [0, 1]
 * @returns [T] Â_t
 * @throws ShapeError when the five lists differ in length
 */
export function generalizedAdvantages(path: Path, gamma: number, lambda: number): Float64Array {
  const { rewards, values, nextValues, terminated, truncated } = path;
  checkSameLength("generalizedAdvantages", { ...path });
  checkRange("generalizedAdvantages: gamma", gamma, 0, 1);
  checkRange("generalizedAdvantages: lambda", lambda, 0, 1);
  const advantages = new Float64Array(rewards.length);
  let next = 0;
  for (let t = rewards.length - 1; t >= 0; t--) {
    const nextValue = terminated[t] ? 0 : nextValues[t];
    const delta = rewards[t] + gamma * nextValue - values[t];
    const over = terminated[t] || truncated[t];
    next = delta + (over ? 0 : gamma * lambda * next);
    advantages[t] = next;
  }
  return advantages;
}

/** What a batch says about its actions and its states. */
export interface Advantages {
  /** [N·T] Â, how much better than the critic expected */
  advantages: Float64Array;
  /** [N·T] Â + V, what the critic is to learn */
  returns: Float64Array;
  /** [N·T] V(s) when the batch was made */
  values: Float64Array;
}

/**
 * Generalised advantage estimates of a whole batch, world by world.
 *
 * @param critic O inputs, one output: V(s)
 */
export function estimateAdvantages(
  batch: Batch,
  critic: Network,
  { gamma = 0.99, lambda = 0.95 } = {},
): Advantages {
  const { steps } = batch;
  const values = critic.forward(batch.observations);
  const nextValues = valuesAfter(batch, critic, values);
  const advantages = new Float64Array(values.length);
  for (let start = 0; start < values.length; start += steps) {
    const own = <T extends Float64Array | Uint8Array>(xs: T) => xs.subarray(start, start + steps);
    const path = {
      rewards: own(batch.rewards),
      values: own(values),
      nextValues: own(nextValues),
      terminated: own(batch.terminated),
      truncated: own(batch.truncated),
    };
    advantages.set(generalizedAdvantages(path, gamma, lambda), start);
  }
  return { advantages, returns: advantages.map((a, i) => a + values[i]), values };
}

/**
 * Generalised advantage estimates of one whole episode.
 *
 * @param critic O inputs, one output: V(s)
 * @returns [T] Â_t
 */
export function episodeAdvantages(
  episode: Omit<Episode, "states">,
  critic: Network,
  { gamma = 0.99, lambda = 0.95 } = {},
): Float64Array {
  const { rewards, observations } = episode;
  const values = critic.forward(observations.flat()); // [T + 1]
  const last = rewards.length - 1;
  const atTheEnd = (over: boolean) => rewards.map((_, t) => (over && t === last ? 1 : 0));
  const path = {
    rewards,
    values: values.subarray(0, -1),
    nextValues: values.subarray(1),
    terminated: atTheEnd(episode.terminated),
    truncated: atTheEnd(episode.truncated),
  };
  return generalizedAdvantages(path, gamma, lambda);
}

/** [N·T] V of the state after each step: the next row's, but where the path breaks off there. */
function valuesAfter(batch: Batch, critic: Network, values: Float64Array): Float64Array {
  const O = batch.observations.length / values.length;
  const broken: number[] = [];
  for (let row = 0; row < values.length; row++) {
    if (batch.truncated[row] || (row + 1) % batch.steps === 0) broken.push(row);
  }
  const seen = new Float64Array(broken.length * O);
  broken.forEach((row, k) => seen.set(batch.nextObservations.subarray(row * O, (row + 1) * O), k * O)); // prettier-ignore
  const after = new Float64Array(values.length);
  after.set(values.subarray(1));
  critic.forward(seen).forEach((value, k) => (after[broken[k]] = value));
  return after;
}

/**
 * Share of the variance of the returns that the critic foresaw.
 *
 *   1 − Var(R − V)/Var(R)
 *
 * 1 is perfect, 0 no better than a constant, below 0 worse than a constant. Returns that are all
 * equal leave nothing to explain: 0.
 *
 * @param values  [B] V(s)
 * @param returns [B] what came
 */
export function explainedVariance(values: ArrayLike<number>, returns: ArrayLike<number>): number {
  checkSameLength("explainedVariance", { values, returns });
  const errors = new Float64Array(returns);
  for (let b = 0; b < errors.length; b++) errors[b] -= values[b];
  const all = meanSquare(centered(returns));
  return all === 0 ? 0 : 1 - meanSquare(centered(errors)) / all;
}

/**
 * Advantages with mean 0 and standard deviation 1, so that the step does not depend on the scale of
 * the rewards. With one entry, or when all are equal, they become 0.
 *
 *   (Â − mean)/(sd + 1e-8),   sd with n − 1 in its denominator, as PyTorch's
 */
export function normalizeAdvantages(advantages: ArrayLike<number>): Float64Array {
  const normal = centered(advantages);
  const n = normal.length;
  const sd = Math.sqrt((meanSquare(normal) * n) / Math.max(n - 1, 1));
  for (let b = 0; b < n; b++) normal[b] /= sd + 1e-8;
  return normal;
}

/** x − mean(x) */
function centered(xs: ArrayLike<number>): Float64Array {
  const center = mean(xs);
  const out = new Float64Array(xs);
  for (let i = 0; i < out.length; i++) out[i] -= center;
  return out;
}

/** Σ x²/n */
function meanSquare(xs: Float64Array): number {
  let total = 0;
  for (let i = 0; i < xs.length; i++) total += xs[i] * xs[i];
  return total / xs.length;
}
